"""What speaks for and against one story beside likeness: copies, headlines, forms, follow-ups."""
