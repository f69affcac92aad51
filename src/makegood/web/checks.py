"""What `manage check` says about this room."""

from collections.abc import Sequence

from django.apps import AppConfig
from django.core.checks import CheckMessage, Warning, register

from makegood.web import assets


@register("web")
def check_assets_are_built(app_configs: Sequence[AppConfig] | None, **kwargs: object) -> list[CheckMessage]:
    """Without the build, pages come without styles and behaviours."""
    if assets.are_built():
        return []
    return [Warning("The assets are not built.", hint="Run python -m makegood.web.building", id="web.W001")]
