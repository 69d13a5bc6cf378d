"""How long the pages take where there are very many orders: `make bench-pages`."""
