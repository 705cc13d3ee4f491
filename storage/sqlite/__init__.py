"""The SQLite side of the storage interface."""
