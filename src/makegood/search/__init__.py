"""The index of words: one interface, SQLite FTS5 or PostgreSQL behind it."""
