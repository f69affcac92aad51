"""One script module: htmx from the django-htmx package, then our behaviours, each in a scope of its own."""

import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path

_HTMX = "static/django_htmx/htmx-4.min.js"
_IMPORT = re.compile(r"^\s*(?:import|export)\b", re.MULTILINE)


def module(js: Path) -> bytes:
    """htmx and every file of `js`, in the order of their names.

    Behaviours speak to each other by DOM events alone: one that imports or exports raises ValueError.
    """
    parts = [_htmx(), *(_scoped(file) for file in sorted(js.glob("*.js")))]
    return "\n".join(parts).encode()


def _htmx() -> str:
    spec = importlib.util.find_spec("django_htmx")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("htmx comes from the package django-htmx")
    text = (Path(spec.origin).parent / _HTMX).read_text(encoding="utf-8")
    return f"{text.strip()}\nglobalThis.htmx = htmx;"


def _scoped(file: Path) -> str:
    text = file.read_text(encoding="utf-8")
    if _IMPORT.search(text):
        raise ValueError(f"{file}: behaviours are joined, they cannot import or export")
    return "{\n" + "\n".join(_without_comments(text)) + "\n}"


def _without_comments(text: str) -> Iterator[str]:
    """Drops indentation and comments that have a line of their own (ours always have)."""
    inside = False
    for raw in text.splitlines():
        line = raw.strip()
        inside = inside or line.startswith("/*")
        if line and not inside and not line.startswith("//"):
            yield line
        if line.endswith("*/"):
            inside = False
