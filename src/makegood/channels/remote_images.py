"""Remote images of a mail: shown to the one who asks, for one message and a while, fetched and drawn anew by us.

An address of ours carries the other host's, and a signature that is good for one message, one agent and a quarter of an
hour. Its key is made from the secret key, and all that the parser process gets: what takes it over can sign nothing but
the images of the mail that did so.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from makegood.agents.models import Agent
from makegood.channels.display import image_addresses
from makegood.channels.http import SECONDS, NotFetched, client
from makegood.channels.intake import handed_over
from makegood.channels.models import RawMessage
from makegood.channels.parser.client import ParserDied, parser
from makegood.channels.parser.remote import Proxied, signature
from makegood.clock.now import now
from makegood.conversations.models import Message

log = logging.getLogger(__name__)
GOOD_FOR = timedelta(minutes=15)
AT_ONCE = threading.BoundedSemaphore(5)
"""Fetches of this process: each holds up to 10 MiB, for up to ten seconds."""
CLICK_SECONDS = 60.0
"""What all fetches of one click may take: more than a second for each of fifty; six hosts that keep us waiting."""


@dataclass(frozen=True, slots=True)
class Leave:
    """To see the remote images of one message: for one agent, until that second of the epoch."""

    message: int
    agent: int
    until: int

    @property
    def key(self) -> str:
        """What signs for this leave alone."""
        named = f"{self.message} {self.agent} {self.until}"
        return salted_hmac("makegood.remote_images", named, algorithm="sha256").hexdigest()

    @property
    def address(self) -> str:
        """Of the message with its images."""
        parts = {"until": self.until, "seal": signature(self.key, "")}
        return f"{reverse('remote-images', args=[self.message])}?{urlencode(parts)}"

    def covers(self, seal: str, url: str = "") -> bool:
        """Whether it was given, for this image or the message as a whole, and has not ended."""
        return self.until > now().timestamp() and constant_time_compare(signature(self.key, url), seal)


class Clicks:
    """How many seconds the fetches of each click have taken, in this process, until its leave ends."""

    def __init__(self) -> None:
        self._spent: dict[Leave, float] = {}
        self._lock = threading.Lock()

    def left(self, given: Leave) -> float:
        """What is left of its time."""
        return CLICK_SECONDS - self._spent.get(given, 0.0)

    @contextmanager
    def counting(self, given: Leave) -> Iterator[None]:
        """What happens within is taken from its time."""
        begin = time.monotonic()
        try:
            yield
        finally:
            with self._lock:
                self._spent[given] = self._spent.get(given, 0.0) + time.monotonic() - begin
                for over in [one for one in self._spent if one.until < now().timestamp()]:
                    del self._spent[over]


_clicks = Clicks()


def leave(message: Message, agent: Agent) -> Leave:
    """Given to whoever asks and may see the message."""
    return Leave(message.pk, agent.pk, int((now() + GOOD_FOR).timestamp()))


def html_with_images(message: Message, given: Leave) -> str:
    """The message read once more from its raw bytes, now with addresses of ours for images elsewhere.

    As it is stored, without them, when there is no raw or the parser died over it.
    """
    raw = RawMessage.objects.filter(pk=message.raw_id or 0).select_related("inbox").first()
    if raw is None:
        return message.html
    files = image_addresses(message)
    remote = Proxied(reverse("remote-image", args=[message.pk]), given.until, given.key)
    try:
        return parser().with_remote_images(raw.inbox.channel, *handed_over(raw), files, remote)
    except ParserDied:
        return message.html


def picture(url: str, given: Leave) -> tuple[str, bytes] | None:
    """Content type and bytes of our own drawing of what lies at an address.

    None when there is no such picture, or other hosts have taken all the time of the click.
    """
    try:
        with AT_ONCE:
            seconds = min(_clicks.left(given), SECONDS)
            if seconds <= 0:
                return None
            with _clicks.counting(given):
                content = client(seconds=seconds).get(url)
            return _kept(parser().drawn_anew(content))
    except (NotFetched, ParserDied) as why:
        log.debug("a remote image is not shown: %s", why)
        return None


def _kept(drawn: tuple[str, bytes]) -> tuple[str, bytes] | None:
    return drawn if drawn[1] else None
