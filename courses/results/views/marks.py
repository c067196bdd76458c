"""Results on screen: result, mark, grade and note of each person of a class beside the attendance, and taking one back.

Only rows that were changed are written. Beside each row the page carries what it showed (`was-ENROLMENT`), so that a
result changed by somebody else meanwhile is left: the page shows both, and whoever came second chooses.
"""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from cadres.web.day import today_of, working_day
from cadres.web.permissions import account, permission_needed
from cadres.web.posted import key_of, ticked
from courses.class_pages import change, class_of, page_of, refusals
from courses.models import Certificate, Enrolment, TrainingClass
from courses.results import (
    Recorded,
    Result,
    attendance_summary,
    parse_mark,
    record_results,
    shown_mark,
    withdraw_result,
)
from courses.results.attendance import attended_too_little
from courses.results.forms import WithdrawResultForm
from courses.results.marks import GRADES, PASS_MARK
from courses.results.pupils import check_has_begun, pupils_with_posts
from courses.results.views.attendance import why_closed

State = Enrolment.State
BETWEEN = "|"  # the parts of what the page showed: state|mark|grade|note
# The keys of the grid: the first letter of each choice, but "Không đến học" is V (vắng).
KEYS = {State.COMPLETED: "H", State.FAILED: "K", State.ABSENT: "V"}
GRADE_KEYS = {Enrolment.Grade.EXCELLENT: "G", Enrolment.Grade.GOOD: "K", Enrolment.Grade.AVERAGE: "T"}


@permission_needed("courses.grade_enrolment")
def class_results(request: HttpRequest, pk: int) -> HttpResponse:
    """The grid of results; POST writes the rows that were changed, all or none."""
    training_class = class_of(request, pk)
    posted: dict[int, dict[str, str]] = {}
    overtaken: list[dict[str, Any]] | None = []
    if request.method == "POST":
        posted = _posted(request)
        overtaken = _save(request, training_class, posted)
        if overtaken == []:
            return redirect(request.get_full_path())
        if overtaken:
            posted = {clash["key"]: clash["row"] for clash in overtaken}
    rows = _rows(training_class, posted)
    held = training_class.sessions.filter(is_cancelled=False).count()
    return render(
        request,
        "courses/results/results.html",
        {
            "title": f"Kết quả: {training_class.programme}",
            "training_class": training_class,
            "closed": why_closed(training_class),
            "rows": rows,
            "overtaken": overtaken,
            "sessions": held,
            "open": sum(not row["is_settled"] and not row["state"] for row in rows),
            "states": [(state.value, state.label, key) for state, key in KEYS.items()],
            "grades": [(grade.value, grade.label, GRADE_KEYS[grade]) for _, grade in GRADES],
            "scale": " ".join(f"{lowest}:{grade.value}" for lowest, grade in GRADES),
            "pass_mark": PASS_MARK,
        },
    )


def _rows(training_class: TrainingClass, posted: Mapping[int, Mapping[str, str]]) -> list[dict[str, Any]]:
    """The people of the class: what stands (or was posted and not written), attendance, the valid certificate."""
    pupils = list(pupils_with_posts(training_class))
    valid = Certificate.objects.filter(enrolment__training_class=training_class, withdrawn_on=None)
    certificates = {certificate.enrolment_id: certificate for certificate in valid}
    summary, missed = attendance_summary(training_class), attended_too_little(training_class)
    rows = []
    for pupil in pupils:
        standing = {
            "state": pupil.state if pupil.state in Enrolment.WITH_RESULT else "",
            "mark": shown_mark(pupil.mark),
            "grade": pupil.grade,
            "note": pupil.note,
        }
        rows.append(
            {
                "enrolment": pupil,
                "attended": summary.get(pupil.pk),
                "missed": missed.get(pupil.pk, ""),
                "certificate": certificates.get(pupil.pk),
                "is_settled": pupil.pk in certificates,
                "has_result": bool(standing["state"]),
                "was": BETWEEN.join(standing.values()),
                **(posted.get(pupil.pk) or standing),
            }
        )
    return rows


# ---------------------------------------------------------------- writing


def _posted(request: HttpRequest) -> dict[int, dict[str, str]]:
    """Enrolment → state, mark, grade, note and what the page showed, as they were posted."""
    found = {}
    for name in request.POST:
        prefix, _, text = name.partition("-")
        if prefix == "was" and (key := key_of(text)):
            parts = ("state", "mark", "grade", "note", "was")
            found[key] = {part: request.POST.get(f"{part}-{text}", "").strip() for part in parts}
    return found


def _save(
    request: HttpRequest, training_class: TrainingClass, posted: Mapping[int, dict[str, str]]
) -> list[dict[str, Any]] | None:
    """Write the rows changed on the page, all or none; tell what was done. None where a rule refuses them.

    Returns the rows that somebody else has changed meanwhile, with both results; they are left as they are.
    """
    fill, left = request.POST.get("dien", ""), set(ticked(request, "giu"))
    results, seen, wrong = {}, {}, []
    names = dict(
        Enrolment.objects.filter(pk__in=posted, training_class=training_class).values_list("pk", "official__full_name")
    )
    for key, row in posted.items():
        name = names.get(key, f"Lượt học mã {key}")
        if fill and not row["state"]:
            row["state"] = fill
        before = dict(zip(("state", "mark", "grade", "note"), row["was"].split(BETWEEN, 3), strict=False))
        if key in left or all(row[part] == before.get(part, "") for part in ("state", "mark", "grade", "note")):
            continue
        if not row["state"]:
            wrong.append(f"{name}: hãy chọn kết quả; muốn bỏ kết quả đã ghi thì dùng “Thu hồi”.")
            continue
        try:
            results[key] = _result(row)
            seen[key] = _result({**before, "state": before.get("state") or State.ATTENDING})
        except ValidationError as refusal:
            wrong += [f"{name}: {message}" for message in refusal.messages]
    try:
        if wrong:
            raise ValidationError(wrong)
        done = Recorded(0, {})
        if results:
            check_has_begun(training_class, today_of(request))
            done = record_results(training_class, results, by=account(request), was=seen)
    except ValidationError as refusal:
        refusals(request, refusal)
        return None
    if done.written:
        messages.success(request, f"Đã ghi kết quả của {done.written} người.")
    elif not done.overtaken:
        messages.info(request, "Không có dòng nào thay đổi.")
    return [
        {
            "key": key,
            "name": names[key],
            "theirs": theirs,
            "mine": results[key],
            "row": {part: posted[key][part] for part in ("state", "mark", "grade", "note")},
        }
        for key, theirs in done.overtaken.items()
    ]


def _result(row: Mapping[str, str]) -> Result:
    return Result(row["state"], parse_mark(row.get("mark", "")), row.get("grade", ""), row.get("note", ""))


# ---------------------------------------------------------------- taking back


@permission_needed("courses.change_certificate")
def result_withdraw(request: HttpRequest, pk: int, enrolment_pk: int) -> HttpResponse:
    """Take the result of one person back: as written in error, or the certificate from a day on."""
    training_class, day = class_of(request, pk), working_day(request)
    enrolment = get_object_or_404(training_class.enrolments.select_related("official"), pk=enrolment_pk)
    certificate = (
        enrolment.certificates.filter(withdrawn_on=None).select_related("qualification__level__dimension").first()
    )
    form = WithdrawResultForm(
        request.POST or None, initial={"revoke_from": day}, has_certificate=certificate is not None
    )

    def write() -> str:
        wanted = form.cleaned_data
        is_revoked = wanted["kind"] == form.REVOKED
        withdraw_result(
            enrolment,
            reason=wanted["reason"],
            day=day,
            revoke_from=wanted["revoke_from"] if is_revoked else None,
            by=account(request),
        )
        if is_revoked:
            return f"{enrolment.official}: đã thu hồi chứng chỉ từ {wanted['revoke_from']:%d/%m/%Y}."
        return f"{enrolment.official}: đã thu hồi kết quả, người này chờ kết quả mới."

    return change(
        request,
        form,
        write,
        training_class=training_class,
        title=f"Thu hồi kết quả: {enrolment.official}",
        action="Thu hồi",
        back=page_of(training_class, "courses:class-results"),
        template="courses/results/result_withdraw.html",
        is_final=True,
        enrolment=enrolment,
        result=Result.of(enrolment),
        certificate=certificate,
    )
