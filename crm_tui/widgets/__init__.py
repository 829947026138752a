"""Widgets: data comes in by methods, what the user means goes out as messages; none knows the database."""
