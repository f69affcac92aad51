from django.apps import AppConfig


class InboxesConfig(AppConfig):
    name = "makegood.inboxes"
    default_auto_field = "django.db.models.BigAutoField"
