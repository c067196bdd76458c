"""One row of a list about a class, as it is kept between reading and writing."""

from dataclasses import dataclass, field

from courses.models import ClassListImport


@dataclass
class ListRow:
    """Where a row stands, whom it means, what it says, or why it is not taken."""

    sheet: str
    row: int  # the number that Excel shows
    name: str
    official: int | None = None
    enrolment: int | None = None
    problem: str = ""
    says: dict[str, str] = field(default_factory=dict)  # field → code or text; session key → mark


def rows_of(list_import: ClassListImport) -> list[ListRow]:
    return [ListRow(**row) for row in list_import.rows]
