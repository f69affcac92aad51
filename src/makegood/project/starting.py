"""Getting Django ready, and the data up to date."""

from __future__ import annotations

import os
import sys


def start_django() -> None:
    """For commands that need the database's tables but serve nothing."""
    import django  # slow import: commands without a database answer before this

    os.umask(0o077)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "makegood.project.settings")
    django.setup()


def bring_up_to_date() -> bool:
    """Create or migrate the tables when that is needed; says whether anything was done."""
    from django.db import connection  # slow import
    from django.db.migrations.executor import MigrationExecutor

    from makegood.eventlog.reacting import start_at_end

    executor = MigrationExecutor(connection)
    pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if pending:
        _say(is_new=not executor.loader.applied_migrations)
        _migrate()
    start_at_end()
    return bool(pending)


def _say(*, is_new: bool) -> None:
    """Before it begins: it may take a while, and a start that says nothing looks like one that hangs."""
    begun = "Making the database; this takes a few seconds." if is_new else "Bringing the database up to date."
    more = "" if is_new else " With much mail this takes minutes; stopped half-way, it begins again at the next start."
    print(begun + more, file=sys.stderr, flush=True)  # noqa: T201


def _migrate() -> None:
    """All in one transaction: whatever stops it, the next start finds the database as it was or as it is to be.

    Django commits a migration's tables before it notes that it was applied; stopped in between, it begins it again.
    """
    from django.core.management import call_command  # slow import
    from django.db import connection, transaction

    connection.disable_constraint_checking()  # SQLite can do so only before the transaction; it is checked at the end
    try:
        with transaction.atomic():
            if connection.vendor == "postgresql":  # a table with unchecked rows could not be altered
                connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")
            call_command("migrate", verbosity=0, interactive=False)
            call_command("createcachetable", verbosity=0)
    finally:
        connection.enable_constraint_checking()
