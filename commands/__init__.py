"""The command line's sub-commands; `starter.py` assembles them."""
