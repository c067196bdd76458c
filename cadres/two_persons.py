"""Two persons: nobody approves what they have prepared themselves, as long as somebody else could.

Where nobody else could, as in a small Sở, it goes with a reason, and the log says that one person did both. Texts of
standards have the same rule with a state of their own (cadres.standards.changing).
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from cadres.history import act
from cadres.models import User

ALONE = "Một mình vừa lập vừa phê duyệt"  # what the log says
NAMED = 5


def goes_alone(by: User, permission: str, prepared_by: Collection[int]) -> bool:
    """Whether the account prepared it (`prepared_by`: keys of accounts) and nobody else could approve it."""
    return by.pk in prepared_by and not _others(permission, prepared_by)


@contextmanager
def second_person(by: User | None, permission: str, prepared_by: Collection[int], *, alone: str) -> Iterator[None]:
    """Within it something is approved that those accounts prepared; `alone` says why one person does both.

    Raises ValidationError where the account prepared it and somebody else could approve it, or no reason is given.
    """
    if by is None or by.pk not in prepared_by:
        yield
        return
    if others := _others(permission, prepared_by):
        named = ", ".join(others[:NAMED]) + ("…" if len(others) > NAMED else "")
        raise ValidationError(
            f"Bạn đã tham gia lập nội dung này nên không tự phê duyệt. Hãy nhờ người phê duyệt khác: {named}."
        )
    if not alone.strip():
        raise ValidationError({"alone": "Không có ai khác phê duyệt được: hãy ghi vì sao một người làm cả hai việc."})
    with act(reason=f"{ALONE}: {alone.strip()}"):
        yield


def _others(permission: str, prepared_by: Collection[int]) -> list[str]:
    accounts = User.objects.who_may(permission).exclude(pk__in=prepared_by).order_by("full_name")
    return [account.full_name for account in accounts]


class AloneForm(forms.Form):
    """Before the fields of an approval: asks for the reason where one person does both."""

    alone = forms.CharField(
        label="Vì sao một mình vừa lập vừa phê duyệt",
        max_length=300,
        help_text="Không có tài khoản nào khác phê duyệt được. Lý do được giữ và đánh dấu trong nhật ký.",
    )

    def __init__(self, *args: Any, is_alone: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_alone:
            self.order_fields([name for name in self.fields if name != "alone"])
        else:
            del self.fields["alone"]
