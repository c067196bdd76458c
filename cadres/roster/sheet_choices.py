"""How the sheets of one file are read, where a person has said so: left out, a hidden one read, leavers as what.

What is chosen holds for the file it was chosen for and is kept with it. Where nobody has chosen, hidden sheets and
those who have left are not written, and the file says so.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import models

from cadres.history import signed
from cadres.models import ImportBatch, MissingOfficial, User
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

    Returns the keys of the officials, and a notice for each row that names nobody, or several. Nothing is written into
    the registry before the batch is.
    """
    missing = list(missing)
    ended: list[int] = []
    notices: list[Notice] = []
    for stated in leavers:
        choice = batch.sheet_choices[stated.sheet]
        meant = [person for person in missing if _may_be(person, stated)]
        if len(meant) == 1:
            batch.missing.filter(official_id=meant[0].id).update(
                end_date=date.fromisoformat(choice["end_date"]), end_reason=choice["end_reason"], decided_by=by
            )
            ended.append(meant[0].id)
        else:
            how_many = "nhiều người" if meant else "không ai"
            notices.append(
                Notice(
                    stated.sheet, stated.row, "leaver_not_found",
                    f"{stated.full_name or 'Dòng này'} khớp với {how_many} đang giữ chức danh trong hồ sơ các xã của "
                    "tệp nên không có gì được kết thúc.",
                    field="full_name", value=stated.full_name,
                )
            )  # fmt: skip
    return ended, notices


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
