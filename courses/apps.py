from django.apps import AppConfig


class CoursesConfig(AppConfig):
    name = "courses"
    verbose_name = "Đào tạo, bồi dưỡng"
    default_auto_field = "django.db.models.BigAutoField"
