"""What customers write in a chat, read by rules: fields that a person is to confirm, and what was not understood."""
