"""Where the built assets are found: the plain name in a template becomes the hashed address."""

import json
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.templatetags.static import static

BUILT = Path(__file__).resolve().parent / "static" / "built"
_MANIFEST = BUILT / "manifest.json"


def address_of(name: str) -> str:
    """The URL of a built file. A name that was not built keeps its plain form: the page stands, undressed."""
    return _address(name, _last_build())


def are_built() -> bool:
    return _MANIFEST.exists()


def _last_build() -> int:
    """Changes while developing, whenever a build has replaced the manifest; a server that runs keeps its first."""
    return _MANIFEST.stat().st_mtime_ns if settings.DEBUG and are_built() else 0


@lru_cache(maxsize=64)
def _address(name: str, build: int) -> str:
    return static(f"built/{_hashed_names(build).get(name, name)}")


@lru_cache(maxsize=2)
def _hashed_names(build: int) -> dict[str, str]:
    if not are_built():
        return {}
    names: dict[str, str] = json.loads(_MANIFEST.read_text(encoding="utf-8"))
    return names
