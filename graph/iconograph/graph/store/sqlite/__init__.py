"""The embedded store: one SQLite file, exact vectors."""
