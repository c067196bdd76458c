"""The second factor: codes of a telephone (TOTP), and recovery codes for whoever has lost it. django-otp keeps both.

Whoever has set it up is asked for a code at each sign-in; who has to set it up is said by the roles (roles.py). Of the
recovery codes only digests are kept, and each is good once; as is each code of the telephone.
"""

import hashlib
import secrets
import time
from base64 import b32encode, b64encode
from binascii import unhexlify
from datetime import datetime
from typing import Any

import segno
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime, now
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from cadres import roles
from cadres.history import act, signed
from cadres.models import User
from cadres.proofs import secret
from cadres.sign_in.sessions import end_sessions
from cadres.walls import keeping_for

RECOVERY_CODES = 10
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that looks like another
GROUPS_OF_A_CODE, GROUP = 3, 4  # twelve letters: 59 bits
DIGITS = 6
NAME = "Điện thoại"


def is_demanded(user: User) -> bool:
    """Whether a role that the account holds today must have it."""
    return not roles.MUST_HAVE_SECOND_FACTOR.isdisjoint(user.roles_today)


def new_key() -> str:
    """A key for a telephone, in hexadecimal digits."""
    return secrets.token_hex(20)


def typed_key(key: str) -> str:
    """The key as it is typed into a telephone without a camera."""
    text = b32encode(unhexlify(key)).decode()
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def picture(user: User, key: str) -> SafeString:
    """The code that a telephone scans, as SVG without a style of its own."""
    address = TOTPDevice(user=user, key=key).config_url
    return mark_safe(segno.make(address, error="m").svg_inline(scale=5, border=2, svgclass="qr", lineclass=None))


@signed
def set_up(user: User, key: str, code: str, *, by: User | None, session: str | None = None) -> list[str]:
    """From now on the account is asked for codes of that key; returns its recovery codes, which are kept nowhere.

    It is signed out everywhere but in the session with that key. Raises ValidationError, at "code", where the code is
    not one of that key, and where the account has it already.
    """
    account = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if account.second_factor_since:
        raise ValidationError("Xác thực hai bước đã được bật cho tài khoản này.")
    totp = TOTP(unhexlify(key))
    totp.time = time.time()
    if not (_is_of_a_telephone(code) and totp.verify(int(_plain(code)), tolerance=1)):
        raise ValidationError(
            {"code": "Mã không khớp. Hãy xem giờ của điện thoại có đúng không, rồi nhập mã đang hiện."}
        )
    _forget(user)
    TOTPDevice.objects.create(user=user, key=key, name=NAME, last_t=totp.t(), drift=totp.drift)
    user.second_factor_since = now()
    user.save(update_fields=["second_factor_since"])
    end_sessions(user, but=session)
    return _make_recovery_codes(user)


@signed
def renew_recovery_codes(user: User, *, by: User | None) -> list[str]:
    """New recovery codes; those before are good no longer."""
    return _make_recovery_codes(user)


@signed
def take_off(user: User, *, by: User | None, reason: str = "") -> None:
    """The account is asked for no code until it is set up anew; whoever does so for another signs it out everywhere."""
    with act(reason=reason):
        _forget(user)
        user.second_factor_since = None
        user.save(update_fields=["second_factor_since"])
    if by != user:
        end_sessions(user)


def recovery_codes_left(user: User) -> int:
    return StaticDevice.objects.filter(user=user, token_set__isnull=False).values("token_set").count()


@transaction.atomic
def verify(user: User, code: str) -> bool:
    """Whether it is a code of the telephone, or a recovery code, that was not used before: from now on it is.

    Raises ValidationError where so many wrong ones were tried that one has to wait.
    """
    is_telephone = _is_of_a_telephone(code)
    with keeping_for(user.pk):  # who is signing in is nobody yet
        devices: QuerySet[Any] = StaticDevice.objects.all()
        if is_telephone:
            devices = TOTPDevice.objects.defer("key").annotate(asked_key=secret("key", user.pk))
        device = devices.select_for_update().filter(user=user, confirmed=True).first()
        if device is None:
            return False
        if is_telephone:
            device.key = device.asked_key
        allowed, why = device.verify_is_allowed()
        if not allowed:
            raise ValidationError(_wait_until(why["locked_until"]))
        return bool(device.verify_token(_plain(code) if is_telephone else _digest(user, code)))


def is_recovery_code(code: str) -> bool:
    return not _is_of_a_telephone(code)


def _wait_until(moment: datetime) -> str:
    return (
        f"Đã nhập sai mã nhiều lần: đợi đến {localtime(moment):%H:%M:%S ngày %d/%m/%Y} rồi nhập mã khác. "
        "Nếu không phải bạn nhập, hãy báo ngay người quản trị hệ thống: có người biết mật khẩu của bạn."
    )


def _forget(user: User) -> None:
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()


def _make_recovery_codes(user: User) -> list[str]:
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="Mã dự phòng")
    codes = ["-".join(_group() for _ in range(GROUPS_OF_A_CODE)) for _ in range(RECOVERY_CODES)]
    for code in codes:
        device.token_set.create(token=_digest(user, code))
    return codes


def _group() -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(GROUP))


def _digest(user: User, code: str) -> str:
    """What is kept of a recovery code: the sixteen characters that django-otp has room for are 96 bits."""
    digest = hashlib.sha256(f"{settings.OTP_TOTP_ISSUER}:{user.pk}:{_plain(code)}".encode()).digest()
    return b64encode(digest[:12]).decode()


def _plain(code: str) -> str:
    return "".join(letter for letter in code.lower() if letter.isalnum())


def _is_of_a_telephone(code: str) -> bool:
    plain = _plain(code)
    return len(plain) == DIGITS and plain.isascii() and plain.isdecimal()
