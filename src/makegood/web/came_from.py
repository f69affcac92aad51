"""The page of ours that a form or link stood on."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

from django.http import HttpRequest


def came_from(request: HttpRequest) -> SplitResult | None:
    """As the browser says (Referer, RFC 9110, 10.1.3); None when it says nothing, nonsense, or another site."""
    try:
        page = urlsplit(request.headers.get("Referer", ""))
    except ValueError:
        return None
    return page if page.netloc == request.get_host() else None
