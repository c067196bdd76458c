"""Alarms: what is wrong with a file as a whole, so that nothing of it is written until a person says that it is right.

Each kind is a row of the table `ALARMS`: the code that the contract gives it, what whoever writes the file says by
ticking it, and how it is found. It is found from the plan, which is the file compared with the registry, and from what
the batch keeps of the file (the keys of its summary), so that it is found again after every decision.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cadres.roster.matching import BIRTH, NAME, SEX, Match
from cadres.roster.plan import Plan
from cadres.roster.seats import Conflict
from cadres.roster.statements import ERROR
from cadres.roster.turnover import Scope, Turnover

MANY_PERCENT = 30  # more than this share of a commune's people new, or absent, is a question
FEWEST = 5  # people of whom "most" says something
HALF_NAME, UNREAD_ROW = "half_name", "unread_row"  # issues of rows, and of the file, that alarms count
NEEDED = {"position": "chức danh", "commune": "xã"}  # columns without which nobody new is read

Alarm = dict[str, Any]  # code, unit (of a commune; None: of the file), count, of, message: as the contract has them
Summary = Mapping[str, Any]
Found = Iterator[tuple[str | None, int, int, str]]  # unit, count, of, message


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of alarm of the file. `confirmed` is what a person ticks to have the file written all the same; where that
    does not say why it is so (`asks_why`), the reason is asked.
    """

    code: str
    confirmed: str
    find: Callable[[Plan, Summary], Found]
    title: str = ""  # of a kind that is raised a commune each: what many of them say together
    asks_why: bool = False

    def alarms(self, plan: Plan, summary: Summary) -> list[Alarm]:
        return [
            {"code": self.code, "unit": unit, "count": count, "of": of, "message": message}
            for unit, count, of, message in self.find(plan, summary)
        ]


def alarms_of(plan: Plan, summary: Summary) -> list[Alarm]:
    """The alarms of a file compared with the registry, in the order of the table."""
    return [alarm for kind in ALARMS for alarm in kind.alarms(plan, summary)]


def unaccepted(alarms: Iterable[Alarm], accepted: Iterable[Alarm]) -> list[Alarm]:
    """The alarms that nobody has accepted; one that counts more, or something else, than the accepted is another."""
    known = [_counted(alarm) for alarm in accepted]
    return [alarm for alarm in alarms if _counted(alarm) not in known]


def _counted(alarm: Alarm) -> tuple[Any, ...]:
    return tuple(alarm[name] for name in ("code", "unit", "count", "of"))


def _most(count: int, of: int) -> bool:
    return of >= FEWEST and count * 2 > of


def _names_changed(plan: Plan, _: Summary) -> Found:
    known = _numbered(plan)
    count = sum(NAME in match.contradictions for match in known)
    if _most(count, len(known)):
        yield (
            None, count, len(known),
            f"{count} trong {len(known)} người có số định danh trong hồ sơ được ghi họ tên của người khác: có thể cột "
            "họ tên hoặc cột số định danh bị lệch dòng.",
        )  # fmt: skip


def _facts_changed(plan: Plan, _: Summary) -> Found:
    known = _numbered(plan)
    count = sum(bool({BIRTH, SEX} & set(match.contradictions)) for match in known)
    if _most(count, len(known)):
        yield (
            None, count, len(known),
            f"{count} trong {len(known)} người có số định danh trong hồ sơ được ghi ngày sinh hoặc giới tính khác: có "
            "thể cột ngày sinh, giới tính bị lệch dòng hoặc ngày và tháng bị đổi chỗ.",
        )  # fmt: skip


def _numbered(plan: Plan) -> list[Match]:
    """The rows whose number the registry has."""
    return [match for match in plan.matches if match.numbered and match.stated.identifier]


def _given_names_missing(plan: Plan, _: Summary) -> Found:
    named = [match.stated for match in plan.matches if match.stated.full_name]
    count = sum(
        " " not in stated.full_name or any(issue.code == HALF_NAME for issue in stated.issues) for stated in named
    )
    if _most(count, len(named)):
        yield (
            None, count, len(named),
            f"{count} trong {len(named)} họ tên chỉ có một phần: có thể họ đệm và tên nằm ở hai cột mà chỉ đọc được "
            "một.",
        )  # fmt: skip


def _new(plan: Plan, _: Summary) -> Found:
    for commune in _turned_over(plan):
        if not commune.later and _many(commune.new, commune.stated):
            yield _of_commune(plan, commune, "{} trong {} người của danh sách chưa có trong hồ sơ.", is_new=True)


def _absent(plan: Plan, _: Summary) -> Found:
    for commune in _turned_over(plan):
        if plan.scope != Scope.SOME and not commune.later and _many(commune.absent, commune.known):
            yield _of_commune(plan, commune, "{} trong {} người có trong hồ sơ không có trong danh sách.", is_new=False)


def _turned_over(plan: Plan) -> list[Turnover]:
    """The communes where a share of people says something. Of how many the file has few rows, unless somebody says
    that it is complete, the others are not said to be absent: it is a supplement there."""
    return [
        commune
        for commune in plan.turnover
        if commune.known >= FEWEST and (plan.is_scope_chosen or commune.stated >= FEWEST)
    ]


def _many(count: int, of: int) -> bool:
    return of >= FEWEST and count * 100 > of * MANY_PERCENT


def _of_commune(plan: Plan, commune: Turnover, told: str, *, is_new: bool) -> tuple[str | None, int, int, str]:
    count, of = (commune.new, commune.stated) if is_new else (commune.absent, commune.known)
    code, name = _named(plan, commune.unit)
    return code, count, of, f"{name}: {told.format(count, of)}"


def _named(plan: Plan, unit: int) -> tuple[str | None, str]:
    """The code and the name of a commune on the day of the file."""
    version = plan.dictionaries.unit_on(unit, plan.day)
    return (version.code, version.name) if version else (None, "Xã đã kết thúc")


def _two_holders(plan: Plan, _: Summary) -> Found:
    counted = {commune.unit for commune in plan.turnover if commune.known >= FEWEST}
    seats: dict[int, dict[int, list[Conflict]]] = defaultdict(lambda: defaultdict(list))
    for conflict in plan.conflicts:
        unit, position = conflict.seat
        if unit in counted:
            seats[unit][position].append(conflict)
    for unit, of_unit in sorted(seats.items()):
        open_ones = [position for position, conflicts in of_unit.items() if not all(c.is_answered for c in conflicts)]
        if open_ones:
            code, name = _named(plan, unit)
            titles = ", ".join(plan.dictionaries.titles_by_key[position] for position in open_ones)
            yield code, len(open_ones), len(of_unit), f"{name}: chức danh chỉ một người giữ có thêm người: {titles}."


def _over_quota(plan: Plan, _: Summary) -> Found:
    counted = {commune.unit for commune in plan.turnover if commune.known >= FEWEST}
    for commune in plan.over_quota:
        if commune.unit in counted:
            code, name = _named(plan, commune.unit)
            told = f"{name}: {commune.people} cán bộ, công chức, số lượng theo loại xã là {commune.most}."
            yield code, commune.people, commune.most, told


def _future_day(plan: Plan, summary: Summary) -> Found:
    if summary.get("is_future"):
        yield None, 1, 1, f"Ngày số liệu {plan.day:%d/%m/%Y} ở sau hôm nay."


def _unread_columns(plan: Plan, summary: Summary) -> Found:
    columns = summary.get("unread", ())
    like = [column for column in columns if column.get("suggested")]
    if like:
        titles = ", ".join(f"“{column['title']}”" for column in like)
        yield (
            None,
            len(like),
            len(columns),
            f"Không đọc {len(like)} cột có tiêu đề giống một nội dung của hồ sơ: {titles}.",
        )
    for name, label in NEEDED.items():
        count = sum(_lacks_column(match, name) for match in plan.matches)
        if count * 2 > len(plan.matches):
            yield (
                None, count, len(plan.matches),
                f"Không tìm thấy cột {label} nên {count} dòng không được nhận.",
            )  # fmt: skip


def _lacks_column(match: Match, name: str) -> bool:
    """Whether the row is rejected for want of a value for which its table has no column."""
    stated = match.stated
    return name not in stated.titles and any(
        issue.severity == ERROR and issue.code == f"missing_{name}" for issue in (*stated.issues, *stated.findings)
    )


def _unread_rows(plan: Plan, summary: Summary) -> Found:
    rows = [notice["row"] for notice in summary.get("notices", ()) if notice["code"] == UNREAD_ROW]
    if rows:
        told = ", ".join(map(str, rows[:10])) + (" …" if len(rows) > 10 else "")
        yield (
            None,
            len(rows),
            len(rows) + len(plan.matches),
            f"{len(rows)} dòng có chữ mà không hiểu được: dòng {told}.",
        )


ALARMS = (
    Kind(
        "new",
        "Những người này đúng là mới.",
        _new,
        "Ở {communes} xã, {count} trong {of} người của danh sách chưa có trong hồ sơ.",
    ),
    Kind(
        "absent",
        "Những người không có trong danh sách đã được xem.",
        _absent,
        "Ở {communes} xã, {count} trong {of} người có trong hồ sơ không có trong danh sách.",
    ),
    Kind(
        "two_holders",
        "Các chức danh này đúng là nhiều người cùng giữ.",
        _two_holders,
        "Ở {communes} xã, {count} chức danh chỉ một người giữ có thêm người.",
    ),
    Kind(
        "over_quota",
        "Số người này là đúng, dù nhiều hơn số lượng theo loại xã.",
        _over_quota,
        "Ở {communes} xã, có {count} cán bộ, công chức, số lượng theo loại xã là {of}.",
        asks_why=True,
    ),
    Kind("names_changed", "Họ tên trong tệp là đúng, dù khác hồ sơ.", _names_changed),
    Kind("facts_changed", "Ngày sinh, giới tính trong tệp là đúng, dù khác hồ sơ.", _facts_changed),
    Kind("given_names_missing", "Họ tên trong tệp đầy đủ như đã đọc.", _given_names_missing),
    Kind("unread_columns", "Các cột này không cần đọc.", _unread_columns),
    Kind("unread_rows", "Các dòng này không phải là người.", _unread_rows),
    Kind("future_day", "Ngày số liệu này là đúng.", _future_day),
)
KINDS = {kind.code: kind for kind in ALARMS}
