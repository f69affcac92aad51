"""Makegood: a help desk that keeps promises to people."""
