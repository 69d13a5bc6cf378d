"""Figures for who leads the company, and the orders behind each."""
