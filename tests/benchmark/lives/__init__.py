"""What the life of an order costs, beside the bare engine: `make bench`, method in docs/performance.md."""
