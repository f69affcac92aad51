from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    name = "makegood.channels"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from makegood.channels.registry import CHANNELS  # app ready
        from makegood.inboxes.abilities import KNOWN

        KNOWN.update({kind: channel.can for kind, channel in CHANNELS.items()})
