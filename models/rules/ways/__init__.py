"""The rules of what stands beside or before an order: quotes, credit, stock, scheduling, invoices, duties."""
