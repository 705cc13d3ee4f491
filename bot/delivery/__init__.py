"""Messages to Telegram: how they look, when they may go, what became of them."""
