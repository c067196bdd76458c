"""Feedback on screen: the sheet that a code opens, the codes and answers of a class, and what is told of all.

The words of the report's address: theo (by class, programme, trainer, institution), hoi (who was asked), nam (year in
which the classes ended), q, sap_xep, cot, tep.
"""

from functools import partial
from typing import Any

import segno
from django import forms
from django.core.exceptions import BadRequest, ValidationError
from django.db.models import Max, Min, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cadres.text import fold, holds
from cadres.web.changes import add_refusal
from cadres.web.day import today_of, working_day
from cadres.web.filters import ALL, FilterForm, Offered
from cadres.web.lists import FILE, Column, Columns, head_of_file
from cadres.web.paging import shown_page
from cadres.web.permissions import account, permission_needed
from courses.access import classes_visible_to
from courses.class_pages import change, class_of, page_of
from courses.models import FeedbackCode, FeedbackQuestion, Respondent, TrainingClass
from courses.quality import feedback
from courses.quality.forms import LEVELS, CodeForm, CodesForm, SheetForm

CODE, DONE = "ma", "xong"  # in the address, which no log keeps after the question mark
AS_SLIPS, AS_SHEETS = "ma", "phieu"


# ---------------------------------------------------------------- answering: no account


@never_cache
def feedback_answer(request: HttpRequest) -> HttpResponse:
    """Ask for a code; with one, its sheet; a POST of the sheet keeps what was answered."""
    if DONE in request.GET:
        return render(request, "courses/quality/answered.html", {"title": "Cảm ơn bạn đã trả lời"})
    typed = request.POST.get(CODE, request.GET.get(CODE, ""))
    ask = CodeForm({CODE: typed} if typed else None)
    code = None
    if typed and ask.is_valid():
        try:
            code = feedback.opened_by(ask.cleaned_data[CODE])
        except ValidationError as refusal:
            add_refusal(ask, refusal)
    if code is None:
        return render(request, "courses/quality/ask_code.html", {"title": "Phiếu đánh giá chất lượng", "form": ask})
    form = SheetForm(request.POST or None, asked=feedback.sheet_of(code.training_class, code.asked_of))
    if request.method == "POST" and form.is_valid():
        try:
            feedback.answer(code, form.scores, remark=form.cleaned_data["remark"], day=today_of(request))
        except ValidationError as refusal:
            add_refusal(form, refusal)
        else:
            return redirect(f"{request.path}?{DONE}=1")
    return render(
        request,
        "courses/quality/sheet.html",
        {"title": "Phiếu đánh giá chất lượng", "form": form, "code": code, "training_class": code.training_class},
    )


# ---------------------------------------------------------------- a class


@permission_needed("courses.view_feedbacksheet")
@require_safe
def class_feedback(request: HttpRequest, pk: int) -> HttpResponse:
    """The codes of the class, and what was answered so far."""
    training_class, user = class_of(request, pk), account(request)
    return render(
        request,
        "courses/quality/class_feedback.html",
        {
            "title": f"Đánh giá: {training_class.programme}",
            "training_class": training_class,
            "codes": feedback.codes_of(training_class, working_day(request)),
            "may_make": user.has_perm("courses.add_feedbackcode"),
            "answers": [
                (
                    label,
                    feedback.answers_about(training_class, asked_of),
                    feedback.remarks_about(training_class, asked_of),
                )
                for asked_of, label in Respondent.choices
            ],
            "levels": LEVELS,
            "fewest": feedback.FEWEST,
        },
    )


def _respondent(text: str) -> Respondent:
    try:
        return Respondent(text)
    except ValueError as error:
        raise BadRequest("Không có loại phiếu đó. Hãy mở lại trang đánh giá của lớp.") from error


@permission_needed("courses.add_feedbackcode")
def feedback_codes_add(request: HttpRequest, pk: int, asked_of: str) -> HttpResponse:
    """Make more codes of a class for one kind of respondent."""
    training_class, respondent = class_of(request, pk), _respondent(asked_of)
    day = working_day(request)
    codes = next(one for one in feedback.codes_of(training_class, day) if one.asked_of == respondent)
    form = CodesForm(request.POST or None, initial={"how_many": codes.proposed or None})

    def write() -> str:
        how_many = form.cleaned_data["how_many"]
        feedback.make_codes(training_class, respondent, how_many, day=day, by=account(request))
        return f"Đã tạo {how_many} mã phiếu cho {respondent.label.lower()}. Hãy in và phát, không ghi ai nhận mã nào."

    return change(
        request,
        form,
        write,
        training_class=training_class,
        title=f"Tạo mã phiếu: {respondent.label.lower()}",
        lead=codes.why_not or f"Đã có {codes.made} mã, {codes.used} đã dùng. Mỗi mã trả lời một phiếu, một lần.",
        action="Tạo mã",
        back=page_of(training_class, "courses:class-feedback"),
    )


@permission_needed("courses.add_feedbackcode")
@require_safe
def feedback_print(request: HttpRequest, pk: int, asked_of: str) -> HttpResponse:
    """The codes that nobody has used yet, to be printed: as slips to cut, or each on a sheet to be filled in by pen."""
    training_class, respondent = class_of(request, pk), _respondent(asked_of)
    kind = request.GET.get("kieu", AS_SLIPS)
    if kind not in (AS_SLIPS, AS_SHEETS):
        raise BadRequest("Chỉ in được phiếu có mã để cắt, hoặc phiếu có câu hỏi. Hãy quay lại trang đánh giá của lớp.")
    address = request.build_absolute_uri(reverse("courses:feedback-answer"))
    unused = FeedbackCode.objects.filter(training_class=training_class, asked_of=respondent, is_used=False)
    return render(
        request,
        "courses/quality/slips.html",
        {
            "title": f"Phiếu đánh giá: {respondent.label.lower()}",
            "training_class": training_class,
            "address": address,
            "slips": [(_shown(row.code), _picture(f"{address}?{CODE}={row.code}")) for row in unused],
            "form": SheetForm(asked=feedback.sheet_of(training_class, respondent)) if kind == AS_SHEETS else None,
            "levels": LEVELS,
            "back": page_of(training_class, "courses:class-feedback"),
        },
    )


def _shown(code: str) -> str:
    """A code as people read it out: K7M2-Q9RT."""
    half = len(code) // 2
    return f"{code[:half]}-{code[half:]}"


def _picture(address: str) -> str:
    return mark_safe(segno.make(address, error="m").svg_inline(scale=3, border=2, svgclass="qr", lineclass=None))


# ---------------------------------------------------------------- the report


class ReportFilter(FilterForm):
    """The filters of the report; what it is by stands on tabs."""

    q = forms.CharField(label="Tìm theo tên (không cần dấu)", required=False, max_length=100)
    theo = forms.ChoiceField(
        label="Xem theo",
        required=False,
        choices=[("", ""), *((word, name) for word, (name, _, _) in feedback.GROUPINGS.items())],
    )
    hoi = forms.ChoiceField(label="Ai trả lời", required=False, choices=Respondent.choices)
    nam = forms.ChoiceField(label="Lớp kết thúc năm", required=False)

    BAR = ("hoi", "nam")
    BESIDE = ("theo",)

    def __init__(self, query: QueryDict, *, classes: QuerySet[TrainingClass]) -> None:
        """`classes`: those that the account sees."""
        self.classes = classes
        super().__init__(query)

    def offered(self) -> dict[str, Offered]:
        answered = self.classes.filter(feedback_sheets__isnull=False)
        ended = answered.aggregate(first=Min("end_date"), last=Max("end_date"))
        years = range(ended["last"].year, ended["first"].year - 1, -1) if ended["last"] else ()
        return {"nam": [ALL, *((str(year), str(year)) for year in years)]}

    @property
    def grouping(self) -> str:
        return self.cleaned_data["theo"] or next(iter(feedback.GROUPINGS))

    @property
    def asked_of(self) -> Respondent:
        return Respondent(self.cleaned_data["hoi"] or Respondent.LEARNER)

    def rows(self) -> QuerySet[Any]:
        """A row for each group, of the sheets that the filters mean."""
        year = self.cleaned_data["nam"]
        classes = self.classes.filter(end_date__year=year) if year else self.classes
        rows = feedback.answers_by(self.grouping, classes, self.asked_of)
        if words := fold(self.cleaned_data["q"]).split():
            rows = rows.filter(key__in=[row["key"] for row in rows if holds(str(row["name"]), words)])
        return rows


def _mean(row: dict[str, Any], about: str) -> str:
    return "" if row[about] is None else f"{row[about]:.2f}".replace(".", ",")


def _columns(request: HttpRequest, selection: ReportFilter) -> Columns:
    """A column for each thing that such respondents are asked about."""
    grouping = selection.grouping

    def named(row: dict[str, Any]) -> SafeString | str:
        if grouping != "lop":
            return str(row["name"])
        return format_html('<a href="{}">{}</a>', reverse("courses:class-feedback", args=[row["key"]]), row["name"])

    columns = [
        Column("ten", feedback.GROUPINGS[grouping][0], ["name"], cell=lambda row: row["name"], page=named),
        Column("phieu", "Số phiếu", ["sheets"], cell=lambda row: row["sheets"], is_number=True),
        *(
            Column(about, label, [about], cell=partial(_mean, about=about), is_number=True)
            for about, label in _asked_about(selection.asked_of, grouping).items()
        ),
    ]
    return Columns(request, columns, default=["name"], tie=("key",), may_choose=True)


def _asked_about(asked_of: str, grouping: str) -> dict[str, str]:
    """What such respondents are or were asked about; a trainer is told by what was asked about trainers."""
    abouts = set(FeedbackQuestion.objects.filter(asked_of=asked_of).values_list("about", flat=True))
    if grouping == "giang_vien":
        abouts &= {FeedbackQuestion.About.TRAINER}
    return {about: label for about, label in FeedbackQuestion.About.choices if about in abouts}


@permission_needed("courses.view_feedbacksheet")
@require_safe
def feedback_report(request: HttpRequest) -> HttpResponse:
    """The means by class, programme, trainer or institution, as a list and as a file."""
    selection = ReportFilter(request.GET, classes=classes_visible_to(account(request)))
    columns = _columns(request, selection)
    rows = selection.rows().order_by(*columns.order)
    says = f"điểm từ 1 đến 5; dưới {feedback.FEWEST} phiếu thì không nêu điểm"
    if FILE in request.GET:
        notes = [*head_of_file(request, selection), f"{selection.asked_of.label} trả lời; {says}."]
        return columns.file(request, rows, title="ĐÁNH GIÁ CHẤT LƯỢNG ĐÀO TẠO", notes=notes, stem="danh-gia-chat-luong")
    page = shown_page(request, rows)
    return render(
        request,
        "courses/quality/report.html",
        {
            "title": "Đánh giá chất lượng",
            "selection": selection,
            "columns": columns,
            "heads": columns.heads(),
            "page": page,
            "rows": page.object_list,
            "says": says,
            "groupings": [(word, name) for word, (name, _, _) in feedback.GROUPINGS.items()],
            "grouping": selection.grouping,
            "asked_of": selection.asked_of,
        },
    )
