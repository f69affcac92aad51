"""A session's browser and system in words that people know, from its User-Agent header."""

from __future__ import annotations

# The first that is found names it: newer browsers also carry the names of those they imitate.
BROWSERS = (
    ("Edg/", "Edge"), ("EdgA/", "Edge"), ("OPR/", "Opera"), ("Vivaldi/", "Vivaldi"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"), ("CriOS/", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("CrOS", "ChromeOS"),
    ("Macintosh", "Mac"), ("Linux", "Linux"),
)  # fmt: skip


def browser_and_system(user_agent: str) -> tuple[str, str]:
    """("Firefox", "Linux"); each is empty when it is not known."""
    return _first(user_agent, BROWSERS), _first(user_agent, SYSTEMS)


def _first(text: str, names: tuple[tuple[str, str], ...]) -> str:
    return next((name for mark, name in names if mark in text), "")
