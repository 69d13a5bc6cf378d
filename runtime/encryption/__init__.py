"""What goes to the Temporal server is encrypted: keys, codec, and the data converter of an installation."""
