"""Rosters in the browser: upload, preview, write or discard, the list of imports, and the roster as it stands."""

from dataclasses import dataclass
from datetime import date
from io import BytesIO, StringIO
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate  # noqa: TID251
from django.views.decorators.http import require_POST, require_safe

from cadres.access import (
    appointments_visible_to,
    fetch_or_404,
    permission_needed,
    unit_versions_in_scope,
    visible_to,
)
from cadres.evaluation import units_below
from cadres.models import (
    Appointment,
    EthnicGroup,
    ImportBatch,
    ImportRow,
    Level,
    Official,
    Sex,
    UnitVersion,
    User,
)
from cadres.roster.batch import (
    BatchChangedError,
    BatchStateError,
    commit,
    discard,
    file_issues,
    read_file,
    stage,
)
from cadres.roster.reading import UnreadableFileError
from cadres.roster.values import from_iso
from cadres.roster.workbook_out import roster_rows, write_csv, write_xlsx
from cadres.views.paging import page_or_404
from cadres.working_day import working_day

MISSING = "missing"
OUTCOME_TAGS = {"created": "good", "updated": "warn", "unchanged": "", "review": "warn", "rejected": "bad"}
SEVERITY_TAGS = {"error": ("bad", "Lỗi"), "warning": ("warn", "Cảnh báo"), "info": ("", "Ghi chú")}
FIELD_LABELS = {
    "full_name": "Họ và tên",
    "birth_date": "Ngày sinh",
    "sex": "Giới tính",
    "national_id": "Số định danh",
    "ethnic_group": "Dân tộc",
    "religion": "Tôn giáo",
    "position": "Chức danh",
    "appointed_on": "Ngày giữ chức danh",
    "term": "Nhiệm kỳ",
    "field_of_study": "Chuyên ngành",
    "study_mode": "Hình thức đào tạo",
    "party_joined_on": "Đảng viên",
    "recruited_on": "Ngày tuyển dụng",
    "insurance_since": "Tham gia BHXH từ",
    "note": "Ghi chú",
}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class UploadForm(forms.Form):
    """A roster file, with what its rows may leave out: the day and the district."""

    file = forms.FileField(
        label="Tệp danh sách",
        help_text="Bảng tính .xlsx, .xls, .ods hoặc .csv như huyện, xã vẫn gửi; không cần sửa lại cho đúng mẫu.",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xlsm,.xls,.ods,.csv"}),
        error_messages={"required": "Hãy chọn tệp danh sách.", "empty": "Tệp rỗng. Hãy chọn tệp có dữ liệu."},
    )
    as_of = forms.DateField(
        label="Số liệu tính đến ngày",
        required=False,
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        widget=forms.DateInput(attrs={"placeholder": "31/12/2015", "autocomplete": "off"}, format="%d/%m/%Y"),
        help_text="Để trống nếu trong tệp có ghi “Tính đến …”. Ngày chọn ở đây được ưu tiên.",
        error_messages={"invalid": "Ngày không hợp lệ. Hãy ghi ngày/tháng/năm, ví dụ 31/12/2015."},
    )
    unit = forms.ChoiceField(
        label="Chỉ nhập cho đơn vị",
        required=False,
        help_text="Dòng ghi xã ngoài đơn vị này không được nhận; dòng không ghi huyện được hiểu là thuộc đơn vị này.",
        error_messages={"required": "Hãy chọn đơn vị.", "invalid_choice": "Đơn vị này không thuộc phạm vi được giao."},
    )

    def __init__(self, *args: Any, user: User, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        scope = unit_versions_in_scope(user).exclude(kind=UnitVersion.Kind.PROVINCE).order_by("code", "-start_date")
        # Before the first roster the day is today, when the units that the roster speaks of may have ended.
        versions = list(scope.as_of(day)) or list(scope.distinct("code"))
        districts = [version for version in versions if version.kind == UnitVersion.Kind.DISTRICT]
        choices: list[Any] = [(version.code, version.name) for version in districts]
        for district in districts:
            below = [(version.code, version.name) for version in versions if version.parent_id == district.unit_id]
            choices.append((f"Các xã của {district.name}", below))
        listed = {district.unit_id for district in districts}
        rest = [version for version in versions if version not in districts and version.parent_id not in listed]
        choices += [(version.code, version.name) for version in rest]
        unit: Any = self.fields["unit"]
        if user.sees_every_unit:
            unit.choices = [("", "Mọi đơn vị có trong tệp"), *choices]
        else:
            # An import belongs to the unit it was made for; whoever answers for that unit sees it.
            unit.required = True
            unit.choices = choices
            self.initial.setdefault("unit", choices[0][0] if choices else "")

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > settings.LARGEST_UPLOAD:
            limit = settings.LARGEST_UPLOAD // 2**20
            raise forms.ValidationError(f"Tệp quá lớn (giới hạn {limit} MB). Hãy tách thành nhiều tệp nhỏ hơn.")
        return file


@permission_needed("cadres.view_importbatch")
def import_list(request: HttpRequest) -> HttpResponse:
    """The imports in scope, newest first, and the form that starts one."""
    user: User = request.user  # type: ignore[assignment]
    may_import = user.has_perm("cadres.add_importbatch")
    form = None
    if may_import:
        is_post = request.method == "POST"
        form = UploadForm(
            request.POST if is_post else None, request.FILES if is_post else None, user=user, day=working_day(request)
        )
        if is_post and form.is_valid() and (batch := _stage_upload(form, user)):
            return redirect("cadres:import-batch", pk=batch.pk)
    elif request.method == "POST":
        raise PermissionDenied("Vai trò của tài khoản này không được nhập danh sách.")
    batches = visible_to(ImportBatch.objects.select_related("created_by").prefetch_related("unit__versions"), user)
    page = page_or_404(batches, request.GET.get("trang", "1"))
    return render(
        request,
        "cadres/import_list.html",
        {"title": "Nhập danh sách Excel", "form": form, "page": page},
        status=400 if form is not None and form.errors else 200,
    )


def _stage_upload(form: UploadForm, user: User) -> ImportBatch | None:
    """Read and stage the uploaded file; what is wrong with it becomes an error of the form."""
    file = form.cleaned_data["file"]
    try:
        read = read_file(
            file.name,
            file.read(),
            as_of=form.cleaned_data["as_of"],
            unit_code=form.cleaned_data["unit"],
            by=user,
        )
    except UnreadableFileError as error:
        form.add_error("file", str(error))
        return None
    if read.day > localdate():
        form.add_error("as_of", f"Ngày số liệu {read.day:%d/%m/%Y} ở sau hôm nay. Hãy chọn đúng ngày số liệu.")
        return None
    return stage(read, by=user)


@permission_needed("cadres.view_importbatch")
@require_safe
def import_batch(request: HttpRequest, pk: int) -> HttpResponse:
    """A batch: what will happen (or has happened) to each of its rows, by outcome."""
    user: User = request.user  # type: ignore[assignment]
    batch = fetch_or_404(ImportBatch.objects.select_related("created_by", "committed_by"), user, pk=pk)
    outcome = request.GET.get("ket_qua", "")
    if outcome not in ("", MISSING, *ImportRow.Outcome.values):
        raise BadRequest(f"Không có kết quả “{outcome}”.")
    number = request.GET.get("trang", "1")
    missing = rows = None
    if outcome == MISSING:
        missing = page_or_404(_missing(batch, user), number)
        missing.object_list = list(missing.object_list)
    else:
        listed = batch.rows.prefetch_related("unit__versions").order_by("pk")
        rows = page_or_404(listed.filter(outcome=outcome) if outcome else listed, number)
        words = Words.load()
        rows.object_list = [_shown(row, words) for row in rows.object_list]
    counts = batch.summary
    return render(
        request,
        "cadres/import_batch.html",
        {
            "title": batch.file_name,
            "batch": batch,
            "unit_name": batch.unit.name_on(batch.as_of) if batch.unit else "",
            "outcome": outcome,
            "tabs": [
                ("", "Tất cả", counts["rows"]),
                *((value, label, counts[value]) for value, label in ImportRow.Outcome.choices),
                (MISSING, "Không có trong danh sách", counts["missing"]),
            ],
            "to_write": counts["created"] + counts["updated"],
            "rows": rows,
            "missing": missing,
            "page": missing or rows,
            "file_issues": file_issues(counts),
            "agreeing_totals": sum(total["declared"] == total["counted"] for total in counts["totals"]),
            "is_staged": batch.state == ImportBatch.State.STAGED,
            "may_write": user.has_perm("cadres.change_importbatch"),
        },
    )


def _missing(batch: ImportBatch, user: User) -> Any:
    posts = Appointment.objects.as_of(batch.as_of).filter(is_primary=True)
    officials = visible_to(Official.objects.filter(pk__in=batch.missing.values("official")), user)
    return (
        posts.filter(official__in=officials)
        .select_related("official", "position")
        .prefetch_related("unit__versions")
        .order_by("official__name_order", "official_id")
    )


@dataclass
class Words:
    """What codes are called on the page."""

    fields: dict[str, str]
    levels: dict[tuple[str, str], str]
    groups: dict[str, str]

    @classmethod
    def load(cls) -> "Words":
        levels = list(Level.objects.values_list("dimension__code", "dimension__name", "code", "name"))
        return cls(
            fields=FIELD_LABELS | {dimension: name for dimension, name, _, _ in levels},
            levels={(dimension, code): name for dimension, _, code, name in levels},
            groups=dict(EthnicGroup.objects.values_list("code", "name")),
        )

    def understood(self, values: dict[str, Any], read: dict[str, str]) -> list[dict[str, str]]:
        """What a row was understood as beyond name, post and commune, beside the words it was read from."""
        levels = values.get("levels", {})
        told = [
            ("sex", Sex(values["sex"]).label if "sex" in values else ""),
            ("ethnic_group", self.groups.get(values.get("ethnic_group", ""), "")),
            ("national_id", values.get("identifier", "")),
            *((dimension, name) for (dimension, code), name in self.levels.items() if levels.get(dimension) == code),
            ("field_of_study", values.get("field_of_study", "")),
            ("study_mode", values.get("study_mode", "")),
            ("party_joined_on", str(from_iso(joined)) if (joined := values.get("party_joined")) else ""),
            ("appointed_on", str(from_iso(appointed)) if (appointed := values.get("appointed")) else ""),
        ]
        return [
            {"label": self.fields[field], "name": text, "read": "" if read.get(field) == text else read.get(field, "")}
            for field, text in told
            if text
        ]


def _shown(row: ImportRow, words: Words) -> dict[str, Any]:
    """A row as the page shows it: a known person's changes, or what was understood of a new one."""
    understood = row.understood
    issues = [
        {**issue, "tag": SEVERITY_TAGS[issue["severity"]][0], "label": SEVERITY_TAGS[issue["severity"]][1]}
        for issue in row.issues
    ]
    is_known = row.outcome in (ImportRow.Outcome.UPDATED, ImportRow.Outcome.UNCHANGED)
    return {
        "row": row,
        "name": understood.get("full_name") or "(không có họ tên)",
        "birth": str(from_iso(birth)) if (birth := understood.get("birth")) else row.read.get("birth_date", ""),
        "position": row.read.get("position", ""),
        "unit": row.unit.name_on(row.batch.as_of) if row.unit else row.read.get("commune", ""),
        "tag": OUTCOME_TAGS[row.outcome],
        "changes": [{**change, "label": words.fields.get(change["field"], change["field"])} for change in row.changes],
        "understood": [] if is_known else words.understood(understood, row.read),
        "issues": issues,
    }


@require_POST
@permission_needed("cadres.change_importbatch")
def import_commit(request: HttpRequest, pk: int) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    batch = fetch_or_404(ImportBatch.objects.all(), user, pk=pk)
    try:
        commit(batch, by=user)
    except BatchChangedError:
        messages.warning(
            request,
            "Hồ sơ đã thay đổi từ lúc xem trước nên chưa ghi gì. Bản xem trước dưới đây đã được lập lại: hãy xem lại "
            "rồi ghi.",
        )
    except BatchStateError as error:
        messages.error(request, str(error))
    except IntegrityError:
        messages.error(
            request,
            "Chưa ghi được dòng nào: danh sách mâu thuẫn với hồ sơ (trùng chức danh hoặc số định danh trong cùng thời "
            "gian). Hãy tải lại tệp để xem trước lại; nếu vẫn lỗi, hãy báo Sở Nội vụ.",
        )
    else:
        messages.success(request, "Đã ghi danh sách vào hồ sơ.")
    return redirect("cadres:import-batch", pk=pk)


@require_POST
@permission_needed("cadres.change_importbatch")
def import_discard(request: HttpRequest, pk: int) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    batch = fetch_or_404(ImportBatch.objects.all(), user, pk=pk)
    try:
        discard(batch, by=user)
    except BatchStateError as error:
        messages.error(request, str(error))
        return redirect("cadres:import-batch", pk=pk)
    messages.success(request, f"Đã bỏ danh sách {batch.file_name}; hồ sơ không thay đổi.")
    return redirect("cadres:import-list")


@permission_needed("cadres.view_official")
@require_safe
def roster_export(request: HttpRequest) -> HttpResponse:
    """The roster of the day as the importer reads it: ?ngay=, ?don_vi=CODE (a district or commune), ?dang=csv."""
    user: User = request.user  # type: ignore[assignment]
    day = working_day(request)
    appointments = appointments_visible_to(user)
    if code := request.GET.get("don_vi", ""):
        version = unit_versions_in_scope(user).as_of(day).filter(code=code).select_related("unit").first()
        if version is None:
            raise Http404(f"Không có đơn vị mã {code} vào ngày {day:%d/%m/%Y}.")
        appointments = appointments.filter(unit__in=units_below(version.unit, day))
    rows = roster_rows(day, appointments)
    if request.GET.get("dang") == "csv":
        text = StringIO(newline="")
        write_csv(rows, text)
        response = HttpResponse(text.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
        ending = "csv"
    else:
        stream = BytesIO()
        write_xlsx(rows, day, stream)
        response, ending = HttpResponse(stream.getvalue(), content_type=XLSX), "xlsx"
    response["Content-Disposition"] = f'attachment; filename="danh-sach-{day:%Y-%m-%d}.{ending}"'
    return response
