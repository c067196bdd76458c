"""Forms about who is in office on a day: số lượng, chất lượng (by position, by unit), Mẫu số 02/CL.CBCCX, BM04/BNV,
danh sách trích ngang; and nhu cầu, who does not reach the standard in what.

A column of marks is a condition on a person: the statistics count whom it holds of, the list marks them with an x.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import Count, QuerySet

from cadres.evaluation import DimensionVerdict, Rulebook, counted_dimensions, judged
from cadres.models import Appointment, Criterion, PositionGroup, Sex
from cadres.text import fold, thousands
from reports.forms.layout import ROMAN, Cell, Column, Form, Row
from reports.forms.people import Person, people_on

Condition = Callable[[Person], bool]
UNKNOWN = "Chưa có số liệu"
EDUCATION, PROFESSIONAL, POLITICS, STATE = "education", "professional", "political_theory", "state_management"
IT, FOREIGN, ETHNIC, DEFENCE = "it", "foreign_language", "ethnic_language", "defence_security"
# The age bands are the form's own: full years on the day, first and last.
AGES: tuple[tuple[str, int, int], ...] = (
    ("Từ 30 trở xuống", 0, 30),
    ("31–40", 31, 40),
    ("41–50", 41, 50),
    ("51–60", 51, 60),
    ("Trên 60", 61, 999),
)
INSURED: tuple[tuple[str, int, int], ...] = (
    ("Dưới 15 năm", 0, 14),
    ("15–20 năm", 15, 20),
    ("21–30 năm", 21, 30),
    ("Trên 30 năm", 31, 999),
)


@dataclass(frozen=True)
class Mark:
    """A column of marks: its titles and of whom it holds; None: the registry cannot tell."""

    heads: tuple[str, ...]
    holds: Condition | None

    @property
    def column(self) -> Column:
        return Column(self.heads, is_lacking=self.holds is None)


def _at(dimension: str, *codes: str) -> Condition:
    return lambda person: person.levels.get(dimension) in codes


def _not_known(dimension: str) -> Condition:
    return lambda person: dimension not in person.levels


def _aged(first: int, last: int) -> Condition:
    return lambda person: person.age is not None and first <= person.age <= last


def _insured(first: int, last: int) -> Condition:
    return lambda person: person.insured is not None and first <= person.insured <= last


def _levels(title: str, dimension: str, *levels: tuple[str, Sequence[str]], of_all: bool = False) -> list[Mark]:
    """A column a level; `of_all`: and one for those of whom nothing is on record, so that they add up to all."""
    marks = [Mark((title, name), _at(dimension, *codes)) for name, codes in levels]
    return [*marks, *([Mark((title, UNKNOWN), _not_known(dimension))] if of_all else [])]


def _quality(*, of_all: bool) -> list[Mark]:
    return [
        *_levels(
            "Trình độ văn hóa",
            EDUCATION,
            *([("Chưa tốt nghiệp tiểu học", ["DUOI_TH"])] if of_all else []),
            ("Tiểu học", ["TH"]),
            ("THCS", ["THCS"]),
            ("THPT", ["THPT"]),
            of_all=of_all,
        ),
        *_levels(
            "Trình độ chuyên môn",
            PROFESSIONAL,
            ("Chưa qua đào tạo", ["CDT"]),
            ("Sơ cấp", ["SC"]),
            ("Trung cấp", ["TC"]),
            ("Cao đẳng", ["CD"]),
            ("Đại học", ["DH"]),
            ("Thạc sĩ, tiến sĩ", ["THS", "TS"]),
            of_all=of_all,
        ),
        *_levels(
            "Lý luận chính trị",
            POLITICS,
            *([("Chưa qua đào tạo", ["CHUA"])] if of_all else []),
            ("Sơ cấp", ["SC"]),
            ("Trung cấp", ["TC"]),
            ("Cao cấp", ["CC"]),
            ("Cử nhân", ["CN"]),
            of_all=of_all,
        ),
        *_levels(
            "Quản lý nhà nước",
            STATE,
            ("Chưa qua đào tạo", ["CHUA"]),
            *([("Cán sự", ["CS"])] if of_all else []),
            ("Chuyên viên và tương đương", ["CV"]),
            ("Chuyên viên chính và tương đương", ["CVC"] if not of_all else ["CVC", "CVCC"]),
            of_all=of_all,
        ),
    ]


STATISTICS: tuple[Mark, ...] = (
    Mark(("Trong đó", "Nữ"), lambda person: person.is_woman),
    Mark(("Trong đó", "Đảng viên"), lambda person: bool(person.official.is_party_member)),
    Mark(("Trong đó", "Dân tộc thiểu số"), lambda person: person.is_minority),
    Mark(("Trong đó", "Tôn giáo"), lambda person: person.has_religion),
    *_quality(of_all=True),
    *_levels("Tin học", IT, ("Chứng chỉ", ["A", "B", "C"]), ("Trung cấp trở lên", ["TC"])),
    *_levels("Ngoại ngữ", FOREIGN, ("Chứng chỉ", ["A", "B", "C"]), ("Trung cấp trở lên", ["TC", "CD", "DH"])),
    Mark(("Tiếng dân tộc thiểu số",), _at(ETHNIC, "GT", "CC")),
    Mark(("Quốc phòng - an ninh",), _at(DEFENCE, "D5", "D4", "D3", "D2")),
    *(Mark(("Độ tuổi", name), _aged(first, last)) for name, first, last in AGES),
    Mark(("Độ tuổi", UNKNOWN), lambda person: person.age is None),
    *(Mark(("Thời gian công tác có BHXH", name), _insured(first, last)) for name, first, last in INSURED),
    Mark(("Thời gian công tác có BHXH", UNKNOWN), lambda person: person.insured is None),
)
# The groups of columns that part all people: each adds up to the whole.
PARTITIONS = tuple({mark.heads[0]: None for mark in STATISTICS if mark.heads[-1] == UNKNOWN})


def _deputy(level: str) -> Condition:
    return lambda person: level in fold(person.official.council_deputy).split()


LIST_MARKS: tuple[Mark, ...] = (
    Mark(("Đại biểu HĐND", "Xã"), _deputy("xa")),
    Mark(("Đại biểu HĐND", "Huyện"), _deputy("huyen")),
    Mark(("Đại biểu HĐND", "Tỉnh"), _deputy("tinh")),
    Mark(("Tham gia cấp ủy cấp xã",), lambda person: bool(person.official.party_committee)),
    *_quality(of_all=False),
    *_levels("Tin học", IT, ("Chứng chỉ A, B, C", ["A", "B", "C"]), ("Trung cấp trở lên", ["TC"])),
    Mark(("Tin học", "Cao đẳng"), None),
    Mark(("Tin học", "Đại học"), None),
    *_levels(
        "Ngoại ngữ",
        FOREIGN,
        ("Chứng chỉ A, B, C", ["A", "B", "C"]),
        ("Trung cấp", ["TC"]),
        ("Cao đẳng", ["CD"]),
        ("Đại học", ["DH"]),
    ),
    Mark(("An ninh, quốc phòng",), _at(DEFENCE, "D5", "D4", "D3", "D2")),
    *(Mark(("Chia theo độ tuổi", name), _aged(first, last)) for name, first, last in AGES[:3]),
    Mark(("Chia theo độ tuổi", "Từ 51 đến 60", "Tổng số"), _aged(51, 60)),
    Mark(("Chia theo độ tuổi", "Từ 51 đến 60", "Nữ 51–55"), lambda person: person.is_woman and _aged(51, 55)(person)),
    Mark(
        ("Chia theo độ tuổi", "Từ 51 đến 60", "Nam 56–60"),
        lambda person: person.official.sex == Sex.MALE and _aged(56, 60)(person),
    ),
    Mark(("Chia theo độ tuổi", "Trên 60"), _aged(61, 999)),
    *(Mark(("Thời gian công tác có BHXH", name), _insured(first, last)) for name, first, last in INSURED),
)
GROUP_TITLES = {PositionGroup.CADRE.value: "Cán bộ chuyên trách", PositionGroup.CIVIL_SERVANT.value: "Công chức"}


@dataclass(frozen=True)
class Asked:
    """What a form about a day is asked for: the people of which posts, what that is called, the paper's day, and from
    what it is counted (source.py)."""

    day: date
    appointments: QuerySet[Appointment] | None
    scope: str
    made_on: date
    source: str

    @property
    def lines(self) -> list[str]:
        told = f"Tính đến ngày {self.day:%d/%m/%Y}. Phạm vi: {self.scope}"
        return [told, self.source]

    def people(self) -> list[Person]:
        return people_on(self.day, self.appointments)


# ---------------------------------------------------------------- statistics


def _counted(people: Iterable[Person]) -> list[Cell]:
    """The whole, and how many each column holds of; an empty cell for nobody."""
    found = list(people)
    numbers = [sum(mark.holds(person) for person in found) for mark in STATISTICS if mark.holds]
    return [len(found), *(number or None for number in numbers)]


def _statistics(asked: Asked, *, code: str, of: str, rows: Callable[[list[Person]], list[Row]]) -> Form:
    people = asked.people()
    return Form(
        code=code,
        mark="Biểu số lượng, chất lượng",
        title="SỐ LƯỢNG, CHẤT LƯỢNG CÁN BỘ, CÔNG CHỨC CẤP XÃ",
        lines=[f"(Theo {of})", *asked.lines],
        columns=(
            Column(("STT",)),
            Column((of[:1].upper() + of[1:],), 40, "left"),
            Column(("Tổng số",)),
            *(mark.column for mark in STATISTICS),
        ),
        rows=[*rows(people), Row(("", "Tổng cộng", *_counted(people)), is_total=True)],
        day=asked.made_on,
        unit="người",
        numbers=["A", "B", *(str(number) for number in range(1, len(STATISTICS) + 2))],
        notes=[
            "Mỗi người tính một lần, theo chức danh chính vào ngày tính; trình độ là mức cao nhất đã ghi trong hồ sơ.",
            f"Cột “{UNKNOWN}”: hồ sơ chưa ghi; không có nghĩa là chưa qua đào tạo.",
        ],
    )


def by_position(asked: Asked) -> Form:
    """Số lượng, chất lượng: a row a position, in the two groups."""

    def rows(people: list[Person]) -> list[Row]:
        found: list[Row] = []
        for roman, (group, title) in zip(ROMAN, GROUP_TITLES.items(), strict=False):
            of_group = [person for person in people if person.post.position.group == group]
            if not of_group:
                continue
            found.append(Row((roman, title, *_counted(of_group)), is_total=True))
            in_order = sorted(of_group, key=lambda person: (person.post.position.order, person.post.position.code))
            for number, (position, own) in enumerate(groupby(in_order, key=lambda one: one.post.position), start=1):
                found.append(Row((number, position.title, *_counted(own))))
        return found

    return _statistics(asked, code="so-luong-chat-luong-chuc-danh", of="chức danh", rows=rows)


def by_unit(asked: Asked) -> Form:
    """Số lượng, chất lượng: a row a commune, below what is above it."""

    def rows(people: list[Person]) -> list[Row]:
        found: list[Row] = []
        for place, (_, of_district) in enumerate(groupby(people, key=lambda person: person.post.district_code)):
            own = list(of_district)
            found.append(Row((_roman(place), own[0].post.district_name or UNKNOWN, *_counted(own)), is_total=True))
            for number, (_, of_commune) in enumerate(groupby(own, key=lambda one: one.post.commune_code), start=1):
                there = list(of_commune)
                found.append(Row((number, there[0].post.commune_name, *_counted(there))))
        return found

    return _statistics(asked, code="so-luong-chat-luong-don-vi", of="đơn vị", rows=rows)


def _roman(place: int) -> str:
    return ROMAN[place] if place < len(ROMAN) else str(place + 1)


# ---------------------------------------------------------------- lists


def _born(person: Person) -> tuple[Cell, Cell, list[str]]:
    """The birth in the column of the sex; where the sex is unknown, in words for the last column."""
    born, sex = str(person.official.birth or ""), person.official.sex
    told = [] if sex or not born else [f"sinh {born}, chưa rõ giới tính"]
    return born if sex == Sex.MALE else "", born if sex == Sex.FEMALE else "", told


def _in_groups(people: list[Person], cells: Callable[[int, Person], tuple[Cell, ...]], columns: int) -> list[Row]:
    """A row a person, below a heading for each position, numbered through."""
    in_order = sorted(people, key=lambda one: (one.post.position.order, one.post.position.code))
    rows: list[Row] = []
    number = 0
    for place, (position, own) in enumerate(groupby(in_order, key=lambda one: one.post.position)):
        there = list(own)
        title = f"{position.title}: {len(there)} người"
        rows.append(Row((_roman(place), title, *[""] * (columns - 2)), is_group=True))
        for person in there:
            number += 1
            rows.append(Row(cells(number, person)))
    return rows


def quality_list(asked: Asked) -> Form:
    """Mẫu số 02/CL.CBCCX: everybody with marks, by position; the sum of each column below."""
    people = asked.people()
    columns = (
        Column(("STT",)),
        Column(("Họ và tên",), 32, "left"),
        Column(("Ngày, tháng, năm sinh", "Nam")),
        Column(("Ngày, tháng, năm sinh", "Nữ")),
        Column(("Tháng, năm bắt đầu tham gia BHXH",)),
        Column(("Đảng viên",)),
        Column(("Dân tộc",)),
        Column(("Tôn giáo",)),
        *(mark.column for mark in LIST_MARKS),
        Column(("Ghi chú",), 14, "left"),
    )

    def cells(number: int, person: Person) -> tuple[Cell, ...]:
        men, women, told = _born(person)
        since = person.insured_since
        deputy = person.official.council_deputy
        if deputy and not any(mark.holds(person) for mark in LIST_MARKS[:3] if mark.holds):
            told.append(f"ĐB HĐND: {deputy}")
        return (
            number,
            person.official.full_name,
            men,
            women,
            f"{since.first_day:%m/%Y}" if since else "",
            "x" if person.official.is_party_member else "",
            person.official.ethnic_group.name if person.official.ethnic_group else "",
            person.official.religion if person.has_religion else "",
            *("x" if mark.holds and mark.holds(person) else "" for mark in LIST_MARKS),
            "; ".join(told),
        )

    sums = [sum(mark.holds(person) for person in people) or None if mark.holds else None for mark in LIST_MARKS]
    men = sum(person.official.sex == Sex.MALE for person in people)
    women = sum(person.is_woman for person in people)
    members = sum(bool(person.official.is_party_member) for person in people)
    total: tuple[Cell, ...] = ("", f"Tổng cộng: {len(people)} người", men, women, None, members, None, None, *sums, "")
    return Form(
        code="02-cl-cbccx",
        mark="Mẫu số 02/CL.CBCCX",
        title="THỐNG KÊ CHẤT LƯỢNG CÁN BỘ, CÔNG CHỨC CẤP XÃ",
        lines=asked.lines,
        columns=columns,
        rows=[*_in_groups(people, cells, len(columns)), Row(total, is_total=True)],
        day=asked.made_on,
        notes=["Ô trống: không, hoặc hồ sơ chưa ghi."],
    )


def pay_list(asked: Asked) -> Form:
    """BM04/BNV, without pay, which the registry does not keep."""
    people = asked.people()
    pay = (
        *(("Mức lương hiện hưởng", name) for name in ("Hệ số lương", "Bậc lương hiện hưởng")),
        *(
            ("Phụ cấp", name)
            for name in ("Chức vụ", "Trách nhiệm", "Khu vực", "Vượt khung", "Tổng phụ cấp theo phần trăm")
        ),
    )
    columns = (
        Column(("STT",)),
        Column(("Họ và tên",), 42, "left"),
        Column(("Ngày, tháng, năm sinh", "Nam")),
        Column(("Ngày, tháng, năm sinh", "Nữ")),
        Column(("Chức vụ hoặc chức danh công tác",), 40, "left"),
        Column(("Cơ quan, đơn vị đang làm việc",), 38, "left"),
        Column(("Thời gian giữ chức vụ, chức danh (từ)",), 24),
        *(Column(heads, is_lacking=True) for heads in pay),
        Column(("Ghi chú",), 16, "left"),
    )

    def cells(number: int, person: Person) -> tuple[Cell, ...]:
        men, women, told = _born(person)
        return (
            number,
            person.official.full_name,
            men,
            women,
            person.post.position.title,
            person.post.commune_name,
            str(person.held_since or ""),
            *[""] * len(pay),
            "; ".join(told),
        )

    rows = [Row(cells(number, person)) for number, person in enumerate(people, start=1)]
    men, women = (sum(person.official.sex == sex for person in people) for sex in Sex)
    total: tuple[Cell, ...] = ("", f"Tổng số: {len(people)} người", men, women, "", "", "", *[""] * len(pay), "")
    return Form(
        code="bm04",
        mark="BM04/BNV",
        title="DANH SÁCH VÀ TIỀN LƯƠNG CÁN BỘ, CÔNG CHỨC CẤP XÃ",
        lines=asked.lines,
        columns=columns,
        rows=[*rows, Row(total, is_total=True)],
        day=asked.made_on,
    )


def extract_list(asked: Asked) -> Form:
    """Danh sách trích ngang."""
    people = asked.people()
    dimensions = {
        "Văn hóa": EDUCATION,
        "Chuyên môn": PROFESSIONAL,
        "LLCT": POLITICS,
        "QLNN": STATE,
        "Tin học": IT,
        "Ngoại ngữ": FOREIGN,
    }
    columns = (
        Column(("STT",)),
        Column(("Họ và tên",), 34, "left"),
        Column(("Năm sinh", "Nam")),
        Column(("Năm sinh", "Nữ")),
        Column(("Dân tộc",)),
        Column(("Quê quán",), 28, "left"),
        Column(("Nơi ở",), 28, "left"),
        Column(("Ngày vào Đảng", "Dự bị")),
        Column(("Ngày vào Đảng", "Chính thức")),
        *(Column(("Trình độ", name), 22, "left") for name in dimensions),
        Column(("Chức vụ hiện nay",), 30, "left"),
        Column(("Ghi chú",), 16, "left"),
    )

    def cells(number: int, person: Person) -> tuple[Cell, ...]:
        official, (men, women, told) = person.official, _born(person)
        return (
            number,
            official.full_name,
            men,
            women,
            official.ethnic_group.name if official.ethnic_group else "",
            official.hometown,
            official.residence,
            str(official.party_joined or ""),
            str(person.official_member_since or ""),
            *(person.names.get(dimension, "") for dimension in dimensions.values()),
            f"{person.post.position.title}, {person.post.commune_name}",
            "; ".join(told),
        )

    rows = [Row(cells(number, person)) for number, person in enumerate(people, start=1)]
    return Form(
        code="trich-ngang",
        mark="",
        title="DANH SÁCH TRÍCH NGANG CÁN BỘ, CÔNG CHỨC CẤP XÃ",
        lines=asked.lines,
        columns=columns,
        rows=rows,
        day=asked.made_on,
        notes=[f"Danh sách có {thousands(len(people))} người.", "Ô trống: hồ sơ chưa ghi."],
    )


# ---------------------------------------------------------------- needs


def needs(asked: Asked, *, criterion: Criterion) -> Form:
    """Nhu cầu: of each position, how many do not reach the standard in which dimension; as the rates count them."""
    rulebook = Rulebook.load()
    dimensions = counted_dimensions(criterion, rulebook.dimensions_asked(asked.day))
    levels = rulebook.level_sets(asked.day)
    posts = judged(
        asked.day, criterion=criterion, appointments=asked.appointments, rulebook=rulebook, everybody=True
    ).filter(verdict__isnull=False)
    kinds: Any = posts.order_by().values(
        "position__group", "position__order", "position__code", "position__title", "verdict", *DimensionVerdict
    )
    lacking: dict[tuple[Any, ...], Counter[str]] = {}
    for kind in kinds.annotate(people=Count("pk")).values_list(
        "position__group", "position__order", "position__code", "position__title", "verdict", *DimensionVerdict,
        "people", named=True,
    ):  # fmt: skip
        key = kind.position__group, kind.position__order, kind.position__code, kind.position__title
        counts = lacking.setdefault(key, Counter())
        counts["all"] += kind.people
        counts[kind.verdict] += kind.people
        for dimension in dimensions:
            if levels.verdict(kind, dimension) == DimensionVerdict.NOT_MET:
                counts[dimension.code] += kind.people
    told = ("all", "not_compliant", "undetermined", *(dimension.code for dimension in dimensions))

    def row(number: Cell, title: str, counts: Iterable[Counter[str]], *, is_total: bool = False) -> Row:
        together = sum(counts, Counter[str]())
        return Row((number, title, *(together[name] or None for name in told)), is_total=is_total)

    rows: list[Row] = []
    for roman, (group, title) in zip(ROMAN, GROUP_TITLES.items(), strict=False):
        of_group = {
            key: counts for key, counts in sorted(lacking.items(), key=lambda item: item[0][1:]) if key[0] == group
        }
        if of_group:
            rows.append(row(roman, title, of_group.values(), is_total=True))
            rows += [row(number, key[3], [counts]) for number, (key, counts) in enumerate(of_group.items(), start=1)]
    return Form(
        code="nhu-cau",
        mark="",
        title="NHU CẦU ĐÀO TẠO, BỒI DƯỠNG CÁN BỘ, CÔNG CHỨC CẤP XÃ",
        lines=[*asked.lines, f"Tiêu chí: {criterion.name.lower()}"],
        columns=(
            Column(("STT",)),
            Column(("Chức danh",), 60, "left"),
            Column(("Tổng số",)),
            Column(("Chưa đạt chuẩn",)),
            Column(("Chưa đủ dữ liệu",)),
            *(Column(("Số người chưa đạt mức của chức danh", dimension.name)) for dimension in dimensions),
        ),
        rows=[*rows, row("", "Tổng cộng", lacking.values(), is_total=True)],
        day=asked.made_on,
        unit="người",
        numbers=["A", "B", *(str(number) for number in range(1, len(dimensions) + 4))],
        notes=["Một người có thể chưa đạt ở nhiều mặt. Kể cả người đang học; ai không có văn bản xét thì không tính."],
    )
