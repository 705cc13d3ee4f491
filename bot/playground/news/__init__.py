"""Invented news: outlets that publish, and their feeds over HTTP."""
