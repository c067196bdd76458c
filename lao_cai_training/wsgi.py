"""The web process, for gunicorn or any other WSGI server: `gunicorn lao_cai_training.wsgi`."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lao_cai_training.settings")
application = get_wsgi_application()

from lao_cai_training.postgres.roles import sign_in_as_web  # noqa: E402 — it knows models, which there are only now

sign_in_as_web()

# A page makes some ten thousand objects and lets go of them together. Looking for circles among them after every seven
# hundred, as Python does unless told otherwise, takes a twelfth of its time; what is loaded by now never ends.
gc.freeze()
gc.set_threshold(50_000, 10, 10)
