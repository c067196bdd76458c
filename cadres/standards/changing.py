"""How a text of standards is changed: prepared with its effect, which is shown; then carried out, and told in the log.

An amendment says something else from a day on: the years before stay as they were. A correction says what the text had
said all along. A new text ends the one it is copied from the day before. Local rules are a text over another. Where the
figure of a publication would move, a second account of the province confirms; where there is none, it goes with a
reason, and the log says so.

Who prepares a change sees its effect before anything of the text is written: it is tried and taken back
(cadres.effect.foretell), and what that told is kept with the change.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone

from cadres.effect import Foretold, foretell
from cadres.history import act, signed
from cadres.models import Act, Criterion, Dimension, Level, Position, Publication, Requirement, Standard, User
from cadres.models import StandardChange as Change
from cadres.models.standards import refuse_too_many_levels
from cadres.periods import UNKNOWN_START, Period, covers, row_on
from cadres.posts import year_ends_with_data
from cadres.rate import NOBODY, Rate

Kind, State = Change.Kind, Change.State

CONFIRM = "cadres.confirm_standard"
A_DAY = timedelta(days=1)
FACTS = ("code", "name", "legal_basis", "position_group", "start_date", "end_date", "transition_until")
DATES = ("start_date", "end_date", "transition_until")
OPEN = (State.PREPARED, State.WAITING)  # nothing of the text is written yet


@dataclass(frozen=True)
class Said:
    """What a text says in one cell of its grid: two levels (keys) and where it is written."""

    minimum: int
    relaxed: int
    article: str = ""

    @classmethod
    def of(cls, line: Requirement | None) -> "Said | None":
        return cls(line.minimum_id, line.minimum_relaxed_id, line.article) if line else None

    @classmethod
    def restored(cls, kept: dict[str, Any] | None) -> "Said | None":
        return cls(**kept) if kept else None


@dataclass(frozen=True)
class Altered:
    """A cell (keys of position and dimension), what it says, and what it is to say; None: nothing is asked there."""

    position: int
    dimension: int
    before: Said | None
    after: Said | None

    def as_json(self) -> dict[str, Any]:
        sides = {name: vars(said) if said else None for name, said in (("before", self.before), ("after", self.after))}
        return {"position": self.position, "dimension": self.dimension, **sides}

    @classmethod
    def restored(cls, kept: dict[str, Any]) -> "Altered":
        sides = {name: Said.restored(kept[name]) for name in ("before", "after")}
        return cls(kept["position"], kept["dimension"], **sides)


@dataclass(frozen=True)
class PublishedEffect:
    """What a change does to the recomputation of a published figure."""

    publication: int
    before: Rate
    after: Rate
    moves: bool

    def as_json(self) -> dict[str, Any]:
        return {**vars(self), "before": vars(self.before), "after": vars(self.after)}

    @classmethod
    def restored(cls, kept: dict[str, Any]) -> "PublishedEffect":
        return cls(**kept | {side: Rate(**kept[side]) for side in ("before", "after")})


@dataclass(frozen=True)
class Effect:
    """What a change comes to: on the days, and on the figures that are published."""

    foretold: Foretold
    published: Sequence[PublishedEffect]
    criterion: str  # the code of the one that was looked at; figures may be published by others

    @property
    def by_criterion(self) -> Foretold:
        """What was told of the days by the criterion that was looked at."""
        return Foretold([day for day in self.foretold.days if day.criterion == self.criterion])

    @property
    def moves_published(self) -> bool:
        return any(one.moves for one in self.published)

    def as_json(self) -> dict[str, Any]:
        published = [one.as_json() for one in self.published]
        return {"foretold": self.foretold.as_json(), "published": published, "criterion": self.criterion}

    @classmethod
    def of(cls, change: Change) -> "Effect":
        """As it was computed when the change was prepared."""
        kept: Any = change.effect
        published = [PublishedEffect.restored(one) for one in kept["published"]]
        return cls(Foretold.restored(kept["foretold"]), published, kept["criterion"])


def facts_of(text: Standard) -> dict[str, Any]:
    """The fields of a text as a change keeps them (JSON); an unknown start and no end are None."""
    return as_kept({name: getattr(text, name) for name in FACTS})


def as_kept(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: (value.isoformat() if value and value != UNKNOWN_START else None) if name in DATES else value
        for name, value in facts.items()
    }


def _as_fields(facts: Mapping[str, Any]) -> dict[str, Any]:
    fields = {name: date.fromisoformat(value) if name in DATES and value else value for name, value in facts.items()}
    return fields | ({"start_date": fields["start_date"] or UNKNOWN_START} if "start_date" in fields else {})


# ---------------------------------------------------------------- prepared


@signed
def prepare(
    kind: str,
    *,
    text: Standard | None,
    day: date | None = None,
    decision: str = "",
    reason: str,
    facts: Mapping[str, Any] | None = None,
    rows: Iterable[Altered] = (),
    looked_at: date,
    criterion: Criterion,
    until: date,
    by: User,
) -> Change:
    """Keep a change with its effect on the day looked at, on year-ends up to `until` and on what is published.

    `text` is the one that is changed, copied, or stood over; `facts` fields of it, or of the new one, as `as_kept`
    has them; `day` the first day of an amendment, the last of a text that ends, the day whose lines are corrected.
    Raises ValidationError where the change could not be carried out.
    """
    change = Change(
        kind=kind,
        standard=text,
        day=day,
        decision=decision.strip(),
        reason=reason.strip(),
        facts=dict(facts or {}),
        rows=[row.as_json() for row in rows],
        made_by=by,
    )
    if not change.reason:
        raise ValidationError({"reason": "Hãy ghi lý do."})
    change.effect = _effect_of(change, looked_at, criterion, until).as_json()
    change.save()
    return change


@signed
def compute_again(change: Change, *, looked_at: date, criterion: Criterion, until: date, by: User) -> Change:
    """Compute the effect of a change anew, for what has been entered or published since."""
    change = _locked(change, OPEN)
    change.effect = _effect_of(change, looked_at, criterion, until).as_json()
    change.made_at = timezone.now()
    change.save(update_fields=("effect", "made_at"))
    return change


def _effect_of(change: Change, looked_at: date, criterion: Criterion, until: date) -> Effect:
    since = _first_day(change)
    days = {looked_at, *year_ends_with_data(until), *((since,) if since else ())}
    published = Publication.objects.in_effect().filter(day__gte=since or UNKNOWN_START).select_related("criterion")
    told = foretell(
        lambda: _write(change),
        days=[day for day in days if covers(since or UNKNOWN_START, None, day)],
        criterion=criterion,
        also=[(one.day, one.criterion) for one in published],
    )
    return Effect(told, [_on_published(one, told, change) for one in published], criterion.code)


def _first_day(change: Change) -> date | None:
    """The day from which on a verdict can be another one; None: on any day."""
    if change.kind == Kind.AMENDMENT:
        return change.day
    if change.kind == Kind.END:
        return change.day and change.day + A_DAY
    start = change.facts.get("start_date") if change.kind in (Kind.NEW_TEXT, Kind.LOCAL_RULES) else None
    return date.fromisoformat(start) if start else None


def _on_published(publication: Publication, told: Foretold, change: Change) -> PublishedEffect:
    day = next(one for one in told.days if (one.day, one.criterion) == (publication.day, publication.criterion.code))
    rates = (day.before, day.after)
    if publication.unit_id:
        units = {unit.key: (unit.before, unit.after) for unit in (*day.districts, *day.communes)}
        rates = units.get(publication.unit_id, (NOBODY, NOBODY))  # where its rate stays, it is in neither list
    # A figure by texts that were named is not computed again by those in force.
    named = {standard["id"] for standard in publication.definition["standards"] if standard["is_named"]}
    return PublishedEffect(publication.pk, *rates, moves=rates[0] != rates[1] or change.standard_id in named)


# ---------------------------------------------------------------- decided


def approvers(*, but: User | None = None) -> QuerySet[User]:
    """The accounts that may confirm what moves a published figure."""
    accounts = User.objects.who_may(CONFIRM)
    return accounts.exclude(pk=but.pk) if but else accounts


def changes_to_confirm(user: User) -> QuerySet[Change]:
    """The changes that wait for this account: prepared by somebody else."""
    if not user.has_perm(CONFIRM):
        return Change.objects.none()
    return Change.objects.filter(state=State.WAITING).exclude(made_by=user.pk)


def needs_second(change: Change) -> bool:
    """Whether a second account has to confirm: a published figure would move, and there is such an account."""
    return Effect.of(change).moves_published and approvers(but=change.made_by).exists()


def goes_alone(change: Change) -> bool:
    """Whether a published figure would move and nobody but the maker could confirm it."""
    return Effect.of(change).moves_published and not approvers(but=change.made_by).exists()


@signed
def submit(change: Change, *, answer: str = "", by: User) -> Change:
    """Carry a prepared change out, or hand it to a second account where one has to confirm it.

    `answer` says why it goes without a second account where none is there. Raises ValidationError without it.
    """
    change = _locked(change, [State.PREPARED])
    if needs_second(change):
        _refuse_outdated(change)
        change.state = State.WAITING
        change.save(update_fields=("state",))
        return change
    return _carry_out(change, answer=answer, by=by)


@signed
def confirm(change: Change, *, answer: str = "", by: User) -> Change:
    """Carry out a change that waits. Raises ValidationError where the maker confirms it and somebody else could."""
    change = _locked(change, [State.WAITING])
    if change.made_by_id == by.pk and needs_second(change):
        raise ValidationError(
            "Thay đổi này làm đổi số liệu đã công bố nên phải do người thứ hai của Sở xác nhận, không phải người lập. "
            "Hãy để một tài khoản khác của Sở Nội vụ xác nhận."
        )
    return _carry_out(change, answer=answer, by=by)


@signed
def reject(change: Change, *, answer: str, by: User) -> Change:
    """Say no to a change that waits. Raises ValidationError without a reason."""
    change = _locked(change, [State.WAITING])
    if not answer.strip():
        raise ValidationError({"answer": "Hãy ghi lý do không xác nhận."})
    return _decided(change, State.REJECTED, answer=answer, by=by)


@signed
def drop(change: Change, *, by: User) -> Change:
    """Leave a change that was not carried out."""
    return _decided(_locked(change, OPEN), State.DROPPED, by=by)


def _locked(change: Change, states: Sequence[str]) -> Change:
    """The change, locked; ValidationError where it is in none of these states any more."""
    found = Change.objects.select_for_update().get(pk=change.pk)
    if found.state not in states:
        raise ValidationError(f"Thay đổi này không còn chờ nữa: {found.get_state_display().lower()}.")
    return found


def _decided(change: Change, state: str, *, answer: str = "", by: User) -> Change:
    change.state, change.answer = state, answer.strip()
    change.decided_by, change.decided_at = by, timezone.now()
    change.save(update_fields=("state", "answer", "decided_by", "decided_at", "is_alone", "standard", "made_text"))
    return change


def _carry_out(change: Change, *, answer: str, by: User) -> Change:
    _refuse_outdated(change)
    change.is_alone = goes_alone(change)
    if change.is_alone and not answer.strip():
        raise ValidationError({"answer": "Hãy ghi vì sao thực hiện mà không có người thứ hai xác nhận."})
    kind = Act.Kind.CORRECTION if change.kind == Kind.CORRECTION else Act.Kind.STANDARDS
    reason = change.reason
    if change.is_alone:
        reason += f" (một mình thực hiện, không có người thứ hai xác nhận: {answer.strip()})"
    with act(kind, by=by, reason=reason, standard_change=change.pk):
        text = _write(change)
        if change.kind == Kind.REMOVAL:
            change.standard = text
        else:
            change.made_text = text
        return _decided(change, State.DONE, answer=answer, by=by)


def _refuse_outdated(change: Change) -> None:
    """A figure that was published since has not been looked at."""
    if Publication.objects.in_effect().filter(published_at__gt=change.made_at).exists():
        raise ValidationError(
            "Sau khi tính ảnh hưởng đã có số liệu mới được công bố. Hãy bấm “Tính lại ảnh hưởng” rồi xem lại."
        )


# ---------------------------------------------------------------- carried out


def _write(change: Change) -> Standard | None:
    """Write what the change says; returns the text that it makes, or that goes on in the place of one removed.

    Raises ValidationError for what cannot be.
    """
    made = WRITERS[change.kind](change, [Altered.restored(row) for row in change.rows])
    refuse_too_many_levels(None)
    return made


def _text(change: Change) -> Standard:
    assert change.standard_id is not None
    return Standard.objects.select_for_update().get(pk=change.standard_id)


def _amend(change: Change, rows: Sequence[Altered]) -> None:
    text, day = _text(change), change.day
    assert day is not None
    if not rows:
        raise ValidationError("Chưa sửa ô nào: hãy chọn mức mới ở ít nhất một ô.")
    if text.known_start and not text.begins_before(day):
        raise ValidationError(
            {
                "day": f"Văn bản có hiệu lực từ {text.start_date:%d/%m/%Y}: sửa đổi phải từ ngày sau đó. "
                "Nếu văn bản đã ghi sai ngay từ đầu, hãy dùng Đính chính."
            }
        )
    if text.has_ended(day):
        raise ValidationError(
            {"day": f"Văn bản đã hết hiệu lực ngày {text.end_date:%d/%m/%Y}. Hãy chọn ngày trước đó."}
        )
    refused, opened = [], []
    lines = _lines(text)
    for row in rows:
        there = lines.get((row.position, row.dimension), [])
        now = row_on(there, day)
        later = [line.start_date for line in there if not line.has_begun(day)]
        if now and now.end_date:
            later.append(now.end_date + A_DAY)
        if Said.of(now) != row.before:
            refused.append(_overtaken(row))
        elif later:
            refused.append(
                f"{_named(row)}: đã có sửa đổi từ ngày {min(later):%d/%m/%Y}. "
                "Hãy chọn ngày sau ngày đó, hoặc đính chính sửa đổi ấy."
            )
        elif now and now.start_date == day:
            refused.append(f"{_named(row)}: đã được sửa đổi từ đúng ngày này. Hãy đính chính sửa đổi ấy.")
        else:
            if now:
                now.end_date = day - A_DAY
                now.save(update_fields=("end_date",))
            opened.append((row, {"start_date": day, "source": change.decision}))
    if refused:
        raise ValidationError(refused)
    _open(text, opened)


def _correct(change: Change, rows: Sequence[Altered]) -> None:
    text, day = _text(change), change.day
    assert day is not None
    facts = {name: value for name, value in _as_fields(change.facts).items() if getattr(text, name) != value}
    if not facts and not rows:
        raise ValidationError("Chưa sửa gì: hãy sửa ô ghi sai.")
    for name, value in facts.items():
        setattr(text, name, value)
    text.full_clean()
    text.save()
    lines = _lines(text)
    starts = [line.start_date for there in lines.values() for line in there if line.known_start]
    if too_early := [start for start in starts if not text.begins_before(start)]:
        raise ValidationError(
            {"start_date": f"Văn bản có sửa đổi từ {min(too_early):%d/%m/%Y}: ngày hiệu lực phải trước ngày đó."}
        )
    refused, opened = [], []
    for row in rows:
        there = lines.get((row.position, row.dimension), [])
        now = row_on(there, day)
        if Said.of(now) != row.before:
            refused.append(_overtaken(row))
        elif now and row.after is None:
            now.delete()
        elif now and row.after:
            now.minimum_id, now.minimum_relaxed_id = row.after.minimum, row.after.relaxed
            now.article = row.after.article
            now.checked_by = now.checked_at = None  # what was compared with the law is no longer what it says
            now.save()
        else:
            opened.append((row, _free_period(there, day)))
    if refused:
        raise ValidationError(refused)
    _open(text, opened)


def _free_period(lines: Iterable[Period], day: date) -> dict[str, date | None]:
    """The longest period around the day in which none of the lines is in force."""
    before = [line.end_date + A_DAY for line in lines if line.end_date and line.has_ended(day)]
    after = [line.start_date - A_DAY for line in lines if not line.has_begun(day)]
    return {"start_date": max(before, default=UNKNOWN_START), "end_date": min(after, default=None)}


def _new_text(change: Change, rows: Sequence[Altered]) -> Standard:
    fields = _as_fields(change.facts)
    if not any(row.after for row in rows):
        raise ValidationError("Văn bản chưa có yêu cầu nào: hãy chọn mức ở ít nhất một ô.")
    if change.standard_id:
        old, start = _text(change), fields["start_date"]
        if start == UNKNOWN_START:
            raise ValidationError({"start_date": "Hãy ghi ngày văn bản mới có hiệu lực."})
        if not old.begins_before(start):
            raise ValidationError(
                {"start_date": f"{old} có hiệu lực từ {old.start_date:%d/%m/%Y}: văn bản mới phải từ ngày sau đó."}
            )
        if not old.has_ended(start):
            old.end_date = start - A_DAY
            old.save(update_fields=("end_date",))
    return _made(Standard(**fields), rows)


def _local_rules(change: Change, rows: Sequence[Altered]) -> Standard:
    if not any(row.after for row in rows):
        raise ValidationError("Chưa có ô nào khác văn bản gốc: hãy chọn mức ở ít nhất một ô.")
    base = _text(change)
    fields = _as_fields(change.facts) | {"position_group": base.position_group}
    return _made(Standard(**fields, over=base), rows)


def _made(text: Standard, rows: Sequence[Altered]) -> Standard:
    text.full_clean()
    text.save()
    _open(text, [(row, {}) for row in rows])
    return text


def _end(change: Change, rows: Sequence[Altered]) -> None:
    text, day = _text(change), change.day
    assert day is not None
    if not text.has_begun(day):
        raise ValidationError({"day": f"Văn bản có hiệu lực từ {text.start_date:%d/%m/%Y}: hãy chọn ngày từ ngày đó."})
    if text.has_ended(day + A_DAY):
        raise ValidationError({"day": f"Văn bản đã hết hiệu lực ngày {text.end_date:%d/%m/%Y}."})
    text.end_date = day
    text.save(update_fields=("end_date",))


def _remove(change: Change, rows: Sequence[Altered]) -> Standard | None:
    """A text that was entered by mistake goes; the one that it had ended goes on in its place."""
    text = _text(change)
    made = Change.objects.filter(made_text=text).first()
    if made is None:
        raise ValidationError(
            "Văn bản này được nạp sẵn cùng phần mềm nên không gỡ được. Hãy đính chính, hoặc ghi ngày hết hiệu lực."
        )
    if rules := text.local_rules.first():
        raise ValidationError(f"Văn bản đang được vận dụng ({rules}). Hãy gỡ quy định vận dụng trước.")
    Requirement.objects.filter(standard=text).delete()
    text.delete()
    before = made.standard if made.kind == Kind.NEW_TEXT else None
    if before and text.known_start and before.end_date == text.start_date - A_DAY:
        before.end_date = text.end_date
        before.save(update_fields=("end_date",))
    return before or text.over


WRITERS: dict[str, Callable[[Change, Sequence[Altered]], Standard | None]] = {
    Kind.AMENDMENT: _amend,
    Kind.CORRECTION: _correct,
    Kind.NEW_TEXT: _new_text,
    Kind.LOCAL_RULES: _local_rules,
    Kind.END: _end,
    Kind.REMOVAL: _remove,
}


def _lines(text: Standard) -> dict[tuple[int, int], list[Requirement]]:
    """All lines of the text, of whatever time, by cell."""
    found: dict[tuple[int, int], list[Requirement]] = {}
    for line in Requirement.objects.filter(standard=text):
        found.setdefault((line.position_id, line.dimension_id), []).append(line)
    return found


def _open(text: Standard, rows: Iterable[tuple[Altered, Mapping[str, Any]]]) -> None:
    """Write new lines. Raises ValidationError where a level belongs to another dimension."""
    new = [
        Requirement(
            standard=text,
            position_id=row.position,
            dimension_id=row.dimension,
            minimum_id=row.after.minimum,
            minimum_relaxed_id=row.after.relaxed,
            article=row.after.article,
            **besides,
        )
        for row, besides in rows
        if row.after
    ]
    of_dimension = dict(Level.objects.values_list("pk", "dimension"))
    for line in new:
        if {of_dimension[line.minimum_id], of_dimension[line.minimum_relaxed_id]} != {line.dimension_id}:
            raise ValidationError("Có mức không thuộc mặt tiêu chuẩn của ô. Hãy chọn lại.")
    Requirement.objects.bulk_create(new)


def _named(row: Altered) -> str:
    return f"{Position.objects.get(pk=row.position)}, {Dimension.objects.get(pk=row.dimension).name.lower()}"


def _overtaken(row: Altered) -> str:
    return f"{_named(row)}: vừa được người khác thay đổi. Hãy mở lại trang để thấy mức hiện nay."
