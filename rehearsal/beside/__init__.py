"""Stories beside those of orders: of quotes, after-sales cases and contracts, played by one mechanism."""
