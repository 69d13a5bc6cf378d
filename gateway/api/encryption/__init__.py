"""What the Temporal UI asks of the door: payloads opened and closed for staff who may see them."""
