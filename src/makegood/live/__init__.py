"""Tells open pages what has happened: the event stream, presence and typing."""
