"""Marks the few views that need nobody to be signed in: doors, customers' pages, signed links."""

from collections.abc import Callable


def public[**P, R](view: Callable[P, R]) -> Callable[P, R]:
    """The view looks after its own access; the guard of all pages lets everybody through to it."""
    view.is_public = True  # type: ignore[attr-defined]
    return view
