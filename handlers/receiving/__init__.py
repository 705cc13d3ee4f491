"""How updates come in: presence on Telegram, polling, webhook, and who hands them over."""
