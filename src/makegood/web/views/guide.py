"""The style guide: every component on a page, in the states it can have."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from makegood.web import guide


def show(request: HttpRequest, name: str = "components") -> HttpResponse:
    if name not in guide.PAGES:
        raise Http404
    return render(request, f"web/guide/{name}.html", guide.context_of(name))
