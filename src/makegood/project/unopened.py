"""What the secret key of this place does not open, such as after a restore without it; and what to do about each."""

from __future__ import annotations

from collections.abc import Iterator

from allauth.mfa.models import Authenticator
from django.conf import settings

from makegood.agents import sealing
from makegood.errors import Refused
from makegood.inboxes.models import Inbox
from makegood.inboxes.sealing import unseal

SEALED = {"secret", "seed"}  # in a second factor, as allauth keeps it


def remedies() -> str:
    """In plain words for the console; nothing when everything opens."""
    if not (lines := list(shut())):
        return ""
    return "\n".join([
        "The secret key that sealed its passwords is not here, so they cannot be opened. Put the old file secret-key",
        f"into {settings.DATA}, or set MAKEGOOD_SECRET_KEY to the old key; or without it:",
        *(f"  - {line}" for line in lines),
    ])  # fmt: skip


def shut() -> Iterator[str]:
    """Each with its remedy."""
    yield from _inboxes()
    yield from _factors()


def _inboxes() -> Iterator[str]:
    for inbox in Inbox.objects.all():
        try:
            unseal(inbox)
        except Refused:
            yield f"{inbox.address}: enter its passwords, or sign it in, again under Settings, E-mail, {inbox.name}"


def _factors() -> Iterator[str]:
    """A second step that cannot be opened lets nobody in."""
    shut = {factor.user.email for factor in Authenticator.objects.select_related("user") if not _opens(factor)}
    for email in sorted(shut):
        yield f"{email}: codes are not taken; `makegood new-password {email} --forget-second-step` lets them in"


def _opens(factor: Authenticator) -> bool:
    try:
        for name in SEALED & factor.data.keys():
            sealing.unseal(factor.data[name])
    except Refused:
        return False
    return True
