"""Stock 库存 as orders hear of it: what the book answers, what happens to a reservation, what the warehouse picked."""
