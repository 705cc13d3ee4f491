"""How chats, their wishes and the people behind them are stored."""
