"""The only home of SQL: one interface, one side for each database."""
