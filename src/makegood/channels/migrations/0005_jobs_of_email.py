"""E-mail's jobs stand in its own folder. Stored rows name them by dotted path, and none that waits may be lost."""

from typing import Any

from django.db import migrations

OLD, NEW = "makegood.channels.jobs", "makegood.channels.email.jobs"
NAMES = [
    "look_at_trust", "look_at_trust_of", "compare_counts", "compare_counts_of", "refresh_sign_ins",
    "refresh_sign_in_of", "file_copy", "file_copy_of",
]  # fmt: skip


def forwards(apps: Any, schema_editor: Any) -> None:
    """To where they stand now."""
    _rename(apps, {f"{OLD}.{name}": f"{NEW}.{name}" for name in NAMES})


def backwards(apps: Any, schema_editor: Any) -> None:
    """To where they stood."""
    _rename(apps, {f"{NEW}.{name}": f"{OLD}.{name}" for name in NAMES})


def _rename(apps: Any, names: dict[str, str]) -> None:
    jobs = apps.get_model("jobs", "Job").objects
    for old, new in names.items():
        jobs.filter(task=old).update(task=new)
        jobs.filter(unique_key=old).update(unique_key=new)  # of one that recurs
        for model, field in (("jobs.Schedule", "name"), ("eventlog.Cursor", "subscriber")):
            rows = apps.get_model(model).objects
            if rows.filter(pk=new).exists():
                rows.filter(pk=old).delete()
            rows.filter(pk=old).update(**{field: new})
    # A reaction that failed waits to be shown its event again; the subscriber is its first argument.
    for job in jobs.filter(task="makegood.eventlog.reacting.react_again").exclude(state="done"):
        subscriber, *rest = job.arguments["args"]
        if subscriber in names:
            job.arguments["args"] = [names[subscriber], *rest]
            job.save(update_fields=["arguments"])


class Migration(migrations.Migration):
    dependencies = [
        ("channels", "0004_reading_order"),
        ("eventlog", "0002_append_only"),
        ("jobs", "0001_initial"),
    ]

    operations = [migrations.RunPython(forwards, backwards)]
