"""Payment providers: what is asked of any of them, and one module for each."""
