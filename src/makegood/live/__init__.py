"""Tells open pages what has happened: the event stream and its hub."""
