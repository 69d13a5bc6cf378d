"""What of a case goes to the order database, and what comes back from the books that cases share."""
