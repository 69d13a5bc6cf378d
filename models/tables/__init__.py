"""The tables of the order database. Only here do the models know SQL; only activities import it."""
