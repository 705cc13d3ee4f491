"""One module a command: it parses words, calls one action or read, and replies."""
