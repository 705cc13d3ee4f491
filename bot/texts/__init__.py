"""What people read: safe markup, messages with their arguments, and how a language says them."""
