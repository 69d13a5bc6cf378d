"""After-sales cases: return, exchange, repair, complaint; from the first word to the remedy that the customer agrees to (R142 to R144)."""
