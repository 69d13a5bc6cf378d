"""What the pages of the desk read: cards, acts that may be taken back, files that belong to acts."""
