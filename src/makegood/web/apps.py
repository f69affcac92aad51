"""Registers the room with Django, and its check that the assets have been built."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "makegood.web"
    label = "web"

    def ready(self) -> None:
        from makegood.web import checks  # noqa: F401 (app ready)
