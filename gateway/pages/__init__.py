"""The door for people: pages of staff and customers."""
