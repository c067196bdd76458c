"""An account is opened, suspended and opened again, and let in by a word that is good once."""

import secrets
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.utils.timezone import now

from cadres.accounts.administrators import one_remains
from cadres.history import act, signed
from cadres.models import User
from cadres.sign_in.sessions import end_sessions

GOOD_FOR = timedelta(days=3)
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that looks like another on paper
GROUPS, GROUP = 4, 4  # sixteen letters: 79 bits


@signed
def open_account(user: User, *, by: User | None) -> User:
    """Keep a new account: it holds no role, and nobody signs in by it before it is given a word.

    Raises ValidationError.
    """
    user.set_unusable_password()
    user.full_clean()
    user.save()
    return user


@signed
def save_account(user: User, *, by: User | None) -> None:
    """Keep the name, the sign-in name and the mail address of an account. Raises ValidationError."""
    user.full_clean()
    user.save(update_fields=["username", "full_name", "email"])


@signed
def suspend(user: User, *, reason: str, by: User | None) -> None:
    """Nobody signs in by the account any more, at once; its roles and what it did stay as they are.

    Raises ValidationError for the own account, without a reason, and for the last administrator.
    """
    if user == by:
        raise ValidationError("Không tự tạm ngừng tài khoản của mình được. Hãy nhờ một người quản trị khác.")
    if not reason.strip():
        raise ValidationError({"reason": "Hãy ghi lý do tạm ngừng."})
    with one_remains(), act(reason=reason.strip()):
        user.is_active, user.suspended_for = False, reason.strip()
        user.save(update_fields=["is_active", "suspended_for"])
        end_sessions(user)


@signed
def resume(user: User, *, by: User | None) -> None:
    """The account may be signed in by again, with the password that it had."""
    user.is_active, user.suspended_for = True, ""
    user.save(update_fields=["is_active", "suspended_for"])


@signed
def give_word(user: User, *, by: User | None) -> str:
    """A new password that is good until GOOD_FOR has passed and has to be changed at the first sign-in; kept nowhere.

    Who is signed in by the account is signed out. Raises ValidationError for the own account, whose password is
    changed by whoever knows it, and for one that is suspended.
    """
    if user == by:
        raise ValidationError("Mật khẩu của mình thì đổi ở trang “Tài khoản của tôi”, bằng mật khẩu đang dùng.")
    if not user.is_active:
        raise ValidationError("Tài khoản đang tạm ngừng. Hãy mở lại trước khi cấp mật khẩu.")
    word = "-".join("".join(secrets.choice(LETTERS) for _ in range(GROUP)) for _ in range(GROUPS))
    user.set_password(word)
    user.must_change_password, user.word_expires_at = True, now() + GOOD_FOR
    user.save(update_fields=["password", "must_change_password", "word_expires_at"])
    end_sessions(user)
    return word
