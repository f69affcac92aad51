"""Translations as Python's gettext reads them: `django.mo` beside each `django.po`, made without gettext's tools."""

import os
from pathlib import Path

import polib


def compile_all(locale: Path) -> list[Path]:
    """Compile `<language>/LC_MESSAGES/*.po` in `locale` and return what was written; fuzzy entries are left out.

    Raises OSError, with file and line, for a file that is no catalogue.
    """
    return [_compile(source) for source in sorted(locale.glob("*/LC_MESSAGES/*.po"))]


def _compile(source: Path) -> Path:
    """Replaces the file in one step: a server that starts meanwhile does not read half of it."""
    target = source.with_suffix(".mo")
    draft = target.with_name(f".{os.getpid()}.{target.name}")
    draft.write_bytes(polib.pofile(source, encoding="utf-8").to_binary())
    draft.replace(target)
    return target
