"""Feeds from the web: the guard, the fetcher and the parser."""
