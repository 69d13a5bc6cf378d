"""Pages of stock 库存: what is there, what moved, who has what, and what is done in the warehouse."""
