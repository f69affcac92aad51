"""What holds for every page: nobody but signed-in people gets in, and nothing signed-in is kept by caches."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.contrib.auth.middleware import get_user
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone, translation

from makegood.agents.actions.signing_in import rotate
from makegood.agents.models import Agent
from makegood.clock.now import now
from makegood.errors import NotAllowed, Refused
from makegood.live.hub import newest_id
from makegood.web.came_from import came_from

View = Callable[[HttpRequest], HttpResponseBase]
SEEN = "seen_at"
SEEN_EVERY_SECONDS = 600  # a session is written anew, and so lives on, at most this often


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
        try:
            return self._get_response(request)
        finally:
            timezone.deactivate()

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: object, kwargs: object
    ) -> HttpResponseBase | None:
        agent = get_user(request)
        if isinstance(agent, Agent) and agent.is_active:
            request.user = agent  # instead of its lazy proxy, which costs at every attribute
            if not (_is_fragment(request) or getattr(view, "is_by_itself", False)):
                _keep_session(request, agent)
                # Before the view reads anything: what happens while the page is made is told to it afterwards.
                request.last_event_id = newest_id()  # type: ignore[attr-defined]
            _speak_to(request, agent)
            return None
        if getattr(view, "is_public", False) or view.__module__.startswith("allauth."):
            return None
        return redirect_to_login(request.get_full_path() if request.method == "GET" else _page_of(request))

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, NotAllowed):
            return render(request, "403.html", {"sentence": str(exception)}, status=403)
        if isinstance(exception, Refused):
            return render(request, "422.html", {"sentence": str(exception)}, status=422)
        return None


def _page_of(request: HttpRequest) -> str:
    """The page that a form stood on: after sign-in a form's own address would only say that it cannot be read."""
    page = came_from(request)
    return (page and page.path) or "/"


def _is_fragment(request: HttpRequest) -> bool:
    """What an open page fetches by itself: it keeps nobody signed in who is not there."""
    return request.method == "GET" and request.headers.get("HX-Request") == "true"


def _keep_session(request: HttpRequest, agent: Agent) -> None:
    """A session ends twelve hours after its last use, and gets a new key when the person's role has changed."""
    rotate(request, agent)
    moment = int(now().timestamp())
    if moment - request.session.get(SEEN, 0) > SEEN_EVERY_SECONDS:
        request.session[SEEN] = moment


def _speak_to(request: HttpRequest, agent: Agent) -> None:
    """In the person's language and time zone, where they have chosen one."""
    if agent.language:
        translation.activate(agent.language)
        request.LANGUAGE_CODE = translation.get_language()
    if agent.timezone:
        try:
            timezone.activate(ZoneInfo(agent.timezone))
        except ZoneInfoNotFoundError:  # a zone that this machine's data no longer has
            timezone.deactivate()
