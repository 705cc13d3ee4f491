"""When and how a chat is told, and why."""
