"""The company's own records as people keep them on pages: who may, what changed, which price counts from when."""
