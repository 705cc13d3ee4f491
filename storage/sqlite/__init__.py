"""The SQLite engine: its connections, schema, lock and search index."""
