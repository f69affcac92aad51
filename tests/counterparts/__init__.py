"""The outer world, for real: a mail server, a sink that misbehaves on purpose, a database server."""
