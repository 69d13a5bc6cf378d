"""`quote`: enquiries, costs, offers, answers (R102 to R104)."""
