"""What every durable case has: journal, open steps, decisions, papers that are due, records to be saved."""
