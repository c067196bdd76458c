"""The web process, for gunicorn or any other WSGI server: `gunicorn lao_cai_training.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

from lao_cai_training.postgres.roles import take_on_web_role

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lao_cai_training.settings")
application = get_wsgi_application()
take_on_web_role()
