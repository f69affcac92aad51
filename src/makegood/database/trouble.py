"""Whose fault it is when a statement fails: the database's, which passes, or that of what was to be written."""

from __future__ import annotations

from django.db import OperationalError

TOO_MUCH = "54"  # SQLSTATE class "program limit exceeded": PostgreSQL calls it operational, and it never passes


def is_of_database(error: BaseException) -> bool:
    """Whether the database is gone, locked or out of room; what exceeds a limit of it will do so again."""
    state = getattr(error.__cause__, "sqlstate", None) or ""
    return isinstance(error, OperationalError) and not str(state).startswith(TOO_MUCH)
