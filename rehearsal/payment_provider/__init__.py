"""A payment provider to try with: a server of its own where people pay or fail, and where each fault can be had on demand."""
