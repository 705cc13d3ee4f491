"""Telling people of trouble: a feed that fails, a list that was brought, a chat that is cut off."""
