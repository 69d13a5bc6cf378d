"""A quote 报价: what a customer asks for, what it costs, what is offered for it, and what the customer says to that (R102 to R105)."""
