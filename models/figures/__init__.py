"""Figures for who leads the company: of which time they are, how old a balance is, what is drawn. Pure."""
