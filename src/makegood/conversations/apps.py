from django.apps import AppConfig


class ConversationsConfig(AppConfig):
    name = "makegood.conversations"
    default_auto_field = "django.db.models.BigAutoField"
