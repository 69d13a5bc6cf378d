"""What pages of the company read and keep: customers, statements of account, prices, staff, calendar."""
