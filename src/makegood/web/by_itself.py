"""Marks the views that an open page posts to without anybody's hand."""

from collections.abc import Callable


def by_itself[**P, R](view: Callable[P, R]) -> Callable[P, R]:
    """Such a request keeps nobody signed in: a page that was left open would for ever."""
    view.is_by_itself = True  # type: ignore[attr-defined]
    return view
