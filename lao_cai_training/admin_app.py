"""Django's admin with the site of site.py: by itself, since Django reads it before there are models."""

from django.contrib.admin.apps import AdminConfig


class TrainingAdminConfig(AdminConfig):
    default_site = "lao_cai_training.site.TrainingSite"
