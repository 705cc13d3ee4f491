"""The PostgreSQL engine: its connections, schema, lock, and what its SQL says otherwise."""
