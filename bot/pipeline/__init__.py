"""The stages between a feed and a chat, one module each."""
