"""Figures for who leads the company, counted by the order database along its indexes, and the orders behind each."""
