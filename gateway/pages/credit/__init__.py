"""Customers' credit: the list, one customer, and finance's assessment (R108, R109)."""
