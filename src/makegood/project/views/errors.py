"""What people read when a page could not be shown."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was too old, or came from elsewhere."""
    sentence = _("You were signed out, or this page was open too long. Go back, reload it and send again.")
    return render(request, "403.html", {"sentence": sentence}, status=403)
