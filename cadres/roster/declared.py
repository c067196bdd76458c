"""What columns were declared to be by hand, as it holds for one file; and which decisions a file was read by.

The titles that the export and the template write are always read: what was declared of them for everybody is passed
over, and where the file's own unit declared one to be something else, the file says so.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Q

from cadres.models import ColumnMapping
from cadres.roster.cell_names import letters_of
from cadres.roster.columns import exported, roster_columns
from cadres.roster.dictionaries import Dictionaries
from cadres.roster.owners import nearest_first
from cadres.roster.rows import Layout, Notice
from cadres.roster.statements import WARNING, Statement
from cadres.text import match_key

Place = tuple[str, str]  # (layout key, column key)


@dataclass(slots=True)
class Declared:
    """Of each column declared by hand, the decision that holds for the file; and the titles that we write ourselves."""

    decisions: dict[Place, ColumnMapping] = field(default_factory=dict)
    own: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def load(cls, owners: Sequence[int] = (), *, layouts: Iterable[str] | None = None) -> "Declared":
        """What holds for files of these units, the nearest first; of these layouts, or of all. One query, and one more
        where anything was declared."""
        rows = ColumnMapping.objects.filter(Q(owner=None) | Q(owner__in=owners)).select_related("owner", "decided_by")
        if layouts is not None:
            rows = rows.filter(layout_key__in=layouts)
        held: dict[Place, ColumnMapping] = {}
        own = own_titles() if rows else {}
        for row in sorted(rows, key=lambda row: nearest_first(owners, row.owner_id)):
            if row.owner_id is not None or not contradicts_own_title(own, row.column_key, row.field):
                held.setdefault((row.layout_key, row.column_key), row)
        return cls(held, own)

    @property
    def mapping(self) -> dict[Place, str]:
        """Place of a column → what it is to be read as; '' leaves it out."""
        return {place: row.field for place, row in self.decisions.items() if row.field != ColumnMapping.AS_TITLED}

    def used_in(self, layout: Layout) -> dict[str, int]:
        """Key of each decision that the file was read by → how many people its columns have."""
        used: Counter[str] = Counter()
        for sheet in layout.sheets:
            for column in sheet.columns:
                if row := self.decisions.get((sheet.key, column.key)):
                    used[str(row.pk)] += sheet.persons
        return dict(used)

    def notices(self, layout: Layout) -> list[Notice]:
        """That columns with one of our own titles are read otherwise, because the file's unit decided so."""
        return [
            Notice(
                sheet=sheet.name,
                row=sheet.last_row,
                code="own_title_declared",
                severity=WARNING,
                message=f"Cột “{column.title}” của mẫu không được đọc theo tiêu đề, vì {row.owner} đã chọn cách đọc "
                "khác. Nếu không phải ý muốn, hãy chọn lại ở trang “Tệp gồm những gì”.",
                column=letters_of(column.index),
                field=self.own[column.key],
            )
            for sheet in layout.sheets
            for column in sheet.columns
            if (row := self.decisions.get((sheet.key, column.key)))
            and row.owner_id is not None
            and contradicts_own_title(self.own, column.key, row.field)
        ]


def own_titles() -> dict[str, str]:
    """The key of each title that we write ourselves, those of dimensions too → its field. One query."""
    return {match_key(column.export): column.field for column in exported(roster_columns())}


def contradicts_own_title(own: Mapping[str, str], column_key: str, name: str) -> bool:
    """Whether a column with a title of our own is declared to be another field, or none."""
    return column_key in own and name not in (own[column_key], ColumnMapping.AS_TITLED)


def why_own_title(own: Mapping[str, str], column_key: str, name: str) -> str:
    """Why what is declared of a column cannot hold for everybody, or ''; `own` as own_titles() tells them."""
    if contradicts_own_title(own, column_key, name):
        return "cột của tệp mẫu luôn được đọc theo tiêu đề cho mọi đơn vị, hãy sửa tiêu đề cột trong tệp"
    return ""


def words_used(statements: Iterable[Statement], dictionaries: Dictionaries) -> dict[str, int]:
    """Key of each spelling that a person taught and the file holds → in how many rows."""
    fields = {name for name, _ in dictionaries.taught}
    if not fields:
        return {}
    used: Counter[str] = Counter()
    around = {"position": "group_position", "commune": "group_commune", "district": "group_district"}
    for stated in statements:
        texts = stated.read
        for name in fields:
            text = texts.get(name) or (getattr(stated.raw, around[name]) if name in around and stated.raw else "")
            if text and (key := dictionaries.taught.get((name, match_key(text)))):
                used[str(key)] += 1
    return dict(used)
