"""The decision that answers, once for the whole file, the alarms about its people: whom the list replaces, or nobody.

What was decided is kept with the alarms that it answers, by whom and when; it holds as long as they count the same.
"""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q, QuerySet

from cadres.history import signed
from cadres.models import Appointment, ImportBatch, ImportRow, MissingOfficial, User
from cadres.posts import primary_posts
from cadres.roster.batch import compare_again, keep_accepted, lock_batch
from cadres.roster.decisions import end_missing
from cadres.roster.seats import HELD, SHARED
from cadres.roster.turnover import GROUPS, Scope

ABOUT_PEOPLE = ("new", "absent", "two_holders")  # the codes of the alarms that it answers


class Answer(models.TextChoices):
    """What a list is to the people of its communes who are known."""

    REPLACES = "replaces", "Danh sách này thay người cũ"
    BOTH = "both", "Cả hai: người cũ vẫn giữ chức danh"
    EACH = "each", "Xem từng người: đã xem và quyết định ở danh sách những người không có trong tệp"


def people_to_end(batch: ImportBatch) -> QuerySet[Appointment]:
    """The posts, on the batch's day, of those whom a complete list would replace: missing, in a commune that it names,
    of the group that it is a list of; where it is a list of everybody, whatever their post. Where most are those known
    it is of them who holds a post into which another comes.
    """
    assert batch.as_of is not None
    scope = Scope(batch.summary.get("scope") or Scope.FULL)
    if scope == Scope.SOME:
        return Appointment.objects.none()
    named = batch.rows.exclude(outcome=ImportRow.Outcome.REJECTED).values("unit")
    posts = primary_posts(batch.as_of).filter(official__in=batch.missing.values("official"), unit__in=named)
    if not any(alarm["code"] in ("new", "absent") for alarm in batch.summary.get("alarms", ())):
        return posts.filter(official__in=_held_by_them(batch))
    return posts if scope == Scope.FULL else posts.filter(position__group__in=GROUPS[scope])


def _held_by_them(batch: ImportBatch) -> QuerySet[MissingOfficial, int]:
    """Those missing whose post another comes into by the file, or who were decided to end it for that."""
    missing = batch.missing.filter(Q(official__in=batch.summary.get("holders", ())) | Q(end_date__isnull=False))
    return missing.values_list("official", flat=True)


@signed
def answer_alarms(
    batch: ImportBatch,
    answer: Answer,
    *,
    end_date: date | None = None,
    end_reason: str = "",
    reason: str = "",
    by: User | None,
) -> int:
    """Answer the alarms about the people of the file, for the whole of it.

    The list replaces those who are known: their posts end on `end_date`, the last day, for `end_reason`. Both stay: a
    `reason` says why. Returns how many posts are to end. Raises BatchStateError where the batch is not staged, and
    ValidationError where what the answer needs is not there, or as `decide_missing` does.
    """
    batch = lock_batch(batch, ImportBatch.State.STAGED)
    replaced, shared = list(people_to_end(batch).values_list("official", flat=True)), ""
    if answer == Answer.REPLACES:
        if batch.summary.get("scope") == Scope.SOME:
            raise ValidationError(
                "Danh sách bổ sung không thay ai: nếu danh sách đầy đủ, hãy chọn lại “Danh sách này là”."
            )
        if end_date is None:
            raise ValidationError({"end_date": "Hãy ghi ngày cuối giữ chức danh của những người cũ."})
        end_missing(batch, replaced, end_date=end_date, end_reason=end_reason, by=by)
        why = Appointment.EndReason(end_reason).label.lower()
        told = f"{answer.label}: {len(replaced)} người thôi giữ đến hết {end_date:%d/%m/%Y}, {why}"
    elif answer == Answer.BOTH:
        if not (shared := reason.strip()):
            raise ValidationError({"reason": "Hãy ghi vì sao giữ cả người cũ và người trong danh sách."})
        end_missing(batch, replaced, end_date=None, end_reason="", by=by)
        told = f"Giữ cả hai: {shared}"
    else:
        told = "Đã xem từng người"
    _share(batch, shared, by=by)
    batch = compare_again(batch, by=by)
    # Of what is left where a list replaces people, two in a post stand in the file itself: that is asked again.
    codes = ("new", "absent") if answer == Answer.REPLACES else ABOUT_PEOPLE
    alarms = [alarm for alarm in batch.summary["alarms"] if alarm["code"] in codes]
    keep_accepted(batch, ABOUT_PEOPLE, [alarm | {"answer": str(answer), "told": told} for alarm in alarms], by=by)
    batch.save(update_fields=["summary"])
    return len(replaced) if answer == Answer.REPLACES else 0


def _share(batch: ImportBatch, reason: str, *, by: User | None) -> None:
    """Keep with the rows that put somebody into a post of another why both hold it; without a reason take it back."""
    rows = list(batch.rows.filter(issues__contains=[{"code": HELD}]))
    for row in rows:
        decision = {name: value for name, value in row.decision.items() if name != SHARED}
        row.decision = decision | ({SHARED: reason} if reason else {})
        row.decided_by = by if row.decision else None
    ImportRow.objects.bulk_update(rows, ["decision", "decided_by"])
