"""What people read: safe markup, messages with arguments, how a language says them. Pure."""
