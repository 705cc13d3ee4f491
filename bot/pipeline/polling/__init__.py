"""Feeds are polled and pushed: documents in, reports stored."""
