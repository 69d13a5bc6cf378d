"""Who issues electronic invoices for this installation (R162)."""
