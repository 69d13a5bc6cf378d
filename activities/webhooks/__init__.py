"""What other shops hear of their orders: events entered with each burst, endpoints, what is sent and sent again."""
