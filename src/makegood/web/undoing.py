"""What has just been done can be taken back: the next page says so, with a button."""

from django.contrib import messages
from django.http import HttpRequest

LEVEL = 22  # called "undo" by MESSAGE_TAGS


def offer_undo(request: HttpRequest, said: str, url: str) -> None:
    """`url` takes it back when it is posted to."""
    messages.add_message(request, LEVEL, said, extra_tags=url)
