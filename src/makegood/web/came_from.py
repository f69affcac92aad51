"""The page of ours that a request comes from."""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

from django.http import HttpRequest


def came_from(request: HttpRequest, header: str = "Referer") -> SplitResult | None:
    """As the browser (Referer, RFC 9110, 10.1.3) or htmx says; None: it says nothing, nonsense, or another site."""
    try:
        page = urlsplit(request.headers.get(header, ""))
    except ValueError:
        return None
    return page if page.netloc == request.get_host() else None
