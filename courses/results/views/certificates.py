"""Certificates on screen: issuing those of a class, and the register of all (sổ cấp chứng chỉ).

The words of the register's address: nam (year of issue; `tat_ca`: all), co_so (institution), chuong_trinh (programme),
tinh_trang (valid, withdrawn), huyen, huyen_cu, xa (units of the day; of the post held as the class began), q (name
without diacritics, number or book entry), sap_xep, cot and tep (cadres.web.lists).
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import F, Max, Min, Q, QuerySet
from django.db.models.functions import Length
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from cadres.access import communes_in_scope
from cadres.kept_plans import planned_once
from cadres.models import User
from cadres.posts import POST_TOLD, with_post_on
from cadres.search import people_found
from cadres.web.addresses import query_string
from cadres.web.day import criterion_of, parse_day, today_of, working_day
from cadres.web.downloads import download_table
from cadres.web.fields import is_valid_on
from cadres.web.filters import ALL, Offered
from cadres.web.lists import FILE, Column, Columns, head_of_file
from cadres.web.paging import rows_by_keys
from cadres.web.permissions import account, permission_needed
from cadres.web.place_filters import PlaceFilters
from cadres.web.posted import ticked
from cadres.web.tables import Table
from cadres.web.tags import ngay
from courses.access import certificates_visible_to, enrolments_visible_to, institutions_of, is_institution
from courses.class_pages import class_of
from courses.corrections import corrections_of
from courses.models import Certificate, Institution, Programme, TrainingClass
from courses.results import Proposal, due_a_certificate, effect_of, issue_certificates, propose_numbers
from courses.results.certificates import lacking_modules
from courses.results.forms import IssueForm
from courses.results.views.attendance import why_closed
from courses.turn_columns import turn_columns, with_post_at_start

CLASS_START = "enrolment__training_class__start_date"


# ---------------------------------------------------------------- the certificates of a class


@permission_needed("courses.view_certificate")
def class_certificates(request: HttpRequest, pk: int) -> HttpResponse:
    """Who can get a certificate, with proposed numbers and what it would do; those issued. POST issues."""
    training_class, user = class_of(request, pk), account(request)
    may_issue = user.has_perm("courses.add_certificate")
    if request.method == "POST" and not may_issue:
        raise PermissionDenied("Vai trò của tài khoản này không cấp chứng chỉ.")
    issued_on = _day_asked_for(request, training_class)
    head = training_class.institution.head if training_class.institution else ""
    form = IssueForm(request.POST or None, initial={"issued_on": issued_on, "signer": head})
    if request.method == "POST" and _issue(request, form, training_class):
        return redirect(request.path)
    posts = with_post_on(due_a_certificate(training_class), training_class.start_date).annotate(**POST_TOLD)
    certificates = _with_people(certificates_visible_to(user).filter(enrolment__training_class=training_class))
    with planned_once():
        due: list[Any] = list(posts) if may_issue else []
        issued: list[Any] = list(certificates.order_by(Length("book_entry"), "book_entry", "pk"))
    corrections = corrections_of(issued)
    for certificate in issued:
        certificate.corrections = corrections[certificate.pk]
    return render(
        request,
        "courses/results/certificates.html",
        {
            "title": f"Chứng chỉ: {training_class.programme}",
            "training_class": training_class,
            "closed": why_closed(training_class),
            "may_issue": may_issue,
            "form": form,
            "issued_on": issued_on,
            "rows": _rows(request, training_class, due, issued_on),
            "effect": effect_of(training_class, due, issued_on=issued_on, criterion=criterion_of(request)),
            "criterion": criterion_of(request),
            "issued": issued,
            "lacking": lacking_modules(training_class, enrolments_visible_to(user)),
        },
    )


def _day_asked_for(request: HttpRequest, training_class: TrainingClass) -> date:
    """The day of issue that the page reckons with: of the address; else the working day, but not before the end."""
    if asked := request.GET.get("ngay_cap"):
        return parse_day(asked)
    return max(working_day(request), training_class.end_date)


def _rows(request: HttpRequest, training_class: TrainingClass, due: list[Any], issued_on: date) -> list[dict[str, Any]]:
    """The people due a certificate with a number and a book entry each: as posted, else as proposed."""
    chosen = set(request.POST.getlist("chon"))
    proposals = propose_numbers(training_class, issued_on, len(due)) or [Proposal("", "")] * len(due)
    return [
        {
            "enrolment": enrolment,
            "number": request.POST.get(f"so-{enrolment.pk}", number),
            "book_entry": request.POST.get(f"vao_so-{enrolment.pk}", book_entry),
            "is_chosen": not chosen or str(enrolment.pk) in chosen,
        }
        for enrolment, (number, book_entry) in zip(due, proposals, strict=True)
    ]


def _issue(request: HttpRequest, form: IssueForm, training_class: TrainingClass) -> bool:
    """Issue what was posted, all or none. False where the form or a rule refuses; the page then says why."""
    if not is_valid_on(form, today_of(request)):
        return False
    chosen = ticked(request, "chon")
    if not chosen:
        form.add_error(None, "Chưa chọn ai. Hãy đánh dấu những người được cấp chứng chỉ.")
        return False
    try:
        new = issue_certificates(
            training_class,
            [(key, request.POST.get(f"so-{key}", ""), request.POST.get(f"vao_so-{key}", "")) for key in chosen],
            issued_on=form.cleaned_data["issued_on"],
            signer=form.cleaned_data["signer"],
            by=account(request),
        )
    except ValidationError as refusal:
        form.add_error(None, refusal.messages)
        return False
    if new:
        level = training_class.programme.raises_to
        told = f" và ghi nhận mức {level} vào hồ sơ" if level else ""
        messages.success(request, f"Đã cấp {len(new)} chứng chỉ{told}.")
    else:
        messages.info(request, "Những chứng chỉ này đã được cấp trước đó; không có gì phải ghi thêm.")
    return True


def _with_people(certificates: QuerySet[Certificate]) -> QuerySet[Any]:
    """With person, post on the first day of the class, class and programme."""
    certificates = certificates.select_related("enrolment__official", "enrolment__training_class__programme")
    return with_post_at_start(certificates, "enrolment__").select_related("institution")


# ---------------------------------------------------------------- the register


class CertificateSelection(PlaceFilters):
    """The filters of the register: what it offers is what the account may see; the year is that of the day."""

    ALL_YEARS, VALID, WITHDRAWN = "tat_ca", "valid", "withdrawn"
    q = forms.CharField(label="Tìm theo tên (không cần dấu), số hiệu hoặc số vào sổ", required=False, max_length=100)
    nam = forms.ChoiceField(label="Năm cấp", required=False)
    co_so = forms.ChoiceField(label="Cơ sở cấp", required=False)
    chuong_trinh = forms.ChoiceField(label="Chương trình", required=False)
    tinh_trang = forms.ChoiceField(
        label="Tình trạng",
        required=False,
        choices=[ALL, (VALID, "Còn giá trị"), (WITHDRAWN, "Đã thu hồi")],
    )

    BAR = ("nam", "huyen", "xa", "co_so", "chuong_trinh", "tinh_trang")
    ONLY_IF_CHOICE = (*PlaceFilters.ONLY_IF_CHOICE, "co_so", "chuong_trinh", "tinh_trang")
    BESIDE = ("nam",)

    def __init__(self, query: QueryDict, *, user: User, day: date) -> None:
        self.user = user
        of_a_year = query.copy()
        of_a_year["nam"] = query.get("nam") or str(day.year)
        communes = communes_in_scope(user, day, "courses.view_certificate")
        super().__init__(of_a_year, communes=communes, day=day)

    def offered(self) -> dict[str, Offered]:
        institutions = institutions_of(self.user) if is_institution(self.user) else Institution.objects.all()
        years = [str(year) for year in _years(self.day)]
        return super().offered() | {
            "nam": [(self.ALL_YEARS, "Tất cả"), *zip(years, years, strict=True)],
            "co_so": [ALL, *institutions.values_list("code", "name")],
            "chuong_trinh": [ALL, *Programme.objects.values_list("code", "title")],
        }

    def certificates(self) -> QuerySet[Certificate]:
        """The certificates of the filters, the latest first."""
        wanted = self.cleaned_data
        found: QuerySet[Any] = certificates_visible_to(self.user)
        if wanted["nam"] != self.ALL_YEARS:
            year = int(wanted["nam"])
            found = found.filter(issued_on__range=(date(year, 1, 1), date(year, 12, 31)))
        if wanted["co_so"]:
            found = found.filter(institution__code=wanted["co_so"])
        if wanted["chuong_trinh"]:
            found = found.filter(enrolment__training_class__programme__code=wanted["chuong_trinh"])
        if (units := self.units_of_any_day()) is not None:
            found = with_post_on(found, F(CLASS_START), official="enrolment__official")
            found = found.filter(post_then__unit__in=units)
        if wanted["tinh_trang"]:
            found = found.filter(withdrawn_on__isnull=wanted["tinh_trang"] == self.VALID)
        if text := " ".join(wanted["q"].split()):
            if any(char.isdigit() for char in text):
                found = found.filter(Q(number__icontains=text) | Q(book_entry__icontains=text))
            else:
                found = people_found(found, text, official="enrolment__official")
        return found.order_by("-issued_on", "-pk")


def _columns(request: HttpRequest) -> Columns:
    """The columns of the register, each as its page and its file say it."""
    turn = turn_columns(request, "enrolment__", class_page="courses:class-certificates")

    def standing(row: Any) -> str:
        if not row.withdrawn_on:
            return "Còn giá trị"
        return f"Thu hồi {ngay(row.withdrawn_on)}: {row.withdrawn_because}"

    def tagged(row: Any) -> SafeString:
        told = standing(row)
        return format_html(
            '<span class="tag {}" title="{}">{}</span>', "bad" if row.withdrawn_on else "good", told, told
        )

    # "9/2015" before "10/2015": the longer number is the higher one
    by_number = ["institution__name", Length("book_entry"), "book_entry"]
    columns = (
        turn.person,
        Column("so", "Số vào sổ", by_number, cell=lambda row: row.book_entry, is_usual=False),
        Column("so_hieu", "Số hiệu", ["number"], cell=lambda row: row.number),
        turn.birth,
        turn.position,
        turn.unit,
        turn.programme,
        turn.class_code,
        Column(
            "xep_loai",
            "Xếp loại",
            ["enrolment__grade"],
            cell=lambda row: row.enrolment.get_grade_display() or "",
            is_usual=False,
        ),
        Column("ngay", "Ngày cấp", ["issued_on"], cell=lambda row: ngay(row.issued_on)),
        Column("co_so", "Cơ sở cấp", ["institution__name"], cell=lambda row: row.institution.name, is_usual=False),
        Column("nguoi_ky", "Người ký", ["signer"], cell=lambda row: row.signer, is_usual=False),
        Column("tinh_trang", "Tình trạng", ["withdrawn_on"], cell=standing, page=tagged),
    )
    return Columns(request, columns, default=["-issued_on"], tie=("-pk",), may_choose=True)


def _given_in(selection: CertificateSelection) -> str:
    """Of which years the certificates are, in words."""
    year = selection.cleaned_data["nam"]
    return "cấp trong tất cả các năm" if year == selection.ALL_YEARS else f"cấp năm {year}"


def _notes(selection: CertificateSelection) -> str:
    return f"Chứng chỉ {_given_in(selection)}. Chức danh, đơn vị là của ngày khai giảng lớp."


def _years(day: date) -> Iterable[int]:
    """The years from the first certificate to the last, and that of the day, latest first."""
    given = Certificate.objects.aggregate(first=Min("issued_on"), last=Max("issued_on"))
    years = [found.year for found in (*given.values(), day) if found]
    return range(max(years), min(years) - 1, -1)


@permission_needed("courses.view_certificate")
@require_safe
def certificate_list(request: HttpRequest) -> HttpResponse:
    """The register: a page of it, by the filters of the address."""
    selection = CertificateSelection(request.GET, user=account(request), day=working_day(request))
    columns, year = _columns(request), selection.cleaned_data["nam"]
    found = selection.certificates()
    if FILE in request.GET or columns.by is not None:  # what is told of a person sorts too
        found = _with_people(found)
    found = found.order_by(*columns.order)
    if FILE in request.GET:
        notes = [*head_of_file(request, selection), _notes(selection)]
        return columns.file(request, found, title="DANH SÁCH CHỨNG CHỈ", notes=notes, stem=f"chung-chi-{year}")
    page, rows = rows_by_keys(request, found, lambda keys: _with_people(Certificate.objects.filter(pk__in=keys)))
    return render(
        request,
        "courses/results/certificate_register.html",
        {
            "title": "Sổ cấp chứng chỉ",
            "selection": selection,
            "page": page,
            "columns": columns,
            "heads": columns.heads(),
            "rows": rows,
            "says": f"{_given_in(selection)}; chức danh, đơn vị là của ngày khai giảng",
            "year": year,
            "register": query_string({name: selection.cleaned_data[name] for name in ("nam", "co_so")}),
            "all_years": selection.ALL_YEARS,
        },
    )


@permission_needed("courses.view_certificate")
@require_safe
def certificate_file(request: HttpRequest, file_type: str) -> HttpResponse:
    """The register of the filters as a file; 404 for another type of file."""
    selection = CertificateSelection(request.GET, user=account(request), day=working_day(request))
    year = selection.cleaned_data["nam"]
    table = Table(
        title="SỔ CẤP CHỨNG CHỈ",
        notes=[*head_of_file(request, selection), _notes(selection)],
        columns=[
            *("STT", "Số vào sổ", "Số hiệu", "Họ và tên", "Ngày sinh", "Chức danh", "Đơn vị", "Chương trình", "Lớp"),
            *("Xếp loại", "Ngày cấp", "Cơ sở cấp", "Người ký", "Tình trạng"),
        ],
        rows=[
            _row(number, certificate)
            for number, certificate in enumerate(_with_people(selection.certificates()).iterator(), start=1)
        ],
        sheet="Sổ cấp chứng chỉ",
    )
    return download_table(request, table, f"so-cap-chung-chi-{year}", file_type)


def _row(number: int, certificate: Any) -> list[str | int | None]:
    enrolment = certificate.enrolment
    withdrawn = f"thu hồi {certificate.withdrawn_on:%d/%m/%Y}" if certificate.withdrawn_on else "còn giá trị"
    return [
        number,
        certificate.book_entry,
        certificate.number,
        enrolment.official.full_name,
        str(enrolment.official.birth or ""),
        certificate.position_title or "",
        certificate.commune_name or "",
        enrolment.training_class.programme.title,
        enrolment.training_class.code,
        enrolment.get_grade_display(),
        f"{certificate.issued_on:%d/%m/%Y}",
        certificate.institution.name,
        certificate.signer,
        withdrawn,
    ]
