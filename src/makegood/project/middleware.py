"""What holds for every page: nobody but signed-in people gets in, and nothing signed-in is kept by caches."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from makegood.errors import NotAllowed, Refused

View = Callable[[HttpRequest], HttpResponseBase]


def safe_headers(get_response: View) -> View:
    """`no-store` on every page; a file that may be cached says so itself."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        return response

    return answer


class people_only:
    """Every view needs a signed-in, active agent, unless it is marked with `web.public`. Refusals become pages."""

    def __init__(self, get_response: View) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self._get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: object, kwargs: object
    ) -> HttpResponseBase | None:
        if getattr(view, "is_public", False) or view.__module__.startswith("allauth."):
            return None
        if request.user.is_authenticated and request.user.is_active:
            return None
        return redirect_to_login(request.get_full_path())

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, NotAllowed):
            return render(request, "403.html", {"sentence": str(exception)}, status=403)
        if isinstance(exception, Refused):
            return render(request, "422.html", {"sentence": str(exception)}, status=422)
        return None
