from django.apps import AppConfig


class EventlogConfig(AppConfig):
    name = "makegood.eventlog"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from makegood.eventlog.reacting import discover  # app ready

        discover()
