"""Passwords typed into a form that came back: kept sealed in the session, since they never go back into a page."""

from __future__ import annotations

import json

from django.http import HttpRequest

from makegood.agents import sealing
from makegood.channels.email.forms import InboxForm

KEY = "typed_passwords"


def passwords(request: HttpRequest, place: str) -> dict[str, str]:
    """What was typed on this page before; `place` is "new" or the inbox's id. A page opened anew begins without."""
    if request.method != "POST":
        forget(request)
    sealed = request.session.get(KEY, {}).get(place)
    known: dict[str, str] = json.loads(sealing.unseal(sealed)) if sealed else {}
    return known


def keep(request: HttpRequest, place: str, form: InboxForm) -> None:
    """Until the form is saved, or opened anew."""
    if both := {**form.typed, **form.typed_now()}:
        request.session[KEY] = {place: sealing.seal(json.dumps(both))}


def forget(request: HttpRequest) -> None:
    """They are saved, or the page was left."""
    request.session.pop(KEY, None)
