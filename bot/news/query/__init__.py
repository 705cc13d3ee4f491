"""Queries of topics: reading, matching, the index of all chats' topics, names and presets."""
