"""What messages are made of: screens and words that several commands share, pages and buttons."""
