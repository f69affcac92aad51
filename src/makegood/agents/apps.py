from django.apps import AppConfig


class AgentsConfig(AppConfig):
    name = "makegood.agents"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from makegood.agents import factors  # noqa: F401 (app ready)
