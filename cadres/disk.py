"""Whether something failed because a disk is full, the one of the site or the one of the database."""

import errno

from django.db import Error as DatabaseError

FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
FULL_TO_POSTGRESQL = "53100"  # its code for a disk that is full
TOLD = (
    "Ổ đĩa của máy chủ đã đầy nên chưa ghi được gì. Hãy báo người quản trị máy chủ giải phóng chỗ trống, rồi làm lại."
)


def is_full(error: BaseException | None) -> bool:
    """Whether the error, or one that led to it, says that there is no room left on a disk."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in FULL:
            return True
        if isinstance(error, DatabaseError) and getattr(error.__cause__, "pgcode", None) == FULL_TO_POSTGRESQL:
            return True
        error = error.__cause__ or error.__context__
    return False
