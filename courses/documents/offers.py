"""Which papers of a class can be printed now, and why the others cannot."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q

from cadres.models import User
from courses.access import certificates_visible_to, enrolments_visible_to, is_institution, sends_own
from courses.corrections import Correction, corrections_of
from courses.documents.contents import IN_CLASS, ON_LIST
from courses.documents.kinds import Kind
from courses.documents.papers_of_class import CALLED
from courses.documents.papers_of_person import WHO_COMMITS
from courses.documents.papers_of_units import units_that_propose
from courses.documents.printing import EXCEL, WORD, file_types
from courses.documents.wording import commitment_factor, regulation_on
from courses.models import Enrolment, Programme, SendingDecision, TrainingClass
from courses.support.amounts import STUDIED, support_norms

MAY_SEE_DRAFTS = "courses.approve_enrolment"
# What one must be allowed to print a paper of a class; the others are for all who see its people.
NEEDED = {
    Kind.OPENING: MAY_SEE_DRAFTS,
    Kind.PROPOSAL: "courses.add_enrolment",
    Kind.COMMITMENT: "courses.view_commitment",
    Kind.RECOGNITION: "courses.grade_enrolment",
    Kind.CERTIFICATE_SHEET: "courses.add_certificate",
    Kind.SUPPORT: "courses.view_classfunding",
    Kind.SETTLEMENT: "courses.view_classfunding",
}
LABELS = {WORD: "Word", EXCEL: "Excel"}


def may_print(user: User, kind: Kind) -> bool:
    """Whether the account may print a paper of a class of that kind."""
    return kind not in NEEDED or user.has_perm(NEEDED[kind])


@dataclass(frozen=True)
class Offer:
    """A paper: its title, what it holds, the query of its address; or the reason why it cannot be printed yet."""

    kind: Kind
    title: str
    about: str = ""
    query: str = ""
    reason: str = ""
    decision: int | None = None  # the key of the sending decision that it is
    corrections: Sequence[Correction] = ()

    @property
    def files(self) -> list[tuple[str, str]]:
        """The forms in which it is to be had, each with its name."""
        return [(file_type, LABELS[file_type]) for file_type in file_types(self.kind)]


def offers(training_class: TrainingClass, user: User) -> list[Offer]:
    """The papers of the class for the account, in the order of the chain. 6 queries; 9 for an officer."""
    seen = enrolments_visible_to(user).filter(training_class=training_class)
    by_state = dict(seen.order_by().values_list("state").annotate(people=Count("pk")))
    whose = "" if user.sees_every_unit or is_institution(user) else " của đơn vị"
    found = [
        _opening(training_class),
        *(_proposals(training_class, user) if sends_own(user) else ()),
        *_decisions(training_class, by_state, whose, user),
        _summons(by_state, whose),
        _commitments(training_class, by_state, whose),
        *_lists(training_class, by_state, whose),
        *_certificates(training_class, by_state, whose, user),
    ]
    if may_print(user, Kind.SETTLEMENT):
        found += [_support(training_class, by_state), _settlement(training_class)]
    return [offer for offer in found if offer and may_print(user, offer.kind)]


def _number_in(by_state: dict[str, int], states: Iterable[str]) -> int:
    return sum(by_state.get(state, 0) for state in states)


def _opening(training_class: TrainingClass) -> Offer:
    if training_class.decision:
        return Offer(Kind.OPENING, Kind.OPENING.label, training_class.decision)
    return Offer(Kind.OPENING, "Dự thảo quyết định mở lớp", f"{training_class.seats} học viên, chưa ghi quyết định")


def _proposals(training_class: TrainingClass, user: User) -> list[Offer]:
    """The request of each unit of the account that has nominated somebody."""
    units = units_that_propose(training_class, user)
    if not units:
        return [Offer(Kind.PROPOSAL, Kind.PROPOSAL.label, reason="Đơn vị chưa cử ai vào lớp này.")]
    day = training_class.start_date
    return [
        Offer(Kind.PROPOSAL, f"Tờ trình cử người: {unit.name_on(day)}", f"{people} người", query=f"?don_vi={unit.pk}")
        for unit, people in units
    ]


def _summons(by_state: dict[str, int], whose: str) -> Offer:
    called = _number_in(by_state, CALLED)
    reason = "" if called else f"Chưa có quyết định cử người nào{whose}."
    return Offer(Kind.SUMMONS, Kind.SUMMONS.label, f"{called} người{whose} có quyết định cử", reason=reason)


def _commitments(training_class: TrainingClass, by_state: dict[str, int], whose: str) -> Offer | None:
    """None where the class asks for no commitment: most classes do not, and a line would only say so."""
    if training_class.programme.kind != Programme.Kind.DEGREE:
        return None
    regulation = regulation_on(training_class.start_date)
    if regulation and commitment_factor(training_class, regulation) is None:
        return None
    people = _number_in(by_state, WHO_COMMITS)
    reason = "" if people else f"Chưa có người nào{whose} được duyệt vào lớp."
    if regulation is None:
        reason = "Ngày khai giảng chưa có văn bản quy định về cam kết."
    return Offer(Kind.COMMITMENT, "Bản cam kết, mỗi người một trang", f"{people} người{whose}", reason=reason)


def _lists(training_class: TrainingClass, by_state: dict[str, int], whose: str) -> list[Offer]:
    on_list, in_class = _number_in(by_state, ON_LIST), _number_in(by_state, IN_CLASS)
    graded = _number_in(by_state, Enrolment.WITH_RESULT)
    sessions = training_class.sessions.filter(is_cancelled=False).count()
    nobody = "" if on_list else f"Chưa có người nào{whose} được duyệt vào lớp."
    people = f"{on_list} người{whose}"
    sheet = f"{people}, {f'{sessions} buổi' if sessions else 'chưa xếp buổi học'}"
    no_sessions = "" if sessions else "Lớp chưa xếp buổi học nào."
    not_studying = "" if in_class else f"Chưa có người nào{whose} vào học; bảng có từ khi lớp khai giảng."
    told = f"{graded} trên {in_class} người{whose} đã có kết quả"
    return [
        Offer(Kind.CLASS_LIST, Kind.CLASS_LIST.label, people, reason=nobody),
        Offer(Kind.ATTENDANCE, "Phiếu điểm danh để trống", sheet, query="?de_trong=1", reason=nobody),
        Offer(Kind.ATTENDANCE, "Phiếu điểm danh đã ghi", sheet, reason=nobody or no_sessions),
        Offer(Kind.RESULTS, Kind.RESULTS.label, told, reason=not_studying),
    ]


def _certificates(training_class: TrainingClass, by_state: dict[str, int], whose: str, user: User) -> Iterator[Offer]:
    """The decision that recognises results, the certificates, and their register."""
    completed = by_state.get(Enrolment.State.COMPLETED, 0)
    reason = "" if completed else f"Chưa có người nào{whose} hoàn thành lớp."
    yield Offer(Kind.RECOGNITION, Kind.RECOGNITION.label, f"{completed} người{whose} hoàn thành", reason=reason)
    issued = certificates_visible_to(user).filter(enrolment__training_class=training_class)
    counted = issued.aggregate(all=Count("pk"), valid=Count("pk", filter=Q(withdrawn_on__isnull=True)))
    none_issued = f"Chưa cấp chứng chỉ nào cho người{whose or ' trong lớp'}."
    if training_class.programme.kind != Programme.Kind.DEGREE:  # a degree is printed on a blank of the State
        reason = "" if counted["valid"] else none_issued
        yield Offer(
            Kind.CERTIFICATE_SHEET, "Chứng chỉ, mỗi người một trang", f"{counted['valid']} chứng chỉ", reason=reason
        )
    reason = "" if counted["all"] else none_issued
    yield Offer(Kind.CERTIFICATES, "Sổ cấp chứng chỉ của lớp", f"{counted['all']} dòng", reason=reason)


def _support(training_class: TrainingClass, by_state: dict[str, int]) -> Offer:
    """Whether one of those who studied is given something is told by the paper and its page: reckoning it here costs
    every class."""
    reason = "" if support_norms(training_class) else "Chưa có định mức hỗ trợ nào vào ngày khai giảng."
    if not _number_in(by_state, STUDIED):
        reason = "Chưa có người nào vào học."
    return Offer(Kind.SUPPORT, Kind.SUPPORT.label, "theo định mức ngày khai giảng", reason=reason)


def _settlement(training_class: TrainingClass) -> Offer:
    settled = training_class.funding.filter(settled_on__isnull=False).first()
    about = f"quyết toán ngày {settled.settled_on:%d/%m/%Y}" if settled else ""
    return Offer(
        Kind.SETTLEMENT, Kind.SETTLEMENT.label, about, reason="" if settled else "Lớp chưa quyết toán kinh phí."
    )


def _decisions(training_class: TrainingClass, by_state: dict[str, int], whose: str, user: User) -> list[Offer]:
    """Each decision with people of the account in it, and the draft of the next for who may see drafts."""
    seen = enrolments_visible_to(user).filter(training_class=training_class).order_by().values("pk")
    decisions = SendingDecision.objects.filter(training_class=training_class).annotate(
        people=Count("enrolments", filter=Q(enrolments__in=seen))
    )
    decisions = decisions.order_by("signed_on", "pk")
    corrected = corrections_of(decisions)
    found = [
        Offer(
            Kind.SENDING_DECISION,
            f"Quyết định cử đi học số {decision.number}",
            f"{decision.people} người{whose}, ký ngày {decision.signed_on:%d/%m/%Y}",
            query=f"?quyet_dinh={decision.pk}",
            decision=decision.pk,
            corrections=corrected[decision.pk],
            reason="" if decision.people else f"Trong quyết định này không có người nào{whose}.",
        )
        for decision in decisions
    ]
    approved = by_state.get(Enrolment.State.APPROVED, 0)
    if user.has_perm(MAY_SEE_DRAFTS):
        nobody = "Không có ai đã duyệt mà chưa có quyết định."
        about = f"{approved} người đã duyệt, chưa có quyết định"
        found.append(
            Offer(Kind.SENDING_DECISION, "Dự thảo quyết định cử đi học", about, reason="" if approved else nobody)
        )
    elif not found:
        found.append(Offer(Kind.SENDING_DECISION, Kind.SENDING_DECISION.label, reason="Sở Nội vụ chưa ra quyết định."))
    return found
