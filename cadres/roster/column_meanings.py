"""What the columns of a header are: the field that the titles of each mean, with its level, sex or part of a date.

Titles decide, and what was chosen by hand before them; what they leave open for names over several columns, the cells
do (name_columns). A column below a dimension and titled with one of its levels is a mark column: an `x` in it means
that level; so it is below `Đại biểu HĐND` and the tiers of government.
"""

import dataclasses
import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from cadres.roster.columns import DATE_FIELDS, JOINED, OF_TIERS
from cadres.roster.name_columns import NAME_FIELDS, NAME_PARTS, part_names
from cadres.roster.reading import Cell
from cadres.roster.titles import Titles, title_key
from cadres.text import match_key

# Group titles above other titles that say nothing about them: below any other group `Xã`, `Huyện` or `Nữ` mean
# something else (`Quê quán{Xã, Huyện, Tỉnh}`, `Trong đó{Nữ}`).
NEUTRAL_GROUPS = re.compile(r"^(trinhdo|donvi|thongtin|hoten|diaban|noicongtac)")
TOP_LEVEL_FIELDS = {"commune", "district", "sex", "zone"}
SEXES = {"nam": "M", "nu": "F"}
# Births in two columns without a group title above: `Năm sinh nam`.
BIRTH_OF_SEX = re.compile(r"^(?:ngaisinh|namsinh|ngaithangnamsinh)(nam|nu)$")

TIME_WORDS = {"ngày": "d", "tháng": "m", "năm": "y"}
WITH_MONTH = {"m", "dm", "my"}  # a date is spread over columns where one of them has the month and not all of it
DATE_PARTS = {"d", "y", *WITH_MONTH}


@dataclass(slots=True)
class ColumnFound:
    """A column of a header: where it is, how it is titled, and what it is understood as.

    `key` names it within its layout: the titles from the group down, with a number where the same occurs again.
    `field` is a name of the dictionary of titles, '' where the column is not understood or is left out by hand;
    `level` is set in a mark column; `sex` (M, F) below `Năm sinh{Nam, Nữ}`; `part` (d, m, y, dm, my) where a date is
    spread over columns. `samples` are up to three of its values.

    Of a column without a field, `not_kept` says what it is about where rosters have such a column and the registry does
    not keep it, and `suggested` is the field that its title resembles.
    """

    index: int  # counted from 0
    title: str
    key: str
    field: str = ""
    level: str = ""
    sex: str = ""
    part: str = ""
    not_kept: str = ""
    suggested: str = ""
    samples: list[str] = dataclasses.field(default_factory=list)

    @property
    def target(self) -> str:
        """What a mapping by hand has to say to mean this: the field, with the level, sex or part where there is one."""
        return ":".join(part for part in (self.field, self.level or self.sex or self.part) if part)


# What was decided by hand: (layout key, column key) → field, `field:level`, `birth_date:F`, or '' to leave it out.
ColumnMapping = Mapping[tuple[str, str], str]

LEFT_OUT = "Bỏ qua theo lựa chọn"


def understand(
    columns: Sequence[ColumnFound],
    paths: Sequence[list[str]],
    below: Sequence[list[Cell]],
    titles: Titles,
    mapped: Mapping[str, str],
) -> None:
    """Set what each column is: as mapped by hand (column key → target), else by its titles, each field once.

    `paths` are the titles of each column from the group down, `below` the rows that follow the header.
    """
    by_titles = []
    for column, path in zip(columns, paths, strict=True):
        if (target := mapped.get(column.key)) is None:
            by_titles.append((column, path))
        else:
            _map(column, path, target, titles)
    taken = {column.field for column in columns}
    _by_titles(by_titles, titles, taken - {""})
    part_names(
        [column for column, _ in by_titles],
        {column.index: path for column, path in zip(columns, paths, strict=True)},
        below,
        by_hand=[column for column in columns if column.key in mapped],
    )
    read = {column.field for column in columns}
    for column, path in by_titles:
        if column.field or column.not_kept or not path:
            continue
        column.not_kept = titles.subject_not_kept(path)
        if not column.not_kept and (like := titles.like(path)) not in read:
            column.suggested = like


def _map(column: ColumnFound, path: list[str], target: str, titles: Titles) -> None:
    name, _, detail = target.partition(":")
    column.field = name
    if not name:
        column.not_kept = LEFT_OUT
    elif detail in DATE_PARTS and name in DATE_FIELDS:
        column.part = detail
    elif name == "birth_date":
        column.sex = detail
    else:
        # A title that is a level and nothing else makes a mark column; one that only mentions levels does not.
        column.level = detail or (titles.levels.get((name, match_key(path[-1])), "") if path else "")


def _by_titles(columns: Sequence[tuple[ColumnFound, list[str]]], titles: Titles, taken: set[str]) -> None:
    paths = [path for _, path in columns if path]
    alone = {SEXES.get(title_key(path[0])) for path in paths if len(path) == 1}
    has_birth = any(titles.field(path[-1]) == "birth_date" for path in paths)
    sexes_are_births = {"M", "F"} <= alone and not has_birth
    meant = [
        (column, path, *_meaning(path, titles, sexes_are_births=sexes_are_births)) for column, path in columns if path
    ]
    parts: dict[str, dict[str, ColumnFound]] = {}
    for column, path, name, _, sex in meant:
        if name in DATE_FIELDS and not sex and (part := _part_of_date(path[-1])):
            parts.setdefault(name, {}).setdefault(part, column)
    for of_date in parts.values():
        if len(of_date) > 1 and WITH_MONTH & set(of_date):
            for part, column in of_date.items():
                column.part = part
    groups: dict[str, str] = {}  # field → the group title above its first column
    for column, path, name, level, sex in meant:
        if not name:
            continue
        if name == "position" and name in taken:
            name = "concurrent_position"  # noqa: PLW2901 — `Chức vụ | Chức danh`: posts of both
        group = path[0] if len(path) > 1 else ""
        again = (
            name in taken and not (level or sex or column.part) and name not in ("party_joined_on", *NAME_FIELDS)
            and not (name in JOINED and (name == "concurrent_position" or (group and groups.get(name) == group)))
        )  # fmt: skip
        if not again:
            column.field, column.level, column.sex = name, level, sex
            groups.setdefault(name, group)
        taken.add(name)


def _part_of_date(leaf: str) -> str:
    words = re.findall(r"[^\W\d_]+", unicodedata.normalize("NFC", leaf).lower())
    part = "".join(TIME_WORDS[word] for word in words if word in TIME_WORDS)
    return part if part in DATE_PARTS else ""


def _meaning(path: list[str], titles: Titles, *, sexes_are_births: bool) -> tuple[str, str, str]:
    """Field, level and sex that the titles of a column mean; empty where they mean nothing known."""
    *groups, leaf = path
    name = titles.field(leaf)
    parents = [parent for group in groups if (parent := titles.field(group))]
    sex = SEXES.get(title_key(leaf), "") if unicodedata.normalize("NFC", leaf).strip().lower() != "năm" else ""
    if sex and "birth_date" in parents:
        return "birth_date", "", sex
    if sex and "sex" in parents:
        return "sex", sex, ""
    if born := BIRTH_OF_SEX.match(match_key(leaf)):
        return "birth_date", "", SEXES[born[1]]
    if sex and not groups:
        return ("birth_date", "", sex) if sexes_are_births else ("sex", sex, "")
    for parent in reversed(parents):
        if level := titles.level(parent, leaf):
            return parent, level, ""
    if name in NAME_PARTS and not NAME_FIELDS.isdisjoint(parents):
        return name, "", ""
    if together := titles.of_path(path):
        return together, "", ""
    tiered, tier = titles.of_tier(path, OF_TIERS)
    if tiered:
        return tiered, tier, ""
    if titles.subject_not_kept(path):
        return "", "", ""
    if name and not (name in TOP_LEVEL_FIELDS and _changes_meaning(groups)):
        return name, "", ""
    if parents and (parents[-1] in JOINED or titles.says_nothing(leaf)):
        return parents[-1], "", ""
    return "", "", ""


def _changes_meaning(groups: Collection[str]) -> bool:
    return any(not NEUTRAL_GROUPS.match(title_key(group)) for group in groups)
