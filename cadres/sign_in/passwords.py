"""How passwords are kept, and which are too weak."""

import re
from typing import Any

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.auth.password_validation import UserAttributeSimilarityValidator
from django.core.exceptions import ValidationError

from cadres.text import fold

# What is guessed first in this country and this office, folded and without digits.
USUAL = frozenset(
    (
        *(
            "matkhau",
            "laocai",
            "sonoivu",
            "noivu",
            "phongnoivu",
            "canbo",
            "congchuc",
            "quantri",
            "daotao",
            "ubnd",
            "hdnd",
        ),
        *("anhyeuem", "emyeuanh", "yeuem", "yeuanh", "khongco", "vietnam", "hanoi", "sapa"),
    )
)


class Hasher(Argon2PasswordHasher):
    """Argon2id with the memory and time that OWASP asks for, on one processor.

    Django's own numbers take 100 MB a sign-in: the threads of the web processes together would take gigabytes.
    """

    memory_cost = 19 * 1024  # KiB
    time_cost = 2
    parallelism = 1


class NotWhatIsKnown(UserAttributeSimilarityValidator):
    """Not like the account's name or the person's: also without marks and spaces, as people type names."""

    DEFAULT_USER_ATTRIBUTES = ("username", "full_name", "email")

    def validate(self, password: str, user: Any = None) -> None:
        super().validate(password, user)
        typed = _letters(password)
        for attribute in ("username", "full_name"):
            name = _letters(getattr(user, attribute, ""))
            if name and typed and (typed == name or (len(name) > 4 and name in typed)):
                label = str(user._meta.get_field(attribute).verbose_name).lower()
                raise ValidationError(f"Mật khẩu quá giống {label}. Hãy chọn mật khẩu khác hẳn.")

    def get_help_text(self) -> str:
        return "Không giống tên đăng nhập, họ tên."


class NotUsual:
    """Not a word that anybody tries, with digits round it, and not digits alone."""

    def validate(self, password: str, user: Any = None) -> None:
        letters = _letters(password)
        if not letters:
            raise ValidationError("Mật khẩu chỉ có chữ số. Hãy thêm chữ.")
        if letters in USUAL:
            raise ValidationError(
                "Mật khẩu này ai cũng đoán được. Hãy ghép vài từ không liên quan với nhau, ví dụ bốn từ."
            )

    def get_help_text(self) -> str:
        return "Không chỉ có chữ số, không phải từ ai cũng đoán được kèm vài chữ số."


def _letters(text: str) -> str:
    return re.sub(r"[^a-z]", "", fold(text))
