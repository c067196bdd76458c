"""Campaigns: the province asks the districts what their people need, each district answers by its own deadline.

Since 1/7/2025 it is clusters that answer, or communes: each that is in no cluster, or all where the province wants so.

A submission is written by its district (draft), submitted, then accepted by the province or sent back with a reason,
and written on. Persons are registered with a programme, a priority and a reason; only people of the district, and only
from the day on which the campaign opens to the last day of the district's deadline.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count, Q, QuerySet
from django.db.models.lookups import In

from cadres.access import appointments_visible_to, writable_by
from cadres.asked_again import Condition
from cadres.evaluation import posts_on
from cadres.history import signed
from cadres.kept_plans import planned_for_the_day, planned_once
from cadres.models import Appointment, Criterion, Official, UnitVersion, User
from cadres.models.fields import ClockTime
from courses.access import REGISTER
from courses.models import DistrictSubmission, NeedCampaign, Programme, RegisteredNeed
from courses.needs.computed import closing_programmes, lacking_posts, needs_of

State = DistrictSubmission.State
WRITABLE = (State.DRAFT, State.SENT_BACK)
Entry = tuple[Official, Programme, int, str]  # whom, to which programme, priority, why


@signed
def open_campaign(
    *,
    year: int,
    title: str,
    opens_on: date,
    closes_on: date,
    note: str = "",
    by_commune: bool = False,
    deadlines: dict[int, date] | None = None,
    by: User | None,
) -> NeedCampaign:
    """Open a campaign for the plan of a year.

    `deadlines`: key of a unit → its deadline; where nothing is said, every unit that answers for communes on the first
    day (with `by_commune` every commune) has the common one. Raises ValidationError where the campaign, or a unit's
    deadline, ends before it begins.
    """
    campaign = NeedCampaign(year=year, title=title, opens_on=opens_on, closes_on=closes_on, note=note)
    campaign.full_clean()
    campaign.save()
    if deadlines is None:
        units = UnitVersion.objects
        asked = units.as_of(opens_on).communes() if by_commune else units.answering_on(opens_on)
        deadlines = {version.unit_id: closes_on for version in asked}
    if not deadlines:
        raise ValidationError(f"Ngày {opens_on:%d/%m/%Y} không có đơn vị nào. Hãy xem lại ngày mở.")
    for deadline in deadlines.values():
        _check_deadline(campaign, deadline)
    DistrictSubmission.objects.bulk_create(
        DistrictSubmission(campaign=campaign, district_id=district, deadline=deadline)
        for district, deadline in deadlines.items()
    )
    return campaign


@signed
def set_deadline(submission: DistrictSubmission, deadline: date, *, by: User | None) -> DistrictSubmission:
    """Give a district another last day. Raises ValidationError where it lies before the campaign opens."""
    submission = lock_submission(submission)
    _check_deadline(submission.campaign, deadline)
    submission.deadline = deadline
    submission.save(update_fields=["deadline"])
    return submission


def _check_deadline(campaign: NeedCampaign, deadline: date) -> None:
    if deadline < campaign.opens_on:
        raise ValidationError(
            {"deadline": f"Hạn của đơn vị phải từ ngày mở đợt ({campaign.opens_on:%d/%m/%Y}) trở đi."}
        )


# ---------------------------------------------------------------- a district writes


def why_closed(submission: DistrictSubmission, day: date) -> str:
    """Why nothing can be written into a submission on the day, and what to do; empty where it can."""
    campaign = submission.campaign
    if submission.state not in WRITABLE:
        return f"Bản đăng ký {submission.get_state_display().lower()}. Muốn sửa, hãy đề nghị Sở Nội vụ trả lại."
    if day < campaign.opens_on:
        return f"Đợt đăng ký mở từ ngày {campaign.opens_on:%d/%m/%Y}."
    if day > submission.deadline:
        return f"Hạn của đơn vị là hết ngày {submission.deadline:%d/%m/%Y}, đã qua. Hãy đề nghị Sở Nội vụ gia hạn."
    return ""


@signed
def register_needs(
    submission: DistrictSubmission, entries: Iterable[Entry], *, day: date, by: User | None
) -> list[RegisteredNeed]:
    """Register people; who is registered for the programme already gets the new priority and reason.

    Raises ValidationError where the submission is closed (why_closed), a reason is missing, or somebody (named) has no
    post in the district on the day, or is not in the account's scope.
    """
    submission = _locked_open(submission, day)
    entries = list(entries)
    _refuse_strangers(submission, {official for official, *_ in entries}, day, by)
    there = {(need.official_id, need.programme_id): need for need in submission.needs.all()}
    written = []
    for official, programme, priority, reason in entries:
        need = there.get((official.pk, programme.pk))
        if need is None:
            need = RegisteredNeed(submission=submission, official=official, programme=programme)
            there[official.pk, programme.pk] = need
        need.priority, need.reason = priority, reason.strip()
        need.clean_fields(exclude=["submission", "official", "programme"])
        written.append(need)
    new = [need for need in written if need.pk is None]
    RegisteredNeed.objects.bulk_update([need for need in written if need.pk], ["priority", "reason"])
    RegisteredNeed.objects.bulk_create({id(need): need for need in new}.values())
    return written


def register_computed(
    submission: DistrictSubmission,
    chosen: Iterable[tuple[int, int, int]] | None,
    *,
    day: date,
    criterion: Criterion,
    by: User | None,
) -> list[RegisteredNeed]:
    """Register needs as they are computed on the day, each with what is lacking as its reason.

    `chosen`: (key of the official, of the programme, priority) of those ticked; None: every need of the district that a
    programme closes, at its best one, those as urgent that make somebody compliant; what is registered already stays as
    the district has it. Raises ValidationError as
    `register_needs`, and where a programme closes nothing that the person lacks.
    """
    appointments = own_appointments(submission, day, by)
    if chosen is not None:
        chosen = list(chosen)
        appointments = appointments.filter(official__in=[official for official, *_ in chosen])
    closing = closing_programmes(day, criterion=criterion)
    posts: Any = lacking_posts(
        day, criterion=criterion, appointments=appointments, rulebook=closing.rulebook, finished=closing.finished
    ).select_related("official")
    needs = needs_of(posts, closing)
    entries: list[Entry]
    if chosen is None:
        priorities = RegisteredNeed.Priority
        there = set(submission.needs.values_list("official", "programme"))
        entries = [
            (
                need.post.official,
                need.programme,
                priorities.URGENT if need.closes_all else priorities.NORMAL,
                need.reason[:200],
            )
            for need in needs
            if need.programme and not there & {(need.official_id, programme.pk) for programme in need.programmes}
        ]
        return register_needs(submission, entries, day=day, by=by)
    closed = {(need.official_id, programme.pk): (need, programme) for need in needs for programme in need.programmes}
    entries = []
    for official, programme_key, priority in chosen:
        if (official, programme_key) not in closed:
            raise ValidationError(
                "Có dòng đã chọn không còn là nhu cầu: hồ sơ vừa thay đổi, hoặc chương trình không bù được mặt còn "
                "thiếu. Hãy tải lại trang rồi chọn lại."
            )
        need, programme = closed[official, programme_key]
        entries.append((need.post.official, programme, priority, need.reason[:200]))
    return register_needs(submission, entries, day=day, by=by)


@signed
def unregister(submission: DistrictSubmission, needs: Sequence[int], *, day: date, by: User | None) -> int:
    """Take registered needs (their keys) out of a submission; returns how many. Refused where it is closed."""
    submission = _locked_open(submission, day)
    chosen = submission.needs.filter(pk__in=needs)
    own = writable_by(chosen, by, "courses.delete_registeredneed", official="official") if by else chosen
    return own.delete()[0]


@signed
def submit(submission: DistrictSubmission, *, day: date, is_empty: bool = False, by: User | None) -> DistrictSubmission:
    """Hand a submission to the province.

    Raises ValidationError where it is closed, and where nobody is registered, unless that is meant (`is_empty`).
    """
    submission = _locked_open(submission, day)
    if not is_empty and not submission.needs.exists():
        raise ValidationError(
            "Bản đăng ký chưa có ai. Hãy chọn người, hoặc xác nhận đơn vị không có nhu cầu.", "empty_submission"
        )
    return _answer(submission, State.SUBMITTED, note=submission.note, submitted_at=ClockTime(), submitted_by=by)


def own_appointments(submission: DistrictSubmission, day: date, by: User | None) -> QuerySet[Appointment]:
    """The posts in communes of the district (cluster, commune) on the day, of people whom the account may write."""
    scope = writable_by(appointments_visible_to(by, day, REGISTER), by, REGISTER) if by else Appointment.objects.all()
    return scope.filter(Condition(_answered_for, submission.district_id, day, unit="unit"))


def _answered_for(above: int, day: date, *, unit: Any) -> In:
    communes = UnitVersion.objects.as_of(day).filter(Q(parent=above) | Q(cluster=above) | Q(unit=above))
    return In(unit, communes.values("unit").query)


def _refuse_strangers(submission: DistrictSubmission, officials: set[Official], day: date, by: User | None) -> None:
    keys = [official.pk for official in officials]
    own = posts_on(day, own_appointments(submission, day, by).filter(official__in=keys))
    strangers = {official.pk: official for official in officials}
    for key in own.values_list("official", flat=True):
        strangers.pop(key, None)
    if strangers:
        names = ", ".join(sorted(official.full_name for official in strangers.values()))
        raise ValidationError(
            f"Không giữ chức danh ở xã nào của đơn vị vào ngày {day:%d/%m/%Y}: {names}. Mỗi đơn vị chỉ đăng ký người "
            "của mình."
        )


# ---------------------------------------------------------------- the province answers


@signed
def accept(submission: DistrictSubmission, *, by: User | None) -> DistrictSubmission:
    """Take what a district submitted into the demand of the year. Raises ValidationError where nothing is submitted."""
    return _answer(_locked_submitted(submission), State.ACCEPTED, answered_at=ClockTime(), answered_by=by)


@signed
def send_back(
    submission: DistrictSubmission, *, reason: str, day: date, deadline: date | None = None, by: User | None
) -> DistrictSubmission:
    """Give a submission back to be written on, for a reason; with a new deadline where the old one has passed.

    An accepted one too. Raises ValidationError without a reason, for one that the district still writes, and where the
    deadline that would hold lies before the day: the district could not write anything.
    """
    submission = lock_submission(submission)
    if submission.state in WRITABLE:
        raise ValidationError("Đơn vị chưa gửi bản đăng ký, nên chưa có gì để trả lại.")
    if not reason.strip():
        raise ValidationError({"reason": "Hãy ghi lý do, để đơn vị biết phải sửa gì."})
    deadline = deadline or submission.deadline
    _check_deadline(submission.campaign, deadline)
    if deadline < day:
        raise ValidationError(
            {"deadline": f"Hạn {deadline:%d/%m/%Y} đã qua, đơn vị không sửa được nữa. Hãy ghi hạn mới."}
        )
    return _answer(
        submission, State.SENT_BACK, note=reason.strip(), deadline=deadline, answered_at=ClockTime(), answered_by=by
    )


def _answer(submission: DistrictSubmission, state: str, **columns: Any) -> DistrictSubmission:
    for column, value in {"state": state, **columns}.items():
        setattr(submission, column, value)
    submission.clean_fields(exclude=["submitted_at", "answered_at"])
    submission.save(update_fields=["state", *columns])
    submission.refresh_from_db()
    return submission


def lock_submission(submission: DistrictSubmission) -> DistrictSubmission:
    """The submission as it is now, locked until the transaction ends."""
    rows = DistrictSubmission.objects.select_for_update(of=("self",)).select_related("campaign")
    return rows.get(pk=submission.pk)


def _locked_open(submission: DistrictSubmission, day: date) -> DistrictSubmission:
    submission = lock_submission(submission)
    if reason := why_closed(submission, day):
        raise ValidationError(reason, "closed")
    return submission


def _locked_submitted(submission: DistrictSubmission) -> DistrictSubmission:
    submission = lock_submission(submission)
    if submission.state != State.SUBMITTED:
        raise ValidationError(
            f"Bản đăng ký {submission.get_state_display().lower()}; chỉ tiếp nhận được bản đơn vị đã gửi."
        )
    return submission


# ---------------------------------------------------------------- how far the districts are


@dataclass(frozen=True)
class Progress:
    """How complete a district's answer is. A registered person may be registered for several programmes."""

    submission: DistrictSubmission
    name: str
    code: str
    registered: int  # needs
    people: int  # persons registered
    lacking: int  # persons with a computed need
    communes: int  # communes with somebody registered
    lacking_communes: int  # communes with a computed need
    days_left: int  # to the deadline, its day included; negative once it has passed

    @property
    def is_late(self) -> bool:
        return self.submission.state in WRITABLE and self.days_left < 0


@planned_once()
def progress_of(
    submissions: QuerySet[DistrictSubmission],
    day: date,
    *,
    criterion: Criterion,
    appointments: QuerySet[Appointment] | None = None,
) -> list[Progress]:
    """How far each district of a campaign is on the day, by code; five queries, however many districts and people."""
    rows = list(submissions.select_related("campaign", "submitted_by", "answered_by"))
    names = {
        version.unit_id: version
        for version in UnitVersion.objects.filter(unit__in=[row.district_id for row in rows]).latest_by(day)
    }
    needs = RegisteredNeed.objects.filter(submission__in=[row.pk for row in rows])
    registered = {
        row["submission"]: row
        for row in needs.order_by()
        .values("submission")
        .annotate(needs=Count("pk"), people=Count("official", distinct=True))
    }
    scope = Appointment.objects.all() if appointments is None else appointments
    lacking = _by_unit(lacking_posts(day, criterion=criterion, appointments=appointments, everybody=True))
    covered = _by_unit(posts_on(day, scope.filter(official__in=needs.values("official"))))
    found = []
    for row in rows:
        version = names.get(row.district_id)
        own = registered.get(row.pk, {"needs": 0, "people": 0})
        people, communes = lacking.get(row.district_id, (0, 0))
        found.append(
            Progress(
                submission=row,
                name=version.name if version else "",
                code=version.code if version else "",
                registered=own["needs"],
                people=own["people"],
                lacking=people,
                communes=covered.get(row.district_id, (0, 0))[1],
                lacking_communes=communes,
                days_left=(row.deadline - day).days,
            )
        )
    return sorted(found, key=lambda item: item.code)


@planned_for_the_day()
def _by_unit(posts: QuerySet[Any]) -> dict[int, tuple[int, int]]:
    """Key of a commune, and of the unit above it → people and communes of the posts."""
    found: dict[int, tuple[int, int]] = {}
    for row in posts.order_by().values("district_id", "unit_id").annotate(people=Count("pk")):
        found[row["unit_id"]] = (row["people"], 1)
        people, communes = found.get(row["district_id"], (0, 0))
        found[row["district_id"]] = (people + row["people"], communes + 1)
    return found
