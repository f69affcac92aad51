"""The chosen theme travels in a cookie, which the layouts read before the first paint."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponseBase

YEAR = 365 * 24 * 3600


def remember_theme(response: HttpResponseBase, theme: str) -> None:
    """Set the cookie; no theme ("") follows the system, so the cookie goes. Scripts may read it (`theme.js`)."""
    if theme:
        response.set_cookie("theme", theme, max_age=YEAR, samesite="Lax", secure=settings.SECURE)
    else:
        response.delete_cookie("theme", samesite="Lax")
