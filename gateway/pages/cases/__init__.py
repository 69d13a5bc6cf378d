"""After-sales cases on pages: for the staff, and for the customer (R141 to R144)."""
