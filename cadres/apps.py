from django.apps import AppConfig


class CadresConfig(AppConfig):
    name = "cadres"
    verbose_name = "Đội ngũ"
    default_auto_field = "django.db.models.BigAutoField"
