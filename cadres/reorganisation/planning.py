"""What a reorganisation would do: units that end and open, posts that go along, and what stands against it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

from django.db.models import Count, Exists, OuterRef

from cadres.models import Appointment, Unit, UnitSuccession, UnitVersion
from cadres.periods import PeriodQuerySet
from cadres.reorganisation.successions import Line
from cadres.text import fold

KIND_OF = {"xa": UnitVersion.Kind.COMMUNE, "phuong": UnitVersion.Kind.WARD, "thi tran": UnitVersion.Kind.TOWNSHIP}


class ReorganisationRefused(Exception):  # noqa: N818 — reads as what happened
    """It cannot be carried out. `reasons`: one Vietnamese line each, with the place and how to mend it."""

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = list(reasons)


@dataclass(frozen=True)
class Opening:
    """A unit (or, of one that goes on under its code, a version of it) that begins on the day."""

    code: str
    name: str
    kind: str
    parent: str  # code, on the day
    unit: Unit | None = None  # that goes on


@dataclass
class Plan:
    """A reorganisation on a day, ready to be carried out. Units are told by their versions of the day before."""

    day: date
    decision: str
    lines: Sequence[Line]
    old: Mapping[str, UnitVersion]  # code → predecessor, as it is on the day before
    opening: dict[str, Opening] = field(default_factory=dict)  # code → successor that is not there yet
    there: dict[str, Unit] = field(default_factory=dict)  # code → successor that is on record

    @property
    def eve(self) -> date:
        return self.day - timedelta(days=1)

    @cached_property
    def successors(self) -> dict[str, list[str]]:
        """Code of a predecessor → codes of what follows it, in the order of the lines: the first is the main one."""
        found: dict[str, list[str]] = defaultdict(list)
        for line in self.lines:
            found[line.predecessor].append(line.successor)
        return dict(found)

    @cached_property
    def predecessors(self) -> dict[str, list[str]]:
        """Code of a successor → codes of what it follows."""
        found: dict[str, list[str]] = defaultdict(list)
        for line in self.lines:
            found[line.successor].append(line.predecessor)
        return dict(found)

    def goes_on(self, code: str) -> bool:
        """Whether a predecessor stays the same unit: one follows one, under the same code (docs/decisions/04)."""
        after = self.successors[code]
        return after == [code] and self.predecessors[code] == [code]

    def cluster_of(self, code: str) -> int | None:
        """The key of the cluster into which a successor opens: the one that all it follows were in."""
        (cluster, *others) = {self.old[before].cluster_id for before in self.predecessors[code]}
        return None if others else cluster

    @property
    def names(self) -> dict[str, str]:
        """Code of a successor → its name."""
        return {line.successor: line.successor_name for line in self.lines}

    @property
    def split(self) -> dict[str, list[str]]:
        """The predecessors that several follow."""
        return {code: after for code, after in self.successors.items() if len(after) > 1}

    @cached_property
    def moving(self) -> dict[str, str]:
        """Code of a predecessor that ends → code of its (main) successor."""
        return {code: after[0] for code, after in self.successors.items() if not self.goes_on(code)}

    def going(self) -> PeriodQuerySet[Appointment]:
        """The posts that go along: in a unit that ends, held on the day before and on the day."""
        units = [self.old[code].unit_id for code in self.moving]
        return Appointment.objects.filter(unit__in=units).begun_by(self.eve).lasting_to(self.day)

    def people(self) -> Mapping[str, int]:
        """Code of a predecessor that ends → the people who go along (primary posts)."""
        counted = self.going().filter(is_primary=True).values("unit").annotate(people=Count("pk"))
        by_unit = dict(counted.values_list("unit", "people"))
        return {code: by_unit.get(self.old[code].unit_id, 0) for code in self.moving}


def plan(lines: Sequence[Line], day: date, *, decision: str = "") -> Plan:
    """What carrying out these lines on the day would do. Raises ReorganisationRefused with all that is against it."""
    if not lines:
        raise ReorganisationRefused(
            [f"Không có dòng sáp nhập, chia tách nào có hiệu lực ngày {day:%d/%m/%Y}: hãy kiểm tra ngày hoặc tệp."]
        )
    eve = day - timedelta(days=1)
    before = {version.code: version for version in UnitVersion.objects.as_of(eve).select_related("unit")}
    after = {version.code: version for version in UnitVersion.objects.as_of(day).select_related("unit")}
    refused = [*_wrong_lines(lines), *_wrong_predecessors(lines, before, day)]
    if refused:
        raise ReorganisationRefused(refused)
    old = {line.predecessor: before[line.predecessor] for line in lines}
    found = Plan(day, decision or _decision_of(lines), lines, old)
    refused = [*_settle_successors(found, after), *_left_over(found), *_begun_too_late(found)]
    if refused:
        raise ReorganisationRefused(refused)
    return found


def _decision_of(lines: Sequence[Line]) -> str:
    """The decision that most lines name."""
    told = Counter(line.decision for line in lines if line.decision)
    return told.most_common(1)[0][0] if told else ""


def _wrong_lines(lines: Sequence[Line]) -> Iterable[str]:
    """What is wrong with the lines by themselves."""
    seen: set[tuple[str, str]] = set()
    leads: dict[str, set[str]] = defaultdict(set)
    for line in lines:
        if not line.predecessor:
            yield f"{line.place}: thiếu mã đơn vị cũ."
        elif not line.successor:
            old = line.predecessor_name or line.predecessor
            yield f"{line.place}: {old} không có đơn vị kế tục. Hãy ghi mã, tên đơn vị mới."
        elif (line.predecessor, line.successor) in seen:
            yield f"{line.place}: {line.predecessor} → {line.successor} đã có ở dòng trên. Hãy bỏ một dòng."
        else:
            seen.add((line.predecessor, line.successor))
            if line.predecessor != line.successor:
                leads[line.predecessor].add(line.successor)
    yield from _circles(leads)


def _circles(leads: Mapping[str, set[str]]) -> Iterable[str]:
    """Codes that follow one another round: nobody can tell which of them is old."""
    done: set[str] = set()
    for start in leads:
        path: list[str] = []
        code: str | None = start
        while code is not None and code not in done and code not in path:
            path.append(code)
            code = min(leads.get(code, ()), default=None)
        if code in path:
            told = " → ".join([*path[path.index(code) :], code])
            yield f"Các mã kế tục nhau thành vòng: {told}. Hãy kiểm tra mã đơn vị mới."
        done |= set(path)


def _wrong_predecessors(lines: Sequence[Line], before: Mapping[str, UnitVersion], day: date) -> Iterable[str]:
    for code, line in {line.predecessor: line for line in lines if line.predecessor}.items():
        version = before.get(code)
        if version is None:
            yield f"{line.place}: {_no_unit(code, day)}"
        elif line.predecessor_name and fold(line.predecessor_name) != fold(version.name):
            yield (
                f"{line.place}: trước ngày {day:%d/%m/%Y} mã {code} là {version.name}, không phải "
                f"{line.predecessor_name}. Hãy kiểm tra mã."
            )
        elif version.kind not in UnitVersion.COMMUNE_KINDS:
            yield f"{line.place}: {version.name} không phải là đơn vị cấp xã."


def _no_unit(code: str, day: date) -> str:
    """Why no unit bears the code on the day before."""
    bearers = list(UnitVersion.objects.filter(code=code).order_by("start_date"))
    if later := next((version for version in bearers if not version.begins_before(day)), None):
        return f"{later.name} ({code}) mới có từ ngày {later.start_date:%d/%m/%Y}. Hãy kiểm tra ngày."
    if bearers and bearers[-1].end_date:
        return f"{bearers[-1].name} ({code}) đã kết thúc ngày {bearers[-1].end_date:%d/%m/%Y}. Hãy kiểm tra ngày."
    return f"không có đơn vị nào mang mã {code}. Hãy kiểm tra mã."


def _settle_successors(found: Plan, after: Mapping[str, UnitVersion]) -> Iterable[str]:
    """Find each successor on record, or what opens; what stands against it."""
    ending = {found.old[code].unit_id for code in found.moving}
    for line in {line.successor: line for line in found.lines}.values():
        code, version = line.successor, after.get(line.successor)
        if version is not None and version.unit_id not in ending:
            is_another = fold(line.successor_name) != fold(version.name)
            if code in found.old and found.goes_on(code) and found.old[code].pk == version.pk:
                if not is_another and line.parent in ("", _parent_code(found, code)):
                    yield f"{line.place}: {version.name} tiếp tục là chính nó: không có gì thay đổi. Hãy bỏ dòng này."
                    continue
            elif is_another:
                yield (
                    f"{line.place}: ngày {found.day:%d/%m/%Y} mã {code} là {version.name}, không phải "
                    f"{line.successor_name}. Hãy kiểm tra mã."
                )
                continue
            else:
                found.there[code] = version.unit
                continue
        opening = _opening(found, line)
        if isinstance(opening, str):
            yield opening
        else:
            found.opening[code] = opening
    units = [version.unit_id for version in found.old.values()]
    versions = UnitVersion.objects.filter(unit__in=units).begun_after(found.eve).order_by("-start_date")
    next_of = {version.unit_id: version for version in versions}
    for code in found.old:
        later = next_of.get(found.old[code].unit_id)
        if later and not (later.start_date == found.day and found.goes_on(code)):
            yield (
                f"{found.old[code].name} ({code}) còn được ghi sau ngày {found.eve:%d/%m/%Y} (từ "
                f"{later.start_date:%d/%m/%Y}). Hãy sửa tên, mã đơn vị theo thời gian trước."
            )


def _parent_code(found: Plan, code: str) -> str:
    """The code, on the day before, of the unit above a predecessor."""
    parent = found.old[code].parent
    version = parent.version_on(found.eve) if parent else None
    return version.code if version else ""


def _opening(found: Plan, line: Line) -> "Opening | str":
    """The unit that opens as the successor of a line, or what is not known of it."""
    kind = line.kind or next((kind for word, kind in KIND_OF.items() if fold(line.successor_name).startswith(word)), "")
    if kind not in UnitVersion.COMMUNE_KINDS:
        return (
            f"{line.place}: không rõ {line.successor_name or line.successor} là xã, phường hay thị trấn. "
            "Hãy ghi cột successor_kind (commune, ward, township)."
        )
    olds = found.predecessors[line.successor]
    (parent, *others) = sorted({line.parent} if line.parent else {_parent_code(found, code) for code in olds})
    above = UnitVersion.objects.as_of(found.day).filter(code=parent).exclude(kind__in=UnitVersion.COMMUNE_KINDS)
    if others or not above:
        return (
            f"{line.place}: không rõ {line.successor_name} trực thuộc đơn vị nào từ ngày {found.day:%d/%m/%Y}. "
            "Hãy ghi mã đơn vị cấp trên ở cột successor_parent."
        )
    unit = found.old[line.successor].unit if line.successor in found.old and found.goes_on(line.successor) else None
    return Opening(line.successor, line.successor_name, kind, parent, unit)


def _begun_too_late(found: Plan) -> Iterable[str]:
    """Posts that begin in a unit that is no more on their first day."""
    units = {found.old[code].unit_id: found.old[code].name for code in found.moving}
    late = Appointment.objects.filter(unit__in=units).begun_after(found.eve).select_related("official")
    for post in late.order_by("start_date", "pk"):
        yield (
            f"{post.official} được ghi ở {units[post.unit_id]} từ ngày {post.start_date:%d/%m/%Y}, khi xã đã được sắp "
            "xếp. Hãy đính chính đơn vị của chức danh này trước."
        )


def _left_over(found: Plan) -> Iterable[str]:
    """Communes that end on the day before with people in them, of which neither a line nor the record says who follows.

    Those that others follow on record may go by another file: the two provinces of 2025 each had its own.
    """
    there = UnitVersion.objects.as_of(found.day).filter(unit=OuterRef("unit"))
    ending = UnitVersion.objects.as_of(found.eve).communes().filter(~Exists(there), end_date=found.eve)
    named = {version.unit_id for version in found.old.values()}
    staying = Appointment.objects.filter(unit=OuterRef("unit"), is_primary=True).lasting_to(found.day)
    followed = UnitSuccession.objects.filter(predecessor=OuterRef("unit"), effective_on=found.day)
    for version in ending.exclude(unit__in=named).filter(~Exists(followed), Exists(staying)).order_by("code"):
        yield (
            f"{version.name} ({version.code}) kết thúc ngày {found.eve:%d/%m/%Y} và còn người mà không có đơn vị kế "
            "tục. Hãy thêm một dòng cho xã này."
        )
