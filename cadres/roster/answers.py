"""The decision that answers, once for the whole file, the alarms about its people: whom the list replaces, or nobody.

What was decided is kept with the alarms that it answers, by whom and when; it holds as long as they count the same.
"""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import QuerySet

from cadres.history import signed
from cadres.models import Appointment, ImportBatch, ImportRow, User
from cadres.posts import primary_posts
from cadres.roster.batch import effect_has_changed, keep_accepted, lock_batch
from cadres.roster.decisions import decide_missing
from cadres.roster.turnover import GROUPS, Scope

ABOUT_PEOPLE = ("new", "absent")  # the codes of the alarms that it answers


class Answer(models.TextChoices):
    """What a list is to the people of its communes who are known."""

    REPLACES = "replaces", "Danh sách này thay người cũ"
    BOTH = "both", "Cả hai: người cũ vẫn giữ chức danh"
    EACH = "each", "Xem từng người: đã xem và quyết định ở danh sách những người không có trong tệp"


def people_to_end(batch: ImportBatch) -> QuerySet[Appointment]:
    """The posts, on the batch's day, of those whom a complete list would replace: missing, in a commune that it names,
    of the group that it is a list of; where it is a list of everybody, whatever their post.
    """
    assert batch.as_of is not None
    scope = Scope(batch.summary.get("scope") or Scope.FULL)
    if scope == Scope.SOME:
        return Appointment.objects.none()
    named = batch.rows.exclude(outcome=ImportRow.Outcome.REJECTED).values("unit")
    posts = primary_posts(batch.as_of).filter(official__in=batch.missing.values("official"), unit__in=named)
    return posts if scope == Scope.FULL else posts.filter(position__group__in=GROUPS[scope])


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
    replaced = list(people_to_end(batch).values_list("official", flat=True))
    if answer == Answer.REPLACES:
        if batch.summary.get("scope") == Scope.SOME:
            raise ValidationError(
                "Danh sách bổ sung không thay ai: nếu danh sách đầy đủ, hãy chọn lại “Danh sách này là”."
            )
        if end_date is None:
            raise ValidationError({"end_date": "Hãy ghi ngày cuối giữ chức danh của những người cũ."})
        decide_missing(batch, replaced, end_date=end_date, end_reason=end_reason, by=by)
        why = Appointment.EndReason(end_reason).label.lower()
        told = f"{answer.label}: {len(replaced)} người thôi giữ đến hết {end_date:%d/%m/%Y}, {why}"
    elif answer == Answer.BOTH:
        if not reason.strip():
            raise ValidationError({"reason": "Hãy ghi vì sao giữ cả người cũ và người trong danh sách."})
        decide_missing(batch, replaced, end_date=None, end_reason="", by=by)
        told = f"Giữ cả hai: {reason.strip()}"
    else:
        told = "Đã xem từng người"
    alarms = [alarm for alarm in batch.summary.get("alarms", ()) if alarm["code"] in ABOUT_PEOPLE]
    keep_accepted(batch, ABOUT_PEOPLE, [alarm | {"answer": str(answer), "told": told} for alarm in alarms], by=by)
    effect_has_changed(batch)
    batch.save(update_fields=["summary"])
    return len(replaced) if answer == Answer.REPLACES else 0
