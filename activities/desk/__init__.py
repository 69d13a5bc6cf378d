"""The desk as people use it: what waits for whom, what was handed over, who knows how it works."""
