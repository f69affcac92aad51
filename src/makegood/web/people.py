"""What stands for a person before their name is read: initials and one of twelve hues."""

import hashlib
from functools import lru_cache

from django.utils.html import format_html
from django.utils.safestring import SafeString

HUES = 12


def initials(name: str) -> str:
    """First letters of the first and last word; of an address, of its local part; "?" when there is no letter."""
    words = [word for word in name.partition("@")[0].replace(".", " ").split() if word[0].isalnum()]
    if not words:
        return next((letter for letter in name if letter.isalnum()), "?").upper()
    first, last = words[0], words[-1]
    return (first[0] + (last[0] if len(words) > 1 else "")).upper()


def hue_of(identity: object) -> int:
    """A number from 0 to 11, the same for the same id in every process. Any twelve ids in a row have twelve hues."""
    if str(identity).isdecimal():
        return int(str(identity)) * 5 % HUES
    digest = hashlib.blake2b(str(identity).encode(), digest_size=2).digest()
    return int.from_bytes(digest) % HUES


@lru_cache(maxsize=4096)
def face(name: str, identity: int | str | None = None, kind: str = "customer", size: str = "") -> SafeString:
    """The avatar of `{% avatar %}`: the same few people stand on every page, so each is drawn once."""
    classes = " ".join(filter(None, ["av", "team" if kind == "team" else "", size]))
    return format_html(
        '<span class="{} hue-{}" aria-hidden="true">{}</span>', classes, hue_of(identity or name), initials(name)
    )


def first_name(name: str) -> str:
    """What a colleague is called in a sentence: the first word of their name, of an address its local part."""
    return (name.partition("@")[0].split() or [name])[0]
