"""What an order that is being written is filled in from: customers, products, last orders; and new customers."""
