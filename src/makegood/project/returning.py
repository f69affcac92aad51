"""Where a page that says no leads back to: the conversation or the list that a person came from."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from makegood.web.navigation import Item

CONVERSATION = re.compile(r"/conversations/(\d{1,18})(?=/|$)")


def way_back(request: HttpRequest) -> Item | None:
    """By the page that the form or link stood on, else by the address itself; never to where we are already.

    An address below a conversation's only takes forms, so it stands for the conversation.
    """
    sent_from = urlsplit(request.headers.get("Referer", ""))
    path = sent_from.path if sent_from.netloc == request.get_host() else request.path
    if found := CONVERSATION.match(path):
        url = reverse("conversation", args=[found[1]])
        return Item(_("Back to the conversation"), "left", url) if url != request.path else None
    if path == reverse("conversations"):
        query = f"?{sent_from.query}" if sent_from.query else ""
        return Item(_("Back to the list"), "left", path + query)
    return None
