"""What an order is: plain data and pure rules. No input or output, no clock, no Temporal, no SQL."""
