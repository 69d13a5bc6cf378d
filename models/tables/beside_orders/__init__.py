"""Tables of quotes, contracts and after-sales cases."""
