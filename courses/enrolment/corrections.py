"""A sending decision put right: its number, day and signer, and who is in its list."""

from collections.abc import Collection
from datetime import date

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet

from cadres.history import correction
from cadres.models import User
from cadres.text import first_named
from courses.models import Enrolment, SendingDecision, TrainingClass
from courses.seats import lock_class
from courses.steps import move, note_steps

State = Enrolment.State


def may_be_listed(decision: SendingDecision) -> QuerySet[Enrolment]:
    """Who is in the list of the decision, and who was approved and is in none, by name."""
    people = decision.training_class.enrolments.filter(
        Q(decision=decision) | Q(state=State.APPROVED, decision__isnull=True)
    )
    return people.select_related("official").order_by("official__name_order", "pk")


@correction
def correct_decision(
    decision: SendingDecision,
    *,
    number: str,
    signed_on: date,
    signer: str,
    signer_post: str,
    listed: Collection[int],
    reason: str,
    by: User | None,
) -> SendingDecision:
    """Write what a decision really says; `listed` are the keys of the enrolments that stand in it.

    Who was listed by mistake waits for a decision again; who was left out is sent by it. Raises ValidationError for a
    number used in that year, a day after the class, nobody listed, and somebody who has begun to study already.
    """
    training_class = lock_class(decision.training_class)
    if signed_on > training_class.end_date:
        raise ValidationError(
            {"signed_on": f"Ngày ký ở sau ngày bế giảng ({training_class.end_date:%d/%m/%Y}). Hãy xem lại ngày ký."}
        )
    decision.number, decision.signed_on = number, signed_on
    decision.signer, decision.signer_post = signer, signer_post
    decision.full_clean()
    decision.save()
    people = list(may_be_listed(decision).filter(Q(decision=decision) | Q(pk__in=listed)))
    if not any(enrolment.pk in listed for enrolment in people):
        raise ValidationError("Quyết định phải có ít nhất một người. Hãy chọn những người có tên trong quyết định.")
    dropped = [enrolment for enrolment in people if enrolment.pk not in listed]
    not_begun = (State.DECIDED, State.WITHDRAWN)
    if begun := [enrolment.official for enrolment in dropped if enrolment.state not in not_begun]:
        raise ValidationError(
            f"Đã vào học nên không bỏ khỏi quyết định được: {first_named(begun)}. Nếu không học, hãy rút khỏi lớp."
        )
    _unlist(dropped, f"Không có tên trong quyết định số {number}: {reason}", by)
    added = [enrolment for enrolment in people if enrolment.pk in listed and enrolment.decision_id is None]
    is_running = training_class.state == TrainingClass.State.RUNNING
    if added and training_class.state not in (TrainingClass.State.PLANNED, TrainingClass.State.OPEN) and not is_running:
        raise ValidationError(f"Lớp {training_class.code} {training_class.get_state_display().lower()}.")
    state = State.ATTENDING if is_running else State.DECIDED
    move(added, state, by=by, note=f"Quyết định số {number} (đính chính: {reason})"[:300], decision=decision)
    return decision


def _unlist(enrolments: list[Enrolment], note: str, by: User | None) -> None:
    """Take people out of the list: who was sent waits for a decision again, who had withdrawn has none any more."""
    sent = [enrolment for enrolment in enrolments if enrolment.state == State.DECIDED]
    move(sent, State.APPROVED, by=by, note=note[:300], decision=None)
    others = [enrolment for enrolment in enrolments if enrolment.state != State.APPROVED]
    Enrolment.objects.filter(pk__in=[enrolment.pk for enrolment in others]).update(decision=None)
    note_steps(others, by=by, note=note[:300])
