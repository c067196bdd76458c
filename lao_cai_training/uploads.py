"""Where uploads are kept: the last room on the disk is left to the database, and no half of a file stays behind."""

import errno
import os
import shutil
from typing import Any

from django.conf import settings
from django.core.files.storage import FileSystemStorage


class UploadStorage(FileSystemStorage):
    """Django's, but OSError (ENOSPC) is raised before the disk is full."""

    def _save(self, name: str, content: Any) -> str:
        os.makedirs(self.location, exist_ok=True)
        if shutil.disk_usage(self.location).free - content.size < settings.LEAST_FREE:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), name)
        try:
            return super()._save(name, content)  # type: ignore[misc] # unknown to Django's stubs
        except OSError:
            self.delete(name)
            raise
