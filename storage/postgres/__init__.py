"""The PostgreSQL engine: its connections, schema, members, and what its SQL says otherwise."""
