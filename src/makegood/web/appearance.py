"""How a person wants pages to look: kept in cookies, so that no script must run before the first paint."""

from django.http import HttpRequest

THEMES = ("light", "dark")
DENSITIES = ("comfortable", "compact")


def appearance(request: HttpRequest) -> dict[str, str]:
    """Context processor: `theme` ("" follows the system) and `density`, both from closed lists."""
    return {
        "theme": _one_of(THEMES, request.COOKIES.get("theme")),
        "density": _one_of(DENSITIES, request.COOKIES.get("density")),
    }


def _one_of(allowed: tuple[str, ...], value: str | None) -> str:
    return value if value in allowed else ""
