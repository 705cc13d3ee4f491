"""The only home of SQL: one set of classes, and a package for what differs between engines."""
