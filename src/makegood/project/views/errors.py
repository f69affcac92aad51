"""What people read when a page could not be shown."""

from __future__ import annotations

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.defaults import server_error

SECRET = ("password", "secret", "code")
LONG = 60  # letters; what is shorter is not shown, but kept


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was too old, or came from elsewhere."""
    sentence = _("You were signed out, or this page was open too long. Go back, reload it and send again.")
    return render(request, "403.html", {"sentence": sentence}, status=403)


def broken(request: HttpRequest) -> HttpResponse:
    """Django calls this while it handles the error: a database that is away is said, and what was typed comes back."""
    if not isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return server_error(request)
    # Without the request: what every page shows (who is signed in, what waits) would ask the database.
    context = {"path": request.get_full_path(), "typed": _typed(request), "csrf_token": get_token(request)}
    content = render_to_string("503.html", context)
    return HttpResponse(content, status=503, headers={"Retry-After": "5"})


def _typed(request: HttpRequest) -> list[tuple[str, str, bool]]:
    """The form's fields, to be sent once more, and which are words; none when one of them must not stand in a page."""
    fields = [(name, value) for name, values in request.POST.lists() for value in values if "csrf" not in name]
    if any(word in name for name, _value in fields for word in SECRET):
        return []
    return [(name, value, len(value) > LONG or "\n" in value) for name, value in fields]
