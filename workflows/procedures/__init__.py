"""The procedures: for each kind of order, what each of its phases does."""
