"""The try-out: a local Bot API server with a chat page, and feeds of invented news."""
