"""The door for programs: JSON in, JSON out."""
