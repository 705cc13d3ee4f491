"""The invented world: users, chats and files in them, and what people do."""
