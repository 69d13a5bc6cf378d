"""What was promised to customers, by days: read along the indexes of the order database."""
