"""`makegood check-messages`."""

from __future__ import annotations

import argparse
import json

from makegood.project.starting import start_django


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """None."""


def run(arguments: argparse.Namespace) -> int:
    start_django()
    from makegood.conversations.models import Message

    stored = Message.objects.filter(direction=Message.IN).exclude(raw_id=None)
    for message_id, digest in stored.order_by("pk").values_list("message_id", "sha256").iterator():
        print(json.dumps({"message_id": message_id, "sha256": digest}))  # noqa: T201
    return 0
