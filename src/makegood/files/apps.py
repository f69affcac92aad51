from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "makegood.files"
    default_auto_field = "django.db.models.BigAutoField"
