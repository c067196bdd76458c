"""The web process, for gunicorn or any other WSGI server: `gunicorn lao_cai_training.wsgi`."""

import gc
import os

from django.core.wsgi import get_wsgi_application

# A page makes some ten thousand objects and lets go of them together. Looking for circles among them after every seven
# hundred, as Python does unless told otherwise, takes a twelfth of its time.
gc.set_threshold(50_000, 10, 10)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lao_cai_training.settings")
application = get_wsgi_application()

import lao_cai_training.urls  # noqa: E402, F401 — before the first page is asked for, which would wait for all pages
from lao_cai_training.postgres.roles import sign_in_as_web  # noqa: E402 — it knows models, which there are only now

sign_in_as_web()

gc.freeze()  # what is loaded by now never ends
