"""The money of a class: what it is given and what it spent, by source. Sở Nội vụ writes, leaders look."""

from datetime import date
from itertools import chain
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from cadres.models import User
from cadres.web.changes import add_refusal
from cadres.web.day import today_of, working_day
from cadres.web.fields import is_valid_on
from cadres.web.permissions import account, permission_needed
from courses.class_pages import change, class_of, page_of
from courses.classes import commit_funding, correct_settlement, funding_of, settle, withdraw_settlement
from courses.classes.forms import CommitmentForm, SettlementCorrectionForm, SettlementForm
from courses.corrections import TEMPLATE, ask_to_confirm, corrections_of
from courses.forms import ConfirmForm
from courses.models import TrainingClass
from courses.support.amounts import pay_in_all, support_in_all, support_norms

State = TrainingClass.State


@permission_needed("courses.view_classfunding")
def class_funding(request: HttpRequest, pk: int) -> HttpResponse:
    """What a class is given and what it spent; `viec` says which of the two forms was sent."""
    training_class, user = class_of(request, pk), account(request)
    task = request.POST.get("viec", "giao")
    funding = funding_of(training_class)

    def posted(of_task: str) -> Any:
        return request.POST if request.method == "POST" and task == of_task else None

    commitment = CommitmentForm(posted("giao"), row=training_class, funding=funding, prefix="giao")
    settled = next((row for row in funding if row.settled_on), None)
    settlement = SettlementForm(
        posted("quyet-toan"),
        row=training_class,
        funding=funding,
        prefix="quyet-toan",
        initial={
            "on": settled.settled_on if settled else working_day(request),
            "document": settled and settled.document,
        },
    )
    withdrawal = ConfirmForm(posted("thu-hoi"), prefix="thu-hoi")
    if request.method == "POST":
        if not user.has_perm("courses.change_classfunding"):
            raise PermissionDenied("Chỉ Sở Nội vụ giao và quyết toán kinh phí.")
        done = _write_money(
            training_class,
            task,
            commitment=commitment,
            settlement=settlement,
            withdrawal=withdrawal,
            today=today_of(request),
            user=user,
        )
        if done:
            messages.success(request, done)
            return redirect(page_of(training_class, "courses:class-funding"))
    line = training_class.plan_line
    rows: list[dict[str, Any]] = [
        {
            "label": row.get_source_display(),
            "planned": line.cost(row.source) // line.class_count if line else 0,
            "committed": row.committed,
            "spent": row.spent,
            "left": row.committed - row.spent,
        }
        for row in funding
    ]
    return render(
        request,
        "courses/classes/class_funding.html",
        {
            "title": "Kinh phí",
            "training_class": training_class,
            "rows": rows,
            **{what: sum(row[what] for row in rows) for what in ("planned", "committed", "spent", "left")},
            "support": support_in_all(training_class, support_norms(training_class)),
            "pay": pay_in_all(training_class, today_of(request)),
            "settled": settled,
            "corrections": list(chain(*corrections_of(row for row in funding if row.pk).values())),
            "commitment": commitment,
            "settlement": settlement,
            "withdrawal": withdrawal,
            "may_commit": user.has_perm("courses.change_classfunding") and training_class.state != State.CANCELLED,
            "may_settle": user.has_perm("courses.change_classfunding")
            and training_class.state in (State.RUNNING, State.ENDED),
        },
    )


@permission_needed("courses.change_classfunding")
def settlement_correct(request: HttpRequest, pk: int) -> HttpResponse:
    """What a class spent, where it was settled wrongly: another amount, day or document, for a reason."""
    training_class = class_of(request, pk)
    funding = funding_of(training_class)
    settled = next((row for row in funding if row.settled_on), None)
    if settled is None:
        raise Http404("Lớp chưa quyết toán.")
    initial = {"on": settled.settled_on, "document": settled.document}
    form = SettlementCorrectionForm(request.POST or None, row=training_class, funding=funding, initial=initial)

    def write() -> str:
        wanted = form.cleaned_data
        correct_settlement(
            training_class,
            form.amounts,
            on=wanted["on"],
            document=wanted["document"],
            reason=wanted["reason"],
            by=account(request),
        )
        ask_to_confirm(form, day=working_day(request))
        return f"Đã đính chính quyết toán lớp {training_class.code}."

    return change(
        request,
        form,
        write,
        training_class=training_class,
        template=TEMPLATE,
        title="Đính chính quyết toán",
        lead="Sửa số tiền, ngày hoặc chứng từ đã ghi sai; số cũ vẫn còn ở trang kinh phí.",
        action="Đính chính",
        back=page_of(training_class, "courses:class-funding"),
    )


def _write_money(
    training_class: TrainingClass,
    task: str,
    *,
    commitment: CommitmentForm,
    settlement: SettlementForm,
    withdrawal: forms.Form,
    today: date,
    user: User,
) -> str:
    """Write what the form of the task says; returns what was done, or nothing where the form shows why not."""
    form: Any = {"quyet-toan": settlement, "thu-hoi": withdrawal}.get(task, commitment)
    if not is_valid_on(form, today):
        return ""
    try:
        if form is settlement:
            wanted = settlement.cleaned_data
            settle(training_class, settlement.amounts, on=wanted["on"], document=wanted["document"], by=user)
            return f"Đã ghi quyết toán lớp {training_class.code}."
        if form is withdrawal:
            withdraw_settlement(training_class, by=user)
            return f"Đã thu hồi quyết toán lớp {training_class.code}."
        commit_funding(training_class, commitment.amounts, by=user)
        return f"Đã giao kinh phí cho lớp {training_class.code}."
    except ValidationError as refusal:
        add_refusal(form, refusal)
        return ""
