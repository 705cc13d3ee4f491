"""What the chat says: parse it, call one action or read, reply."""
