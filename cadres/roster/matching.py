"""Which person of the registry a row speaks of: this one, nobody yet, or a question for a person to decide.

An identifier decides unless the name, the birth or the sex contradicts it: a wrong digit makes another person's number.
Without one, name-sakes are never merged silently: the name, the birth, the sex, the ethnic group and the commune must
all agree with exactly one person. What one side does not state contradicts nothing. What a person has decided about a
row goes before every rule.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from operator import itemgetter
from typing import Any

from cadres.bulk import among_texts
from cadres.models import Appointment, Official, OfficialIdentifier, Sex
from cadres.periods import PartialDate, Precision, in_force
from cadres.registry.rows import Identifier, columns_of
from cadres.roster.dictionaries import Dictionaries
from cadres.roster.people import FACTS, Stored
from cadres.roster.reach import Reach
from cadres.roster.resemblance import has_same_family_name, is_near_name, is_same_name
from cadres.roster.statements import ERROR, INFO, WARNING, Statement, to_iso

KNOWN_OF = itemgetter(
    *map(
        FACTS.index,
        (
            "id", "full_name", "folded_name", "name_order", "sex", "birth_date", "birth_precision", "ethnic_group_id",
            "merged_into_id",
        ),
    )
)  # fmt: skip
NUMBER = 1 + columns_of(Identifier).index("number")  # behind the as-of date

EVERYWHERE = Reach()

# In what a row with somebody's number may contradict that person, as messages say it.
NAME, BIRTH, SEX = "họ tên", "ngày sinh", "giới tính"


@dataclass(slots=True)
class Known:
    """What tells one person of the registry from another. `home` is the unit of the post on the roster's day."""

    id: int
    full_name: str
    folded_name: str
    name_order: str
    sex: str
    birth: PartialDate | None
    ethnic_group: int | None
    home: int | None = None
    numbers: list[str] = field(default_factory=list)

    def contradictions(self, stated: Statement) -> list[str]:
        """In what a row with this person's number cannot be about the same: name, birth, sex. Empty where it can."""
        found = [] if is_same_name(self.folded_name, stated.folded_name) else [NAME]
        if self.birth and stated.birth and self.birth != stated.birth and self.birth.contradicts(stated.birth):
            found.append(BIRTH)
        if self.sex and stated.sex and self.sex != stated.sex:
            found.append(SEX)
        return found


@dataclass
class Registry:
    """The people whom a file may speak of, and those of its communes."""

    stored: Stored
    people: dict[int, Known] = field(default_factory=dict)
    by_number: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    by_name: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    in_communes: set[int] = field(default_factory=set)  # who holds a primary post there on the day

    @classmethod
    def load(
        cls,
        statements: list[Statement],
        communes: Iterable[int],
        day: date,
        *,
        also: Iterable[int] = (),
        lock: bool = False,
    ) -> "Registry":
        """Read the candidates of all rows at once; the number of queries does not depend on the file.

        `also` are keys of officials whom a person has named. With `lock` the candidates are locked until the end of
        the transaction, so that nobody changes them meanwhile.
        """
        registry = cls(Stored(day))
        keys = set(also)
        # Who has left, or is to come, may be in the file as well, and spelt otherwise.
        posts = Appointment.objects.filter(unit_id__in=list(communes), is_primary=True).annotate(there=in_force(day))
        for official, is_there in posts.values_list("official_id", "there"):
            keys.add(official)
            if is_there:
                registry.in_communes.add(official)
        if numbers := {stated.identifier for stated in statements if stated.identifier}:
            numbered = OfficialIdentifier.objects.filter(number__in=among_texts(numbers))
            keys.update(numbered.values_list("official_id", flat=True))
        registry._read(keys, lock=lock)
        # A number tells who is meant; name-sakes elsewhere matter only to rows without one that is known.
        names = {stated.folded_name for stated in statements if stated.identifier not in registry.by_number}
        if names - {""}:
            namesakes = Official.objects.filter(folded_name__in=among_texts(names))
            registry._read(namesakes.values_list("pk", flat=True), lock=lock)
        return registry

    def _read(self, keys: Iterable[int], *, lock: bool) -> None:
        """Add those who have not been read yet; whose record was merged into another is nobody."""
        for key in self.stored.read(keys, lock=lock):
            if key not in self.stored.facts:
                continue
            pk, name, folded_name, order, sex, birth, precision, group, merged_into = KNOWN_OF(self.stored.facts[key])
            if merged_into is not None:
                continue
            person = Known(pk, name, folded_name, order, sex, PartialDate.of(birth, precision), group)
            person.home = self.stored.home(key)
            self.people[key] = person
            self.by_name[folded_name].append(key)
            for identifier in self.stored.identifiers.get(key, ()):
                person.numbers.append(identifier[NUMBER])
                self.by_number[identifier[NUMBER]].add(key)


@dataclass(slots=True)
class Match:
    """What a row was matched with: a known person (`key`), a question (`is_review`), or else somebody new.

    `first` is the earlier row whose person it gives a concurrent post; `resembles` are the keys of those it may be.
    `numbered` is whom its identifier belongs to in the registry, whatever came of that, and `contradictions` in what
    the row cannot be about that person. `left` is the person where that is nobody any more of who sent the file.
    """

    stated: Statement
    index: int
    decision: Mapping[str, Any]
    key: int | None = None
    is_review: bool = False
    first: "Match | None" = None
    resembles: list[int] = field(default_factory=list)
    numbered: Known | None = None
    contradictions: Sequence[str] = ()
    # Somebody who has left since: only what the row says of its time is proposed, and written once the province agrees.
    left: int | None = None

    @property
    def is_decided(self) -> bool:
        """Whether a person has said that this is one of the officials."""
        return self.decision.get("official") is not None

    @property
    def is_accepted(self) -> bool:
        """Whether the row speaks of a person who will be in the registry."""
        if self.first is not None and not self.first.is_accepted:
            return False
        return not self.is_review and not self.stated.is_rejected


# What a person may decide about a row (ImportRow.decision).
SAME_AS_TWIN = "twin"  # the row speaks of the same person as the row it equals
TAKE_NAME = "name"  # the row spells the name right, and the registry does not
BY_PROVINCE = "province"  # the decision is Sở Nội vụ's, which answers for everybody
LEFT_SCOPE = "left_scope"  # the issue of a row about who or what has left the scope of who sent the file


class Matcher:
    """Matches the rows of one file with the registry on the roster's day.

    `reach` says what may be written; who belongs elsewhere is not touched, and not named.
    """

    def __init__(self, registry: Registry, day: date, dictionaries: Dictionaries, reach: Reach = EVERYWHERE) -> None:
        self.registry = registry
        self.day = day
        self.reach = reach
        self.group_keys = {code: group.pk for code, group in dictionaries.ethnic_groups.items()}
        self.decided: set[int] = set()  # people whom a decision has given to a row
        self.taken: set[int] = set()  # those, and people whom an identifier has given to one

    def match(self, statements: list[Statement], decisions: Mapping[int, Mapping[str, Any]]) -> list[Match]:
        """Match every row, rejected ones unmatched; `decisions` are by the row's place in the file, from 0.

        Adds to a row the reason of its review or rejection.
        """
        matches = [Match(stated, index, decisions.get(index, {})) for index, stated in enumerate(statements)]
        rows = self._join_equal_identifiers([match for match in matches if not match.stated.is_rejected])
        self._compare_with_numbered(rows)
        open_rows = []
        for match in rows:
            if "official" in match.decision:
                self._by_decision(match)
            else:
                open_rows.append(match)
        for match in open_rows:
            self._by_identifier(match)
        self._hold_back_twins(rows)
        for match in open_rows:
            if match.key is None and match.first is None and not match.is_review:
                self._by_name(match)
        self._hold_back_double_claims(rows)
        self._hold_back_near_names(open_rows)
        for match in rows:
            if match.key is not None and not self._in_scope(self.registry.people[match.key]):
                self._review(
                    match, "of_another_unit",
                    "Người này trong hồ sơ đang thuộc đơn vị khác. Hãy đề nghị Sở Nội vụ thực hiện việc điều động.",
                )  # fmt: skip
        self._leave_to_the_province(rows)
        for match in rows:
            if match.key is None and not match.is_review and match.first is None and not match.stated.positions:
                match.stated.find(
                    ERROR, "missing_position", "position",
                    "Không có chức danh. Hãy điền chức danh của người này."
                    if "position" in match.stated.titles
                    else "Không thấy cột chức danh trong tệp nên không biết chức danh của người này.",
                )  # fmt: skip
        return matches

    def _leave_to_the_province(self, matches: list[Match]) -> None:
        """Hold back rows about who has left since the roster's day, and new people of communes that have: the present
        record is not the sender's to write. What the province has decided stands.
        """
        if not self.reach.limited:
            return
        left = self.reach.left(match.key for match in matches if match.key is not None)
        communes = {match.stated.unit for match in matches if match.stated.unit is not None}
        units = self.reach.units_left(communes)
        for match in matches:
            is_new = match.key is None and match.first is None and not match.is_review
            match.left = match.key if match.key in left else None
            if BY_PROVINCE in match.decision:
                continue
            if match.left is not None:
                match.resembles = match.resembles or [match.left]
                self._review(
                    match, LEFT_SCOPE,
                    "Người này nay thuộc đơn vị khác. Sở Nội vụ xem xét: chỉ chức danh, trình độ vào ngày danh sách "
                    "được ghi; họ tên, ngày sinh, giới tính, số định danh trong hồ sơ không đổi.",
                )  # fmt: skip
            elif is_new and match.stated.unit in units:
                self._review(
                    match, LEFT_SCOPE,
                    "Xã này nay không thuộc đơn vị gửi danh sách. Sở Nội vụ xem xét việc thêm người này.",
                )  # fmt: skip

    def _review(self, match: Match, code: str, message: str, name: str = "full_name") -> None:
        match.key, match.is_review = None, True
        match.stated.find(WARNING, code, name, message)

    def _join_equal_identifiers(self, matches: list[Match]) -> list[Match]:
        """Two rows with one identifier: another post of the same person, or a mistake. Returns the rows to match."""
        first_by_number: dict[str, Match] = {}
        rest = []
        for match in matches:
            stated = match.stated
            first = first_by_number.setdefault(stated.identifier, match) if stated.identifier else match
            if first is match:
                rest.append(match)
                continue
            same_person = stated.folded_name == first.stated.folded_name and stated.birth == first.stated.birth
            same_post = stated.unit == first.stated.unit and set(stated.positions) & set(first.stated.positions)
            if same_person and stated.positions and not same_post:
                match.first = first
                stated.find(
                    INFO, "concurrent_post", "position",
                    f"Cùng người với dòng {first.stated.row}: chức danh ở dòng này được ghi là kiêm nhiệm.",
                )  # fmt: skip
            else:
                stated.find(
                    ERROR, "duplicate_identifier", "national_id",
                    f"Số định danh trùng với dòng {first.stated.row} nhưng không phải cùng người giữ thêm chức danh "
                    "khác. Hãy sửa số định danh hoặc bỏ dòng thừa.",
                )  # fmt: skip
        return rest

    def _by_decision(self, match: Match) -> None:
        key, stated = match.decision["official"], match.stated
        if key in self.registry.people:
            match.key, match.resembles = key, [key]
            self.decided.add(key)
            self.taken.add(key)
        elif key is not None:
            self._review(match, "official_gone", "Người đã chọn không còn trong hồ sơ. Hãy chọn lại.")
        elif stated.identifier in self.registry.by_number:
            stated.find(
                WARNING, "not_written", "national_id",
                "Số định danh này trong hồ sơ là của người khác nên không được ghi. Hãy sửa số định danh.",
            )  # fmt: skip
            stated.identifier = ""

    def _compare_with_numbered(self, matches: list[Match]) -> None:
        """Find whose number each row bears, where it is one person's."""
        for match in matches:
            keys = self.registry.by_number.get(match.stated.identifier) if match.stated.identifier else None
            if keys and len(keys) == 1:
                match.numbered = self.registry.people[next(iter(keys))]
                match.contradictions = match.numbered.contradictions(match.stated)

    def _by_identifier(self, match: Match) -> None:
        stated = match.stated
        keys = self.registry.by_number.get(stated.identifier, set()) if stated.identifier else set()
        if not keys:
            return
        match.resembles = sorted(keys)
        person = self.registry.people[match.resembles[0]]
        if len(keys) > 1:
            self._review(match, "identifier_of_several", "Số này có ở nhiều người trong hồ sơ.", "national_id")
        elif keys & self.decided:
            self._review(match, "several_rows", "Một dòng khác của tệp đã được chọn là người có số này.", "national_id")
        elif match.contradictions:
            # A wrong digit makes another person's number: whose row this is, the name may tell.
            match.resembles += [namesake.id for namesake in self._namesakes(stated) if namesake is not person]
            self._review(
                match, "identifier_of_another",
                f"Số định danh này trong hồ sơ là của {self._told(person)}, khác {', '.join(match.contradictions)}: "
                "cần xác định có phải cùng người không.",
                "national_id",
            )  # fmt: skip
        else:
            match.key = person.id
            self.taken |= keys

    def _told(self, person: Known) -> str:
        """A person as a message names them; nobody of another's scope is named."""
        if not self._in_scope(person):
            return "người thuộc đơn vị khác"
        sex = f", {label}" if (label := dict(Sex.choices).get(person.sex)) else ""
        return f"{person.full_name} (sinh {person.birth or 'không rõ'}{sex})"

    def _hold_back_twins(self, matches: list[Match]) -> None:
        """Rows without identifier are different people; one that equals another row in everything is a question."""
        seen: dict[tuple[object, ...], Match] = {}
        # Rows with an identifier first: beside one, it is the row without that is in question.
        for match in sorted(matches, key=lambda match: not match.stated.identifier):
            stated = match.stated
            key = (stated.folded_name, to_iso(stated.birth), stated.sex, stated.ethnic_group, stated.unit)
            twin = seen.setdefault(key, match)
            if twin is match or stated.identifier or "official" in match.decision:
                continue
            if SAME_AS_TWIN in match.decision:
                match.key, match.is_review, match.first = None, False, twin
                continue
            self._review(
                match, "equal_row",
                f"Giống hệt dòng {twin.stated.row} (họ tên, ngày sinh, giới tính, dân tộc, xã) và không có "
                "số định danh: cần xác định là hai người hay một.",
            )  # fmt: skip

    def _by_name(self, match: Match) -> None:
        stated = match.stated
        candidates = self._namesakes(stated)
        # Of several name-sakes, the one that agrees to the letter is meant: a roster exported comes back unchanged.
        exact = [person for person in candidates if self._is_as_stated(person, stated)]
        # Else the one whose birth does.
        exact = exact or [
            person for person in candidates if person.birth == stated.birth and not self._differences(person, stated)
        ]
        if len(exact) == 1:
            candidates = exact
        if not candidates:
            return
        match.resembles = [person.id for person in candidates]
        person = candidates[0]
        if len(candidates) > 1:
            self._review(match, "several_people", f"Có {len(candidates)} người trong hồ sơ giống dòng này.")
        elif stated.identifier and len(stated.identifier) in {len(number) for number in person.numbers}:
            self._review(
                match, "identifier_differs",
                "Giống một người trong hồ sơ nhưng số định danh khác: cần xác định có phải cùng người không.",
                "national_id",
            )  # fmt: skip
        elif differences := self._differences(person, stated):
            self._review(
                match, "resembles",
                f"Giống một người trong hồ sơ nhưng khác {', '.join(differences)}: cần xác định có phải cùng người "
                "không.",
            )  # fmt: skip
        else:
            match.key = person.id

    def _namesakes(self, stated: Statement) -> list[Known]:
        """Who bears the name and is not given to another row: with the same birth known to the day anywhere, or with
        a birth that does not contradict in the same commune.
        """
        keys = self.registry.by_name.get(stated.folded_name, ())
        people = [self.registry.people[key] for key in keys if key not in self.taken]
        return [person for person in people if self._could_be(person, stated)]

    def _could_be(self, person: Known, stated: Statement) -> bool:
        held, birth = person.birth, stated.birth
        if held and birth and held == birth and held.precision == Precision.DAY:
            return True
        return not (held and birth and held.contradicts(birth)) and person.home == stated.unit

    def _is_as_stated(self, person: Known, stated: Statement) -> bool:
        """Whether the row states exactly what is held of a name-sake, and nothing where nothing is held."""
        held = (person.birth, person.sex, person.ethnic_group, person.home)
        return held == (stated.birth, stated.sex, self.group_keys.get(stated.ethnic_group), stated.unit)

    def _differences(self, person: Known, stated: Statement) -> list[str]:
        """In what a name-sake and a row disagree, of sex, ethnic group and commune; what is unknown agrees."""
        group = self.group_keys.get(stated.ethnic_group)
        pairs = {
            SEX: bool(person.sex and stated.sex and person.sex != stated.sex),
            "dân tộc": bool(person.ethnic_group and group and person.ethnic_group != group),
            "xã": person.home != stated.unit,
        }
        return [name for name, differs in pairs.items() if differs]

    def _hold_back_double_claims(self, matches: list[Match]) -> None:
        """One person, several rows without a deciding identifier: only an equal birth decides, the rest is asked."""
        claims: dict[int, list[Match]] = defaultdict(list)
        for match in matches:
            if match.key is not None:
                claims[match.key].append(match)
        for key, rows in claims.items():
            if len(rows) == 1:
                continue
            exact = [match for match in rows if match.is_decided]
            exact = exact or [match for match in rows if self.registry.people[key].birth == match.stated.birth]
            for match in rows:
                if len(exact) != 1 or match is not exact[0]:
                    self._review(match, "several_rows", "Nhiều dòng của tệp cùng giống một người trong hồ sơ.")

    def _hold_back_near_names(self, matches: list[Match]) -> None:
        """Somebody new beside a person of the commune who is in no other row, with nearly the same name and the same
        birth, is a question: a slip of the pen makes no double.
        """
        new = [match for match in matches if match.key is None and match.first is None and not match.is_review]
        if not new or not self.registry.people:
            return
        in_rows = self.taken.union(*(match.resembles for match in matches))
        in_rows |= {match.key for match in matches if match.key is not None}
        absent: dict[int | None, list[Known]] = defaultdict(list)
        for person in self.registry.people.values():
            if person.id not in in_rows:
                absent[person.home].append(person)
        for match in new:
            near = [person for person in absent.get(match.stated.unit, ()) if self._is_slip(person, match.stated)]
            if near:
                match.resembles = [person.id for person in near]
                self._review(
                    match, "resembles",
                    f"Giống {self._told(near[0])} trong hồ sơ của xã, họ tên gần giống và không có ở dòng khác: cần "
                    "xác định có phải cùng người không.",
                )  # fmt: skip

    def _is_slip(self, person: Known, stated: Statement) -> bool:
        """Whether a name nearly the same comes with the same birth: to the day, or else to the year and of one sex,
        family name and ethnic group.
        """
        held, birth = person.birth, stated.birth
        if not held or not birth or held.contradicts(birth) or (person.sex and stated.sex and person.sex != stated.sex):
            return False
        if stated.identifier and len(stated.identifier) in {len(number) for number in person.numbers}:
            return False  # two numbers and two names are two people
        name, other = person.folded_name, stated.folded_name
        born_on_one_day = held == birth and held.precision == Precision.DAY
        alike = born_on_one_day or (has_same_family_name(name, other) and not self._differences(person, stated))
        return alike and is_near_name(name, other)

    def _in_scope(self, person: Known) -> bool:
        return self.reach.units is None or person.home in self.reach.units
