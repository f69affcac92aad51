"""Where a page that says no leads back to: the conversation or the list that a person came from."""

from __future__ import annotations

import re

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from makegood.web.came_from import came_from
from makegood.web.navigation import Item

CONVERSATION = re.compile(r"/conversations/(\d{1,18})(?=/|$)")


def way_back(request: HttpRequest) -> Item | None:
    """By the page that the form or link stood on, else by the address itself; never to where we are already.

    An address below a conversation's only takes forms, so it stands for the conversation.
    """
    page = came_from(request)
    path = page.path if page else request.path
    if found := CONVERSATION.match(path):
        url = reverse("conversation", args=[found[1]])
        return Item(_("Back to the conversation"), "left", url) if url != request.path else None
    if path == reverse("conversations"):
        query = f"?{page.query}" if page and page.query else ""
        return Item(_("Back to the list"), "left", path + query)
    return None
