"""The alarms of a staged roster, kind by kind, and the one decision that answers those about its people."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from cadres.models import Appointment, ImportBatch
from cadres.roster.alarms import KINDS, Alarm, unaccepted
from cadres.roster.answers import ABOUT_PEOPLE, Answer, answer_alarms, people_to_end
from cadres.roster.batch import BatchStateError
from cadres.text import thousands
from cadres.views.import_batches import batch_in
from cadres.web.fields import DayField
from cadres.web.permissions import account, permission_needed
from cadres.web.tags import luc, ngay

State = ImportBatch.State
SHOWN = 3  # alarms of a kind; more of them are folded


@dataclass(slots=True)
class Question:
    """A kind of alarm of the file: what it says, and whether and how it was answered."""

    code: str
    title: str  # of many communes together; '' where the alarms speak for themselves
    alarms: list[Alarm]
    confirmed: str  # what is ticked where no decision answers it
    is_about_people: bool
    asks_why: bool = False
    answered: str = ""  # by whom, when and how
    folded: list[Alarm] = field(default_factory=list)


def questions(batch: ImportBatch) -> list[Question]:
    """The alarms of the batch, a kind each, in the order of the table."""
    alarms = batch.summary.get("alarms", ())
    accepted = batch.summary.get("accepted_alarms", ())
    found = []
    for code in dict.fromkeys(alarm["code"] for alarm in alarms):
        of_kind = [alarm for alarm in alarms if alarm["code"] == code]
        kind = KINDS[code]
        many = len(of_kind) > SHOWN and kind.title
        count, of = (sum(alarm[name] for alarm in of_kind) for name in ("count", "of"))
        title = kind.title.format(communes=len(of_kind), count=thousands(count), of=thousands(of)) if many else ""
        is_open = bool(unaccepted(of_kind, accepted))
        signed = next((alarm for alarm in accepted if alarm["code"] == code), None)
        found.append(
            Question(
                code=code,
                title=title,
                alarms=[] if many else of_kind,
                folded=of_kind if many else [],
                confirmed=kind.confirmed,
                is_about_people=code in ABOUT_PEOPLE,
                asks_why=kind.asks_why,
                answered="" if is_open or signed is None else _in_words(signed),
            )
        )
    return found


def _in_words(accepted: dict[str, Any]) -> str:
    at = datetime.fromisoformat(accepted["at"])
    who = f"{accepted['by'] or 'dòng lệnh'}, {luc(at)}"
    told = accepted.get("told", "")
    return f"{told} ({who})" if told else who


class AnswerForm(forms.Form):
    """What a list is to those who are known and not in it: it takes their place, or both stay, or each is looked at."""

    answer = forms.ChoiceField(
        label="Danh sách này so với hồ sơ",
        choices=Answer.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Hãy chọn một cách trả lời.", "invalid_choice": "Hãy chọn một cách trả lời."},
    )
    end_date = DayField(label="Khi thay người cũ: ngày cuối giữ chức danh", required=False)
    end_reason = forms.ChoiceField(
        label="Khi thay người cũ: lý do thôi giữ",
        choices=[("", "Chưa chọn"), *Appointment.EndReason.given()],
        required=False,
    )
    reason = forms.CharField(label="Khi giữ cả hai: vì sao", max_length=300, required=False)


def answer_form(batch: ImportBatch) -> dict[str, Any] | None:
    """The form of the decision about the file's people, with how many it would end; None where nothing asks for it."""
    asked = [question for question in questions(batch) if question.is_about_people]
    if not asked or batch.as_of is None:
        return None
    day_before = batch.as_of - timedelta(days=1)
    return {
        "form": AnswerForm(initial={"end_date": day_before}),
        "ending": people_to_end(batch).count(),
        "answered": all(question.answered for question in asked),
    }


@require_POST
@permission_needed("cadres.change_importbatch")
def import_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer the alarms about the people of a file by one decision."""
    batch = batch_in(request, pk, State.STAGED)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        return redirect("cadres:import-batch", pk=pk)
    wanted = form.cleaned_data
    try:
        ended = answer_alarms(
            batch,
            Answer(wanted["answer"]),
            end_date=wanted["end_date"],
            end_reason=wanted["end_reason"],
            reason=wanted["reason"],
            by=account(request),
        )
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    except BatchStateError as refusal:
        messages.error(request, str(refusal))
    else:
        told = {
            Answer.REPLACES: f"{thousands(ended)} người không có trong danh sách thôi giữ chức danh đến hết ngày "
            f"{ngay(wanted['end_date'])}; được ghi khi ghi danh sách.",
            Answer.BOTH: "Người cũ và người trong danh sách cùng giữ; lý do được lưu với lần nhập.",
            Answer.EACH: "Đã ghi nhận là xem từng người.",
        }
        messages.success(request, told[Answer(wanted["answer"])])
    return redirect("cadres:import-batch", pk=pk)
