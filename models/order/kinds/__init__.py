"""What sets the kinds of order apart: made to order, from stock, pre-sale, service, sample, shop."""
