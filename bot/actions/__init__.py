"""What a person may change or look up, from a chat or from the command line."""
