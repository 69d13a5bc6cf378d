"""Tables of the house: people, company, machine lines, stock."""
