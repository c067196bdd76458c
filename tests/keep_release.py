"""Keep a backup of the small province as this version makes it: `python -m tests.keep_release`, once a release.

It is written into tests/data/releases/ under the version's name, for tests/test_releases.py to restore with every later
source. Works in a folder of its own, with an embedded database. The migrations of a release are never changed again.
"""

import os
from pathlib import Path
from tempfile import TemporaryDirectory

import django
from django.core.management import call_command

RELEASES = Path(__file__).parent / "data" / "releases"


def keep() -> None:
    with TemporaryDirectory() as folder:
        os.environ.update(
            DATA_DIR=folder, DATABASE_URL="", WEB_DATABASE_URL="", DJANGO_SETTINGS_MODULE="lao_cai_training.settings"
        )
        django.setup()
        from lao_cai_training import __version__
        from tests import province

        call_command("setup")
        province.build()
        RELEASES.mkdir(parents=True, exist_ok=True)
        kept = RELEASES / f"{__version__}.tar"
        call_command("backup", str(kept))
        kept.chmod(0o644)  # invented people


if __name__ == "__main__":
    keep()
