"""The list of all orders: filtered, searched, counted, cut into pages, and the views that people keep of it."""
