"""Keeps the server of the tests running, as long as standard input is open: with each run it would start and stop."""

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lao_cai_training.settings")
django.setup()

from django.db import connection  # noqa: E402 — it knows the settings

from tests.databases import use_careless_server  # noqa: E402 — it knows the models

use_careless_server()
connection.ensure_connection()
sys.stdin.read()
