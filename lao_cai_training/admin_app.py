"""Django's admin with the site of site.py: by itself, since Django reads it before there are models.

The catalogues in it register themselves when the addresses are read (urls.py): a command that answers no page does
without them, and without what reads and writes their workbooks.
"""

from django.contrib.admin.apps import SimpleAdminConfig


class TrainingAdminConfig(SimpleAdminConfig):
    default_site = "lao_cai_training.site.TrainingSite"
