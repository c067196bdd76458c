"""Reminders: what an account has to do, sent to its mail address once a day; numbers and days only, nobody's name."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction

from cadres.models import Reminder, User
from cadres.review import Lens, Severity, review
from cadres.web.addresses import path_of
from reports.tasks.counting import Counted, counted, tasks_of
from reports.tasks.shown import address_of, in_order
from reports.tasks.table import Kind

REVIEW, REVIEWED = "cadres:review", "cadres.add_setaside"


@dataclass(frozen=True)
class Line:
    """One thing to do, and the address where it is done, without the name of the site."""

    told: str
    address: str


def accounts_to_remind() -> Iterator[User]:
    """The accounts that are not suspended, have a mail address and want to be told of something."""
    for user in User.objects.filter(is_active=True).exclude(email="").order_by("pk"):
        if user.remind_of_work or user.remind_of_data:
            yield user


def lines_for(user: User, day: date) -> list[Line]:
    """What the account has to do on the day, of the kinds of which it wants to be told; the most pressing first."""
    wanted = {Kind.WORK: user.remind_of_work, Kind.DATA: user.remind_of_data}
    tasks = [task for task in tasks_of(user) if wanted.get(task.kind)]
    found = [one for one in counted(tasks, user, day) if one.number]
    lines = [Line(_told(one, day), address_of(one.task, None)) for one in in_order(found, day)]
    if user.remind_of_data and user.has_perm(REVIEWED):
        numbers = review(Lens.of(user, day, now=day)).by_severity
        lines += [
            Line(f"Rà soát dữ liệu, {severity.label.lower()}: {numbers[severity]} chỗ", path_of(REVIEW))
            for severity in (Severity.ERROR, Severity.WARNING)
            if numbers[severity]
        ]
    return lines


def _told(one: Counted, day: date) -> str:
    told = f"{one.number} {one.task.to_do.told}"
    if one.due is None:
        return told
    left = one.days_left(day)
    standing = "quá hạn" if left < 0 else "hạn hôm nay" if left == 0 else f"còn {left} ngày"
    return f"{told}, hạn {one.due:%d/%m/%Y}, {standing}"


def mail_to(user: User, lines: list[Line], day: date, site: str) -> EmailMessage:
    """The mail of a day; `site` is the address of the site ("https://…"), "" where it is not known."""
    told = (f"- {line.told}" + (f"\n  {site}{line.address}" if site else "") for line in lines)
    off = path_of("cadres:own-account")
    return EmailMessage(
        subject=f"Việc cần làm ngày {day:%d/%m/%Y}: {len(lines)} việc",
        body="\n".join(
            [
                f"Đang chờ tài khoản {user.username} ngày {day:%d/%m/%Y}:",
                "",
                *told,
                "",
                f"Muốn thôi nhận thư này: “Tài khoản của tôi”{f', {site}{off}' if site else ''}.",
            ]
        ),
        to=[user.email],
    )


def remind(user: User, day: date, *, on: date, site: str) -> bool:
    """Send the account what it has to do on the day, unless it was reminded on this day of the clock (`on`) already or
    nothing waits; whether a mail went out. Raises OSError where the server of mails does not take it: it is then not
    counted as sent."""
    lines = lines_for(user, day)
    if not lines:
        return False
    try:
        with transaction.atomic():
            Reminder.objects.create(account=user, day=on)
            mail_to(user, lines, day, site).send()
    except IntegrityError:
        return False
    return True
