"""Texts of news: from markup to plain, words, addresses, summaries."""
