"""How what is to be told is stored: the outbox, digests, edits and what became of each."""
