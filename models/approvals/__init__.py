"""Who must approve what: a table of the company's policy (R106)."""
