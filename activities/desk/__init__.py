"""The desk as people use it: what waits for whom, cards, acts that may be taken back, files that belong to acts."""
