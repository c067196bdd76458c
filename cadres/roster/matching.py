"""Which person of the registry a row speaks of: this one, nobody yet, or a question for a person to decide.

The rules are those of contracts.md, "Matching". An identifier decides; without one, name-sakes are never merged
silently: the name, the birth, the sex, the ethnic group and the commune must all agree with exactly one person.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Min

from cadres.models import Appointment, ImportBatch, ImportRow, Official, OfficialIdentifier, Qualification
from cadres.periods import PartialDate, Precision
from cadres.roster.changes import Facts, Identifier, Person, Post, Record, columns_of
from cadres.roster.dictionaries import Dictionaries
from cadres.roster.values import ERROR, INFO, WARNING, Statement, to_iso

ACCEPTED = (ImportRow.Outcome.CREATED, ImportRow.Outcome.UPDATED, ImportRow.Outcome.UNCHANGED)


@dataclass
class Registry:
    """The people whom a file may speak of, and those of its communes, with everything an import may touch."""

    people: dict[int, Person] = field(default_factory=dict)
    by_number: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    by_name: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    in_communes: set[int] = field(default_factory=set)  # who holds a primary post there on the day

    @classmethod
    def load(cls, statements: list[Statement], communes: Iterable[int], day: date, *, lock: bool) -> "Registry":
        """Read the candidates of all rows at once; the number of queries does not depend on the file.

        With `lock` their rows are locked until the end of the transaction, so that nobody changes them meanwhile.
        """
        registry = cls()
        numbers = {stated.identifier for stated in statements if stated.identifier}
        names = {stated.folded_name for stated in statements}
        registry.in_communes = set(
            Appointment.objects.as_of(day)
            .filter(unit_id__in=list(communes), is_primary=True)
            .values_list("official_id", flat=True)
        )
        keys = registry.in_communes | set(
            OfficialIdentifier.objects.filter(number__in=numbers).values_list("official_id", flat=True)
        )
        keys |= set(Official.objects.filter(folded_name__in=names).values_list("pk", flat=True))
        if not keys:
            return registry
        officials = Official.objects.filter(pk__in=keys).order_by("pk")
        if lock:
            officials = officials.select_for_update(no_key=True)
        for row in officials.values_list(*columns_of(Facts)):
            registry.people[row[0]] = Person(Facts(*row))
        registry._load_rows(keys)
        later = (
            ImportRow.objects.filter(
                official_id__in=keys,
                outcome__in=ACCEPTED,
                batch__state=ImportBatch.State.COMMITTED,
                batch__as_of__gt=day,
            )
            .values_list("official_id")
            .annotate(Min("batch__as_of"))
        )
        for official, as_of in later:
            registry.people[official].later_rosters = as_of
        for key, person in registry.people.items():
            person.keep_loaded()
            registry.by_name[person.facts.folded_name].append(key)
            for identifier in person.identifiers:
                registry.by_number[identifier.number].add(key)
        return registry

    def _load_rows(self, keys: set[int]) -> None:
        identifiers = OfficialIdentifier.objects.filter(official_id__in=keys).order_by("start_date")
        for official, as_of, *row in identifiers.values_list("official_id", "batch__as_of", *columns_of(Identifier)):
            person = self.people[official]
            person.identifiers.append(Identifier(*row))
            if as_of is not None:
                person.identifier_days[person.identifiers[-1].number] = as_of
        posts = Appointment.objects.filter(official_id__in=keys).order_by("start_date")
        for official, *row in posts.values_list("official_id", *columns_of(Post)):
            self.people[official].posts.append(Post(*row))
        records = Qualification.objects.filter(official_id__in=keys, is_error=False).order_by("pk")
        for official, *row in records.values_list("official_id", *columns_of(Record)):
            self.people[official].records.append(Record(*row))


@dataclass(slots=True)
class Match:
    """What a row was matched with. `first` is the earlier row whose person it gives a concurrent post."""

    stated: Statement
    person: Person | None = None
    is_review: bool = False
    first: "Match | None" = None
    resembles: list[int] = field(default_factory=list)  # candidates of a row to review


class Matcher:
    """Matches the rows of one file with the registry on the roster's day.

    `writable` are the units an account may write to (None: all); who belongs elsewhere is not touched, and not named.
    """

    def __init__(
        self, registry: Registry, day: date, dictionaries: Dictionaries, writable: set[int] | None = None
    ) -> None:
        self.registry = registry
        self.day = day
        self.writable = writable
        self.group_keys = {code: group.pk for code, group in dictionaries.ethnic_groups.items()}
        self.taken: set[int] = set()  # people whom an identifier has given to a row

    def match(self, statements: list[Statement]) -> list[Match]:
        """Match every row, rejected ones unmatched. Adds to a row the reason of its review or rejection."""
        matches = [Match(stated) for stated in statements]
        rows = self._join_equal_identifiers([match for match in matches if not match.stated.is_rejected])
        for match in rows:
            self._by_identifier(match)
        self._hold_back_twins(rows)
        for match in rows:
            if match.person is None and not match.is_review:
                self._by_name(match)
        self._hold_back_double_claims(rows)
        for match in rows:
            if match.person is not None and not self._in_scope(match.person):
                self._review(
                    match, "of_another_unit",
                    "Người này trong hồ sơ đang thuộc đơn vị khác. Hãy đề nghị Sở Nội vụ thực hiện việc điều động.",
                )  # fmt: skip
        return matches

    def _review(self, match: Match, code: str, message: str, name: str = "full_name") -> None:
        match.person, match.is_review = None, True
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

    def _by_identifier(self, match: Match) -> None:
        stated = match.stated
        keys = self.registry.by_number.get(stated.identifier, set()) if stated.identifier else set()
        if not keys:
            return
        match.resembles = sorted(keys)
        person = self.registry.people[match.resembles[0]]
        held = _birth(person)
        other_name = person.facts.folded_name != stated.folded_name
        other_birth = bool(held and stated.birth and held.contradicts(stated.birth))
        if len(keys) > 1:
            self._review(match, "identifier_of_several", "Số này có ở nhiều người trong hồ sơ.", "national_id")
        elif other_name and other_birth:
            # A wrong digit makes another person's number; name and birth are not both changed on its word alone.
            who = f"{person.facts.full_name}, sinh {held}" if self._in_scope(person) else "thuộc đơn vị khác"
            self._review(
                match,
                "identifier_of_another",
                f"Số định danh này trong hồ sơ là của người khác ({who}).",
                "national_id",
            )
        else:
            match.person = person
            self.taken |= keys

    def _hold_back_twins(self, matches: list[Match]) -> None:
        """Rows without identifier are different people; one that equals another row in everything is a question."""
        seen: dict[tuple[object, ...], Match] = {}
        # Rows with an identifier first: beside one, it is the row without that is in question.
        for match in sorted(matches, key=lambda match: not match.stated.identifier):
            stated = match.stated
            key = (stated.folded_name, to_iso(stated.birth), stated.sex, stated.ethnic_group, stated.unit)
            twin = seen.setdefault(key, match)
            if twin is not match and not stated.identifier:
                self._review(
                    match, "equal_row",
                    f"Giống hệt dòng {twin.stated.row} (họ tên, ngày sinh, giới tính, dân tộc, xã) và không có "
                    "số định danh: cần xác định là hai người hay một.",
                )  # fmt: skip

    def _by_name(self, match: Match) -> None:
        stated = match.stated
        keys = [key for key in self.registry.by_name.get(stated.folded_name, ()) if key not in self.taken]
        candidates = [person for key in keys if self._could_be(person := self.registry.people[key], stated)]
        # Of several name-sakes, the one that agrees to the letter is meant: a roster exported comes back unchanged.
        exact = [
            person for person in candidates if _birth(person) == stated.birth and not self._differences(person, stated)
        ]
        if len(exact) == 1:
            candidates = exact
        if not candidates:
            return
        match.resembles = [person.facts.id for person in candidates if person.facts.id is not None]
        person = candidates[0]
        if len(candidates) > 1:
            self._review(match, "several_people", f"Có {len(candidates)} người trong hồ sơ giống dòng này.")
        elif stated.identifier and len(stated.identifier) in {len(known.number) for known in person.identifiers}:
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
            match.person = person

    def _could_be(self, person: Person, stated: Statement) -> bool:
        """The same birth known to the day anywhere, or a birth that does not contradict in the same commune."""
        held, birth = _birth(person), stated.birth
        if held and birth and held == birth and held.precision == Precision.DAY:
            return True
        return not (held and birth and held.contradicts(birth)) and self._home(person) == stated.unit

    def _differences(self, person: Person, stated: Statement) -> list[str]:
        """In what a person and a row disagree, of sex, ethnic group and commune; unknown agrees with unknown only."""
        pairs = {
            "giới tính": (person.facts.sex, stated.sex),
            "dân tộc": (person.facts.ethnic_group_id, self.group_keys.get(stated.ethnic_group)),
            "xã": (self._home(person), stated.unit),
        }
        return [name for name, (held, said) in pairs.items() if held != said]

    def _hold_back_double_claims(self, matches: list[Match]) -> None:
        """One person, several rows without a deciding identifier: only an equal birth decides, the rest is asked."""
        claims: dict[int, list[Match]] = defaultdict(list)
        for match in matches:
            if match.person is not None and match.person.facts.id is not None:
                claims[match.person.facts.id].append(match)
        for key, rows in claims.items():
            if len(rows) == 1:
                continue
            exact = [match for match in rows if _birth(self.registry.people[key]) == match.stated.birth]
            for match in rows:
                if len(exact) != 1 or match is not exact[0]:
                    self._review(match, "several_rows", "Nhiều dòng của tệp cùng giống một người trong hồ sơ.")

    def _home(self, person: Person) -> int | None:
        post = person.post_on(self.day)
        return post.unit_id if post else None

    def _in_scope(self, person: Person) -> bool:
        return self.writable is None or self._home(person) in self.writable


def _birth(person: Person) -> PartialDate | None:
    return PartialDate.of(person.facts.birth_date, person.facts.birth_precision)
