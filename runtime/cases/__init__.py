"""Cases that are no orders, on the server: begun, told; and after-sales cases opened and replaced (R104, R143, R144)."""
