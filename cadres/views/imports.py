"""Rosters in the browser: upload, preview, write or discard, their files, and the list of imports."""

from collections.abc import Sequence
from datetime import date
from io import BytesIO
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.db import IntegrityError
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate  # noqa: TID251
from django.views.decorators.http import require_POST, require_safe

from cadres.access import fetch_or_404, unit_versions_in_scope, units_given, visible_to
from cadres.identity import REVEAL
from cadres.models import ImportBatch, ImportRow, Unit, UnitVersion, User
from cadres.roster.archives import Member, files_in
from cadres.roster.batch import (
    NOTHING_TO_WRITE,
    BatchChangedError,
    BatchStateError,
    FileLostError,
    Step,
    accept_alarms,
    commit,
    content_of,
    discard,
    file_issues,
    has_something_to_write,
    is_file_lost,
    keep_file,
    read_as_chosen,
    read_batch,
    report_of,
)
from cadres.roster.decisions import names_spelt_otherwise, unknown_values
from cadres.roster.error_workbook import error_file_name, write_errors
from cadres.roster.long_work import QueueFullError, Work, begin, is_long_to_write, places, work_on
from cadres.roster.long_work import State as WorkState
from cadres.roster.reading import UnreadableFileError
from cadres.roster.samples import ERAS
from cadres.roster.to_do import ROSTERS
from cadres.search import rows_found
from cadres.text import thousands
from cadres.views.batch_columns import OF_BATCHES
from cadres.views.import_answers import answer_form, questions
from cadres.views.import_batches import batch_to_write, may_write
from cadres.views.import_columns import unread_columns
from cadres.views.import_effect import effect_shown
from cadres.views.import_rows import listed_missing, listed_rows
from cadres.views.import_sheets import leavers_to_ask_about
from cadres.views.import_words import STATE_TAGS
from cadres.web.changes import change
from cadres.web.day import working_day
from cadres.web.fields import DayInput
from cadres.web.filters import ALL, Offered
from cadres.web.lists import FILE, Columns, head_of_file
from cadres.web.paging import shown_page
from cadres.web.permissions import account, permission_needed
from cadres.web.to_do import ToDoFilter

State = ImportBatch.State
MISSING = "missing"
SEND = "cadres.add_importbatch"
CONFIRM = "xac_nhan"  # the codes of the alarms that are ticked
WHY = "vi_sao"  # before the code of an alarm: the reason for it
WORDS_SHOWN = 10  # of those not understood; all of them are on the page of how the file was read
READ = (State.STAGED, State.COMMITTED, State.DISCARDED, State.UNDONE)


class FilesInput(forms.FileInput):
    """A file field in which several files may be chosen at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Cleans to the list of files chosen."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> Any:
        files = data if isinstance(data, Sequence) else [data]
        return [super(FilesField, self).clean(file, initial) for file in files or [None]]


class PlaceForm(forms.Form):
    """What the rows of a roster may leave out: the day and the district."""

    as_of = forms.DateField(
        label="Số liệu tính đến ngày",
        required=False,
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        widget=DayInput(),
        help_text="Để trống nếu trong tệp có ghi “Tính đến …”. Ngày chọn ở đây được ưu tiên.",
        error_messages={"invalid": "Ngày không hợp lệ. Hãy ghi ngày/tháng/năm, ví dụ 31/12/2015."},
    )
    unit = forms.ChoiceField(
        label="Chỉ nhập cho đơn vị",
        required=False,
        help_text="Dòng ghi xã ngoài đơn vị này không được nhận; dòng chỉ ghi tên xã được hiểu là thuộc đơn vị này.",
        error_messages={"required": "Hãy chọn đơn vị.", "invalid_choice": "Đơn vị này không thuộc phạm vi được giao."},
    )

    def __init__(self, *args: Any, user: User, day: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        scope = (
            unit_versions_in_scope(user, SEND).exclude(kind=UnitVersion.Kind.PROVINCE).order_by("code", "-start_date")
        )
        # Before the first roster the day is today, when the units that the roster speaks of may have ended.
        versions = list(scope.as_of(day)) or list(scope.distinct("code"))
        districts = [version for version in versions if version.kind in UnitVersion.BETWEEN_KINDS]
        choices: list[Any] = [(version.code, version.name) for version in districts]
        for district in districts:
            below = [(version.code, version.name) for version in versions if version.above_id == district.unit_id]
            choices.append((f"Các xã của {district.name}", below))
        listed = {district.unit_id for district in districts}
        rest = [version for version in versions if version not in districts and version.above_id not in listed]
        choices += [(version.code, version.name) for version in rest]
        # An old roster speaks of units that have ended by the day looked at.
        codes = {version.code for version in versions}
        ended = [version for version in scope.distinct("code") if version.code not in codes]
        if ended:
            choices.append(("Đơn vị đã kết thúc", [(version.code, version.name) for version in ended]))
        self.versions = {version.code: version.unit_id for version in (*ended, *versions)}
        unit: Any = self.fields["unit"]
        if units_given(user, SEND) is None:
            unit.choices = [("", "Mọi đơn vị có trong tệp"), *choices]
        else:
            # An import belongs to the unit it was made for; whoever answers for that unit sees it.
            unit.required = True
            unit.choices = choices
            self.initial.setdefault("unit", choices[0][0] if choices else "")

    def clean_as_of(self) -> Any:
        day = self.cleaned_data["as_of"]
        if day and day > localdate():
            raise forms.ValidationError(f"Ngày số liệu {day:%d/%m/%Y} ở sau hôm nay. Hãy chọn đúng ngày số liệu.")
        return day

    def chosen_unit(self) -> Unit | None:
        """The unit that bears the code chosen, as far as it is known before the file's day is."""
        key = self.versions.get(self.cleaned_data["unit"])
        return Unit.objects.get(pk=key) if key else None


class UploadForm(PlaceForm):
    """Roster files, with what their rows may leave out."""

    file = FilesField(
        label="Tệp danh sách",
        help_text="Bảng tính .xlsx, .xls, .ods, .csv hoặc bảng do phần mềm khác xuất ra, như các đơn vị vẫn gửi; không "
        "cần sửa lại cho đúng mẫu; nhiều tệp thì nén thành .zip được. Chọn được nhiều tệp cùng lúc.",
        widget=FilesInput(attrs={"accept": ".zip,.xlsx,.xlsm,.xlsb,.xls,.ods,.csv,.txt,.tsv,.htm,.html,.mht,.xml"}),
        error_messages={"required": "Hãy chọn tệp danh sách.", "empty": "Tệp rỗng. Hãy chọn tệp có dữ liệu."},
    )
    scope = forms.ChoiceField(
        label="Danh sách này là",
        required=False,
        choices=[("", "Tự nhận theo người có trong tệp"), *ImportBatch.Scope.choices],
        help_text="Danh sách đầy đủ, hoặc chỉ của một nhóm, thì người có trong hồ sơ mà không có trong danh sách được "
        "hỏi; danh sách bổ sung thì không.",
    )
    field_order = ("file", "as_of", "unit", "scope")

    def clean_file(self) -> Any:
        files = self.cleaned_data["file"]
        limit = settings.LARGEST_UPLOAD // 2**20
        if large := [file.name for file in files if file.size > settings.LARGEST_UPLOAD]:
            raise forms.ValidationError(
                f"Tệp quá lớn (giới hạn {limit} MB): {', '.join(large)}. Hãy tách thành nhiều tệp nhỏ hơn."
            )
        return files


class HistoryFilter(ToDoFilter):
    """The filters of the list of imports."""

    q = forms.CharField(label="Tìm theo tên tệp, người tải lên (không cần dấu)", required=False, max_length=100)
    tinh_trang = forms.ChoiceField(label="Tình trạng", required=False, choices=[ALL, *ImportBatch.State.choices])
    nam = forms.ChoiceField(label="Năm số liệu", required=False)

    BAR = ("tinh_trang", "nam")
    TO_DO = ROSTERS

    def __init__(self, query: QueryDict, *, user: User, day: date) -> None:
        self.user, self.day = user, day
        self.visible: QuerySet[ImportBatch] = visible_to(ImportBatch.objects.all(), user)
        super().__init__(query)

    def offered(self) -> dict[str, Offered]:
        years = [str(first.year) for first in self.visible.order_by().dates("as_of", "year", "DESC") if first]
        return {**super().offered(), "nam": [ALL, *zip(years, years, strict=True)]}

    def batches(self) -> QuerySet[ImportBatch]:
        wanted, found = self.cleaned_data, self.waiting(self.visible, self.user, self.day)
        if wanted["q"]:
            found = rows_found(found, wanted["q"], ("file_name", "created_by__full_name"))
        if wanted["tinh_trang"]:
            found = found.filter(state=wanted["tinh_trang"])
        if wanted["nam"]:
            found = found.filter(as_of__year=wanted["nam"])
        return found


@permission_needed("cadres.view_importbatch")
def import_list(request: HttpRequest) -> HttpResponse:
    """The imports in scope, newest first, and the form that starts one."""
    user = account(request)
    form = None
    if user.has_perm("cadres.add_importbatch"):
        is_post = request.method == "POST"
        form = UploadForm(
            request.POST if is_post else None,
            request.FILES if is_post else None,
            user=user,
            day=working_day(request),
            initial={name: request.GET[name] for name in ("as_of", "unit") if name in request.GET},
        )
        if is_post and form.is_valid() and (kept := _keep_uploads(request, form, user)):
            return kept
    elif request.method == "POST":
        raise PermissionDenied("Vai trò của tài khoản này không được nhập danh sách.")
    filters = HistoryFilter(request.GET, user=user, day=working_day(request))
    columns = Columns(request, OF_BATCHES, default=["-created_at"], tie=["-pk"], may_choose=True)
    found = filters.batches().order_by(*columns.order).select_related("created_by").prefetch_related("unit__versions")
    if FILE in request.GET and request.method != "POST":
        notes = head_of_file(request, filters, is_dated=False)
        return columns.file(request, found, title="CÁC LẦN NHẬP DANH SÁCH", notes=notes, stem="cac-lan-nhap")
    page = shown_page(request, found)
    turns = places()
    for batch in page.object_list:
        batch.turn = turns.get(batch.pk)
    return render(
        request,
        "cadres/import_list.html",
        {
            "samples": ERAS.values(),
            "title": "Nhập danh sách Excel",
            "form": form,
            "filters": filters,
            "page": page,
            "columns": columns,
            "heads": columns.heads(),
            "rows": page.object_list,
        },
        status=400 if form is not None and form.errors else 200,
    )


def _keep_uploads(request: HttpRequest, form: UploadForm, user: User) -> HttpResponse | None:
    """Keep and read every file uploaded, and every one in a zip; a bad one stops no other.

    One leads to its page, several to the list. A single file that cannot be read is an error of the form, and nothing
    is kept of it, unless its columns can be declared by hand.
    """
    at_once = settings.ROSTER_IN_REQUEST_BYTES  # of all files together; the rest is read by a process
    batches = []
    problems = []
    for file in form.cleaned_data["file"]:
        try:
            for member in files_in(file.name or "danh-sach", file.read()):
                if member.problem:
                    problems.append(member.problem)
                    continue
                batch = _keep_upload(form, member, user)
                if (at_once := at_once - len(member.content)) < 0:
                    try:
                        begin(batch, Step.READING, by=user)
                    except QueueFullError as full:  # the file is kept, and read once somebody asks for it
                        problems.append(f"Có tệp đã nhận mà chưa được đọc. {full}")
                else:
                    batch = read_batch(batch, by=user, latest=localdate())
                batches.append(batch)
        except UnreadableFileError as error:
            problems.append(str(error))
    if not batches:
        for problem in problems:
            form.add_error("file", problem)
        return None
    for problem in dict.fromkeys(problems):
        messages.warning(request, problem)
    if len(batches) == 1:
        (batch,) = batches
        if batch.state == State.FAILED and not (batch.summary.get("sheets") or batch.summary.get("hidden_sheets")):
            form.add_error("file", batch.problem)
            batch.file.delete(save=False)
            batch.delete()
            return None
        if batch.state == State.FAILED:
            messages.error(request, batch.problem)
            return redirect("cadres:import-reading", pk=batch.pk)
        return redirect("cadres:import-batch", pk=batch.pk)
    failed = [batch for batch in batches if batch.state == State.FAILED]
    read = sum(batch.state == State.STAGED for batch in batches)
    messages.success(request, f"Đã nhận {len(batches)} tệp, đọc được {read} tệp.")
    if read + len(failed) < len(batches):
        messages.info(request, "Tệp dài được đọc lần lượt; có thể rời trang này, mở từng tệp để xem đến lượt nào.")
    for batch in failed:
        messages.error(request, batch.problem)
    return redirect("cadres:import-list")


def _keep_upload(form: UploadForm, file: Member, user: User) -> ImportBatch:
    return keep_file(
        file.name,
        file.content,
        by=user,
        as_of=form.cleaned_data["as_of"],
        unit_code=form.cleaned_data["unit"],
        unit=form.chosen_unit(),
        scope=form.cleaned_data["scope"],
    )


# What is stopped, and what to do then.
STOPPED = {
    Step.READING: ("Việc đọc tệp", "Hãy đọc lại."),
    Step.COMPARING: ("Việc đọc tệp", "Hãy đọc lại."),
    Step.WRITING: ("Việc ghi", "Hãy ghi lại."),
    Step.UNDOING: ("Việc hoàn tác", "Hãy hoàn tác lại."),
    Step.FORETELLING: ("Việc tính ảnh hưởng", "Hãy tính lại."),
}


def _about_stopped(work: Work | None) -> dict[str, Any]:
    """What a page says where the work on its batch was stopped."""
    if work is None:
        return {}
    what, remedy = STOPPED[Step(work.progress.step)]
    return {
        "stopped": f"{what} đã bị dừng giữa chừng vì tiến trình bị tắt (máy chủ khởi động lại, hết bộ nhớ hoặc do "
        f"người quản trị); chưa có gì được thay đổi. {remedy} Nếu lại bị dừng, hãy tách tệp thành nhiều tệp nhỏ hơn.",
        "is_reading_stopped": work.progress.step in (Step.READING, Step.COMPARING),
    }


@require_POST
@permission_needed("cadres.change_importbatch")
def import_read(request: HttpRequest, pk: int) -> HttpResponse:
    """Read a file that has not been read, or not to its end."""
    user, batch = account(request), batch_to_write(request, pk)
    if batch.state in (State.WAITING, State.FAILED, State.STAGED):
        try:
            begin(batch, Step.READING, by=user)
        except QueueFullError as full:
            messages.error(request, str(full))
    return redirect("cadres:import-batch", pk=pk)


@permission_needed("cadres.view_importbatch")
def import_batch(request: HttpRequest, pk: int) -> HttpResponse:
    """A batch: what will happen (or has happened) to each of its rows, by outcome; POST keeps what is ticked."""
    user = account(request)
    batches = ImportBatch.objects.select_related("created_by", "committed_by", "undone_by", "unit")
    batch = fetch_or_404(batches, user, pk=pk)
    is_staged, may_change = batch.state == State.STAGED, may_write(request, batch)
    may_decide = is_staged and may_change
    outcome, text = request.GET.get("ket_qua", ""), request.GET.get("q", "").strip()
    if outcome not in ("", MISSING, *ImportRow.Outcome.values):
        raise BadRequest(f"Không có kết quả “{outcome}”.")
    if request.method == "POST" and not (may_decide and outcome in (MISSING, ImportRow.Outcome.REVIEW)):
        return HttpResponseNotAllowed(("GET", "HEAD"))
    work = work_on(batch)
    if work and work.state != WorkState.STOPPED and work.progress.step != Step.FORETELLING:
        return render(
            request,
            "cadres/import_progress.html",
            {"title": batch.file_name, "batch": batch, "work": work, "at_once": settings.ROSTERS_AT_ONCE},
        )
    if batch.state not in READ or "rows" not in batch.summary:
        return render(
            request,
            "cadres/import_unread.html",
            {
                "title": batch.file_name,
                "batch": batch,
                "may_write": may_change,
                "is_file_lost": is_file_lost(batch),
                **_about_stopped(work),
            },
        )
    if outcome == MISSING:
        listed = listed_missing(request, batch, text, may_decide=may_decide)
    else:
        listed = listed_rows(request, batch, outcome, text, may_decide=may_decide)
    if isinstance(listed, HttpResponse):
        return listed
    counts = batch.summary
    may_hold_words = counts.get("unknown_words", 1) and may_decide and not outcome and not text
    words = unknown_values(batch) if may_hold_words else []
    asked, leavers = questions(batch), leavers_to_ask_about(batch)
    names = names_spelt_otherwise(batch).count() if is_staged else 0
    # What somebody should decide or see again before the roster is written: without it the preview writes itself.
    is_open = any(counts.get(what) for what in ("rejected", "review", "missing", "unknown_words", "unread"))
    return render(
        request,
        "cadres/import_batch.html",
        {
            "title": batch.file_name,
            "batch": batch,
            "state_tag": STATE_TAGS.get(batch.state, ""),
            "unit_name": batch.unit.name_on(batch.as_of) if batch.unit and batch.as_of else "",
            "outcome": outcome,
            "text": text,
            "tabs": [
                ("", "Tất cả", counts["rows"]),
                *((value, label, counts[value]) for value, label in ImportRow.Outcome.choices),
                (MISSING, "Không có trong danh sách", counts["missing"]),
            ],
            "to_write": counts["created"] + counts["updated"],
            "is_file_lost": is_file_lost(batch),
            **_about_stopped(work),
            "may_commit": has_something_to_write(batch, counts),
            "names": names,
            "to_end": batch.missing.filter(end_date__isnull=False).count(),
            **listed,
            "is_missing": outcome == MISSING,
            "words": words[:WORDS_SHOWN],
            "words_left": max(len(words) - WORDS_SHOWN, 0),
            "file_issues": [issue for issue in file_issues(counts) if issue["code"] != "left_post"],
            "leavers": leavers,
            "questions": asked,
            "nothing_open": not (is_open or asked or names or words or leavers),
            "answering": answer_form(batch) if may_decide else None,
            "scope_name": dict(ImportBatch.Scope.choices).get(counts.get("scope", ""), ""),
            "scopes": ImportBatch.Scope.choices,
            "unread": unread_columns(batch),
            "may_choose": may_decide,
            "never_kept": [column for column in counts.get("unread", ()) if column.get("kept") is False],
            "vacancies": counts.get("vacancies", ()),
            "agreeing_totals": sum(total["declared"] == total["counted"] for total in counts["totals"]),
            "has_problems": batch.rows.exclude(issues=[]).exists(),
            "converted": ", ".join(counts.get("converted", ())),
            "is_staged": is_staged,
            **effect_shown(batch, work),
            "may_write": may_change,
            "may_decide": may_decide,
            "asks_date_order": may_decide and bool(batch.chosen_order or batch.summary.get("month_first_dates")),
        },
    )


@require_POST
@permission_needed("cadres.change_importbatch")
def import_commit(request: HttpRequest, pk: int) -> HttpResponse:
    user, batch = account(request), batch_to_write(request, pk)
    if batch.state == State.STAGED and not has_something_to_write(batch, batch.summary):
        messages.error(request, NOTHING_TO_WRITE)
        return redirect("cadres:import-batch", pk=pk)
    if batch.state == State.STAGED:
        confirmed = request.POST.getlist(CONFIRM)
        asked = [question for question in questions(batch) if not question.answered]
        if [question for question in asked if question.is_about_people]:
            messages.error(request, "Chưa ghi gì: hãy trả lời cảnh báo về người của danh sách trước.")
            return redirect("cadres:import-batch", pk=pk)
        if unconfirmed := [question for question in asked if question.code not in confirmed]:
            told = " ".join(alarm["message"] for question in unconfirmed for alarm in question.alarms)
            messages.error(request, f"Chưa ghi gì: hãy xác nhận từng cảnh báo. {told}")
            return redirect("cadres:import-confirm", pk=pk)
        reasons = {
            question.code: request.POST.get(f"{WHY}_{question.code}", "").strip()[:300]
            for question in asked
            if question.asks_why
        }
        if "" in reasons.values():
            messages.error(request, "Chưa ghi gì: hãy ghi lý do cho từng cảnh báo có ô “Vì sao”.")
            return redirect("cadres:import-confirm", pk=pk)
        if asked:
            batch = accept_alarms(batch, [question.code for question in asked], reasons=reasons, by=user)
    if batch.state == State.STAGED and is_long_to_write(batch):
        try:
            begin(batch, Step.WRITING, by=user)
        except QueueFullError as full:
            messages.error(request, str(full))
        return redirect("cadres:import-batch", pk=pk)
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


@permission_needed("cadres.change_importbatch")
def import_discard(request: HttpRequest, pk: int) -> HttpResponse:
    """What is given up with a roster that is not written; a POST gives it up."""
    batch = batch_to_write(request, pk)
    if batch.state not in (State.WAITING, State.FAILED, State.STAGED):
        messages.error(request, "Lần nhập này đã được ghi hoặc đã bỏ.")
        return redirect("cadres:import-batch", pk=pk)
    decided = batch.rows.exclude(decision={}).count() + batch.missing.filter(decided_by__isnull=False).count()
    lead = (
        f"Danh sách {batch.file_name} chưa được ghi; bỏ thì hồ sơ không thay đổi, tệp gốc vẫn còn trong Các lần nhập."
    )
    if decided:
        lead += f" {thousands(decided)} quyết định về các dòng và người không có trong danh sách không dùng được nữa."

    def write() -> str:
        try:
            discard(batch, by=account(request))
        except BatchStateError as refusal:
            raise ValidationError(str(refusal)) from refusal
        return f"Đã bỏ danh sách {batch.file_name}; hồ sơ không thay đổi."

    rows = batch.summary.get("rows", 0)
    return change(
        request,
        forms.Form(request.POST if request.method == "POST" else None),
        write,
        template="change.html",
        title=f"Bỏ, không ghi: {batch.file_name}",
        lead=lead,
        action=f"Bỏ {thousands(rows)} dòng, không ghi" if rows else "Bỏ tệp này",
        back=reverse("cadres:import-batch", args=[pk]),
        target=lambda: reverse("cadres:import-list"),
        at_the_same_time="Vừa có người khác làm việc với danh sách này. Hãy xem lại.",
    )


@permission_needed("cadres.view_importbatch")
@permission_needed(REVEAL)  # the file is as the district sent it
@require_safe
def import_file_kept(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file as it was uploaded."""
    batch = fetch_or_404(ImportBatch.objects.all(), account(request), pk=pk)
    try:
        content = BytesIO(content_of(batch))
    except FileLostError as error:
        messages.error(request, str(error))
        return redirect("cadres:import-batch", pk=pk)
    # Whatever it is, a browser must store it and not show it.
    return FileResponse(content, as_attachment=True, filename=batch.file_name, content_type="application/octet-stream")


@permission_needed("cadres.view_importbatch")
@permission_needed(REVEAL)  # the file is as the district sent it
@require_safe
def import_file_marked(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The uploaded file with a coloured cell and a note where something was wrong, to be mended and sent again."""
    user = account(request)
    batch = fetch_or_404(ImportBatch.objects.select_related("created_by"), user, pk=pk)
    if batch.state not in READ:
        raise Http404("Danh sách này chưa đọc được nên chưa có tệp đánh dấu lỗi.")
    stream = BytesIO()
    try:
        content = content_of(batch)
        read = read_as_chosen(batch, content, by=batch.created_by)
        write_errors(content, read.layout, report_of(batch)["issues"], stream)
    except (UnreadableFileError, FileLostError) as error:
        messages.error(request, str(error))
        return redirect("cadres:import-batch", pk=pk)
    stream.seek(0)
    return FileResponse(stream, as_attachment=True, filename=error_file_name(batch.file_name))
