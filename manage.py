#!/usr/bin/env python3
"""Runs the commands of the project: `python manage.py help`."""

import gc
import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

from lao_cai_training.frames import with_room

if __name__ == "__main__":
    gc.set_threshold(50_000, 10, 10)  # what is loaded never ends, and looking for circles in it is a tenth of a start
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lao_cai_training.settings")
    try:
        with_room(execute_from_command_line)(sys.argv)
    except ImproperlyConfigured as error:  # a setting that an environment variable got wrong
        print(error, file=sys.stderr)  # noqa: T201
        sys.exit(2)
