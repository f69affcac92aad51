"""Getting Django ready, and the data up to date."""

from __future__ import annotations

import os


def start_django() -> None:
    """For commands that need the database's tables but serve nothing."""
    import django  # slow import: commands without a database answer before this

    os.umask(0o077)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "makegood.project.settings")
    django.setup()


def bring_up_to_date() -> bool:
    """Create or migrate the tables when that is needed; says whether anything was done."""
    from django.core.management import call_command  # slow import
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    from makegood.eventlog.reacting import start_at_end

    executor = MigrationExecutor(connection)
    pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if pending:
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
    start_at_end()
    return bool(pending)
