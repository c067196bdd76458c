"""Loads the subject areas and programmes of courses/data/. Idempotent: what the province has changed stays."""

from collections.abc import Callable
from pathlib import Path

from django.db import transaction

from cadres.models import Level, Position
from cadres.reference_data import rows_of
from courses.models import Programme, SubjectArea

DATA = Path(__file__).parent / "data"


@transaction.atomic
def load(progress: Callable[[str], None] = lambda message: None) -> None:
    """Load everything; `progress` is told each step in Vietnamese. The levels and positions of cadres must be there."""
    progress("Nạp lĩnh vực và chương trình đào tạo")
    for row in rows_of(DATA / "subject_areas.csv"):
        SubjectArea.objects.get_or_create(code=row["code"], defaults={"name": row["name"]})
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
                "hours": int(row["hours"]),
            },
        )
        if is_new:
            programme.target_positions.set(positions[code] for code in row["target_positions"].split(";") if code)
