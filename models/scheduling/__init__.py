"""Machine lines, what fits on them and when, and how far such a day can be trusted (R150, R152). Pure."""
