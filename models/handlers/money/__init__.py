"""What facts about money do: payments, transfers, invoices, credit."""
