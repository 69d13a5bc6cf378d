"""The credit book: what customers may owe, what their orders bind of it, and who is held (R108, R109)."""
