"""Which papers of a class can be printed now, and why the others cannot."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q

from cadres.models import User
from courses.access import certificates_visible_to, enrolments_visible_to, is_institution
from courses.corrections import Correction, corrections_of
from courses.documents.contents import IN_CLASS, ON_LIST
from courses.documents.kinds import Kind
from courses.models import Enrolment, SendingDecision, TrainingClass

MAY_SEE_DRAFTS = "courses.approve_enrolment"


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


def offers(training_class: TrainingClass, user: User) -> list[Offer]:
    """The papers of the class for the account, in the order of the chain. 4 queries."""
    seen = enrolments_visible_to(user).filter(training_class=training_class)
    by_state = dict(seen.order_by().values_list("state").annotate(people=Count("pk")))
    whose = "" if user.sees_every_unit or is_institution(user) else " của đơn vị"
    found = _decisions(training_class, by_state, whose, user)
    on_list = sum(by_state.get(state, 0) for state in ON_LIST)
    in_class = sum(by_state.get(state, 0) for state in IN_CLASS)
    nobody = f"Chưa có người nào{whose} được duyệt vào lớp."
    people = f"{on_list} người{whose}"
    found.append(Offer(Kind.CLASS_LIST, Kind.CLASS_LIST.label, people, reason="" if on_list else nobody))
    sessions = training_class.sessions.filter(is_cancelled=False).count()
    planned = f"{sessions} buổi" if sessions else "chưa xếp buổi học"
    found.append(
        Offer(
            Kind.ATTENDANCE,
            "Phiếu điểm danh để trống",
            f"{people}, {planned}",
            query="?de_trong=1",
            reason="" if on_list else nobody,
        )
    )
    no_sessions = "Lớp chưa xếp buổi học nào." if not sessions else ""
    found.append(
        Offer(
            Kind.ATTENDANCE,
            "Phiếu điểm danh đã ghi",
            f"{people}, {planned}",
            reason=no_sessions if on_list else nobody,
        )
    )
    graded = sum(by_state.get(state, 0) for state in Enrolment.WITH_RESULT)
    not_studying = f"Chưa có người nào{whose} vào học; bảng có từ khi lớp khai giảng."
    found.append(
        Offer(
            Kind.RESULTS,
            Kind.RESULTS.label,
            f"{graded} trên {in_class} người{whose} đã có kết quả",
            reason="" if in_class else not_studying,
        )
    )
    issued = certificates_visible_to(user).filter(enrolment__training_class=training_class).count()
    none_issued = f"Chưa cấp chứng chỉ nào cho người{whose or ' trong lớp'}."
    found.append(
        Offer(Kind.CERTIFICATES, "Sổ cấp chứng chỉ của lớp", f"{issued} dòng", reason="" if issued else none_issued)
    )
    return found


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
