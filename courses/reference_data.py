"""Loads the subject areas, institutions, programmes, regulations, rules of needs and questions of courses/data/.

Idempotent: what the province has changed stays, what is missing is added. Cost norms are decided by the province and
are none of the data.
"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

from django.db import transaction

from cadres.models import Level, Position, UnitVersion
from cadres.periods import overlapping
from cadres.reference_data import end_of, rows_of, start_of
from courses.models import FeedbackQuestion, Institution, NeedRule, Programme, SubjectArea, TrainingRegulation

DATA = Path(__file__).parent / "data"
DAY_OF_PLACES = date(2015, 12, 31)  # the day on which institutions.csv means the codes of its places
FOREVER = date.max


@transaction.atomic
def load(progress: Callable[[str], None] = lambda message: None) -> None:
    """Load everything; `progress` is told each step in Vietnamese. Units, levels and positions must be there."""
    for step, loader in (
        ("lĩnh vực đào tạo, cơ sở đào tạo", load_institutions),
        ("chương trình đào tạo, bồi dưỡng", load_programmes),
        ("quy định về đào tạo, bồi dưỡng", load_regulations),
        ("đối tượng cần bồi dưỡng", load_need_rules),
        ("câu hỏi đánh giá chất lượng", load_feedback_questions),
    ):
        progress(f"Nạp {step}")
        loader()


def load_institutions() -> None:
    for row in rows_of(DATA / "subject_areas.csv"):
        SubjectArea.objects.get_or_create(code=row["code"], defaults={"name": row["name"]})
    units = dict(UnitVersion.objects.as_of(DAY_OF_PLACES).values_list("code", "unit"))
    for row in rows_of(DATA / "institutions.csv"):
        superior = row["superior"]
        institution, _ = Institution.objects.get_or_create(
            code=row["code"],
            defaults={
                "name": row["name"],
                "superior": superior,
                "place_id": units[row["place"]] if row["place"] else None,
            },
        )
        if superior and not institution.superior:  # loaded before it was asked for
            Institution.objects.filter(pk=institution.pk).update(superior=superior)


def load_programmes() -> None:
    """A programme that is there keeps its levels and positions too: they are set on new ones only."""
    areas = {area.code: area for area in SubjectArea.objects.all()}
    levels = {f"{level.dimension.code}:{level.code}": level for level in Level.objects.select_related("dimension")}
    positions = {position.code: position for position in Position.objects.all()}
    for row in rows_of(DATA / "programmes.csv"):
        programme, is_new = Programme.objects.get_or_create(
            code=row["code"],
            defaults={
                "title": row["title"],
                "kind": row["kind"],
                "subject_area": areas[row["subject_area"]],
                "raises_to": levels[row["raises_to"]] if row["raises_to"] else None,
                "field_of_study": row["field_of_study"],
                "form": row["form"],
                "hours": int(row["hours"]),
            },
        )
        if is_new:
            programme.target_positions.set(positions[code] for code in row["target_positions"].split(";") if code)
            programme.prerequisites.set(levels[level] for level in row["prerequisites"].split(";") if level)


def load_regulations() -> None:
    """A regulation is added only to days for which the province has none; how papers cite it also to one that is there
    and says nothing of it."""
    levels = {f"{level.dimension.code}:{level.code}": level for level in Level.objects.select_related("dimension")}
    for row in rows_of(DATA / "regulations.csv"):
        start, end = start_of(row["start_date"]), end_of(row["end_date"])
        TrainingRegulation.objects.filter(decree=row["decree"], citation="").update(citation=row["citation"])
        if TrainingRegulation.objects.filter(overlapping(start, end or FOREVER)).exists():
            continue
        TrainingRegulation.objects.create(
            decree=row["decree"],
            citation=row["citation"],
            start_date=start,
            end_date=end,
            yearly_hours=int(row["yearly_hours"]),
            commitment_factor=int(row["commitment_factor"]),
            commits_from=levels[row["commits_from"]] if row["commits_from"] else None,
            oldest=int(row["oldest"]) if row["oldest"] else None,
            oldest_from=levels[row["oldest_from"]] if row["oldest_from"] else None,
            reduction_percent=Decimal(row["reduction_percent"]),
            reduction_percent_favoured=Decimal(row["reduction_percent_favoured"]),
            confidence=row["confidence"],
        )


def load_need_rules() -> None:
    """A rule that is there stays as the province has it, an ended one too."""
    levels = {f"{level.dimension.code}:{level.code}": level for level in Level.objects.select_related("dimension")}
    programmes = {programme.code: programme for programme in Programme.objects.all()}
    positions = {position.code: position for position in Position.objects.all()}
    for row in rows_of(DATA / "need_rules.csv"):
        said = {name: row[name] for name in ("basis", "document", *NeedRule.WHO, "confidence")}
        rule, is_new = NeedRule.objects.get_or_create(
            code=row["code"],
            defaults=said
            | {
                "programme": programmes[row["programme"]] if row["programme"] else None,
                "level": levels[row["level"]] if row["level"] else None,
                "start_date": start_of(row["start_date"]),
                "end_date": end_of(row["end_date"]),
                "priority": int(row["priority"]),
            },
        )
        if is_new:
            rule.positions.set(positions[code] for code in row["positions"].split(";") if code)


def load_feedback_questions() -> None:
    for order, row in enumerate(rows_of(DATA / "feedback_questions.csv"), start=1):
        FeedbackQuestion.objects.get_or_create(
            code=row["code"],
            defaults={"asked_of": row["asked_of"], "about": row["about"], "text": row["text"], "order": order},
        )
