"""How the sheets of one file are read, where a person has said so: left out, a hidden one read, leavers as what.

What is chosen holds for the file it was chosen for and is kept with it. Where nobody has chosen, hidden sheets and
those who have left are not written, and the file says so.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import models
from django.db.models import QuerySet

from cadres.history import signed
from cadres.models import Appointment, ImportBatch, MissingOfficial, User
from cadres.posts import primary_posts
from cadres.roster.matching import Known
from cadres.roster.rows import Notice
from cadres.roster.statements import Statement


class Reading(models.TextChoices):
    """What a person may choose for a sheet."""

    LEFT_OUT = "out", "Không đọc trang này"
    READ = "read", "Đọc trang này"
    PEOPLE = "people", "Đọc là người đang giữ chức danh"
    ENDS = "ends", "Đọc là người thôi giữ chức danh"


def chosen(choices: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Name of a sheet → what was chosen for it."""
    return {name: choice["reading"] for name, choice in choices.items()}


@signed
def end_posts_of_leavers(
    batch: ImportBatch, leavers: Iterable[Statement], missing: Iterable[Known], *, by: User | None
) -> tuple[list[int], list[Notice]]:
    """Decide that the posts of those end whom the sheets chosen so name, where they are missing from the file.

    Returns the keys of the officials, and a notice for each row that names nobody, or several, or somebody whose post
    begins after the last day chosen. Nothing is written into the registry before the batch is.
    """
    missing = list(missing)
    last_days = {
        name: date.fromisoformat(choice["end_date"])
        for name, choice in batch.sheet_choices.items()
        if choice["reading"] == Reading.ENDS
    }
    begun_later = {
        name: set(posts_begun_after(batch, last_day).values_list("official_id", flat=True))
        for name, last_day in last_days.items()
    }
    ended: list[int] = []
    notices: list[Notice] = []
    for stated in leavers:
        meant = [person for person in missing if _may_be(person, stated)]
        if len(meant) != 1:
            how_many = "nhiều người" if meant else "không ai"
            why_not = f"khớp với {how_many} đang giữ chức danh trong hồ sơ các xã của tệp"
        elif meant[0].id in begun_later[stated.sheet]:
            why_not = f"giữ chức danh từ sau ngày {last_days[stated.sheet]:%d/%m/%Y}"
        else:
            batch.missing.filter(official_id=meant[0].id).update(
                end_date=last_days[stated.sheet],
                end_reason=batch.sheet_choices[stated.sheet]["end_reason"],
                decided_by=by,
            )
            ended.append(meant[0].id)
            continue
        notices.append(
            Notice(
                stated.sheet, stated.row, "leaver_not_found",
                f"{stated.full_name or 'Dòng này'} {why_not} nên không có gì được kết thúc.",
                field="full_name", value=stated.full_name,
            )
        )  # fmt: skip
    return ended, notices


def posts_begun_after(batch: ImportBatch, last_day: date) -> QuerySet[Appointment]:
    """The posts, on the roster's day, of those missing from it that begin after what would be their last day."""
    assert batch.as_of is not None
    posts = primary_posts(batch.as_of, Appointment.objects.begun_after(last_day))
    return posts.filter(official__in=batch.missing.values("official")).select_related("official")


def take_back_ends(batch: ImportBatch) -> None:
    """Undo what `end_posts_of_leavers` has decided, before the file is read again."""
    MissingOfficial.objects.filter(batch=batch, official_id__in=batch.summary.get("ended_by_sheet", ())).update(
        end_date=None, end_reason="", decided_by=None
    )


def _may_be(person: Known, stated: Statement) -> bool:
    """Whether a row means this person: the same number, or name, birth and commune that do not contradict."""
    if person.contradictions(stated):
        return False
    if stated.identifier and stated.identifier in person.numbers:
        return True
    return person.folded_name == stated.folded_name and stated.unit in (None, person.home)
