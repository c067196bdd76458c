"""What had been entered wrongly about a person is put right: with a reason, and after its effect has been seen.

The first time such a page is sent it shows what the correction would come to, on the day looked at and by the criterion
chosen, and writes nothing; sent once more it writes. Where nothing but the reason is to be filled in, the effect is
there from the beginning; else the page asks for it as the form is filled in (ahead.js), and sending once is enough.
"""

from collections.abc import Callable, Sequence
from copy import copy
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from cadres import registry
from cadres.access import held_in_scope, units_writable_on
from cadres.effect import effect_of
from cadres.evaluation import NOTHING, Supposed
from cadres.forms import CorrectionForm, IdentifierForm, OfficialEditForm, PostCorrectionForm
from cadres.models import Appointment, Official
from cadres.views.official_changes import (
    change_of_official,
    counting_qualification,
    make_room,
    official_to_change,
    post_to_change,
)
from cadres.web.addresses import dated
from cadres.web.day import criterion_of, working_day
from cadres.web.permissions import account, permission_needed
from cadres.web.sending import tells_ahead

OF_OTHERS = (
    "Chức danh trước ({post}) thuộc đơn vị khác nên tài khoản này không khôi phục được. "
    "Hãy báo Sở Nội vụ gỡ điều động của {official} (hồ sơ số {key})."
)


def correct(
    request: HttpRequest,
    form: Any,
    write: Callable[[], Any],
    *,
    official: Official,
    supposed: Callable[[], Supposed],
    asks_reason_only: bool = False,
    others: Sequence[Official] = (),
    template: str = "cadres/correction.html",
    **page: Any,
) -> HttpResponse:
    """The page of a correction of a person. `supposed` are the rows as they would be, once the form is filled in;
    `others` are concerned too."""
    user, day = account(request), working_day(request)

    def effect() -> Any:
        return effect_of(
            supposed(),
            official,
            day,
            criterion=criterion_of(request),
            units=units_writable_on(user, day),
            changes=form.changes() if form.is_bound else (),
            others=others,
        )

    def written() -> Official:
        told = effect() if form.is_correction else None
        write()  # what is refused is refused before anybody is asked
        if told:
            form.ask_for(told)
        return official

    if asks_reason_only and not form.is_bound:
        form.show(effect())
    return change_of_official(request, form, written, official=official, template=template, day=day, **page)


# ---------------------------------------------------------------- the person


@tells_ahead
@permission_needed("cadres.change_official")
def official_edit(request: HttpRequest, pk: int) -> HttpResponse:
    official = official_to_change(request, pk)
    form = OfficialEditForm(request.POST or None, instance=official)

    def write() -> None:
        if form.is_correction:
            registry.correct_facts(official, reason=form.cleaned_data["reason"], by=account(request))
        else:
            registry.record_facts(official, by=account(request))

    return correct(
        request,
        form,
        write,
        official=official,
        supposed=lambda: NOTHING,
        title="Sửa thông tin",
        action="Lưu",
        done="đã lưu thông tin.",
        lead="Họ tên, ngày sinh, giới tính đã ghi mà sai thì sửa ở đây, kèm lý do; giá trị cũ còn trong lịch sử hồ sơ.",
    )


# ---------------------------------------------------------------- posts


def _post(request: HttpRequest, pk: int, appointment_pk: int) -> tuple[Official, Appointment]:
    official = official_to_change(request, pk)
    return official, post_to_change(request, official, appointment_pk)


@tells_ahead
@permission_needed("cadres.change_appointment")
def post_correct(request: HttpRequest, pk: int, appointment_pk: int) -> HttpResponse:
    official, appointment = _post(request, pk, appointment_pk)
    day = working_day(request)
    form = PostCorrectionForm(request.POST or None, user=account(request), day=day, appointment=appointment)

    known = registry.in_the_way(appointment)  # who shares the post as it is on file: nothing new

    def write() -> None:
        wanted = form.corrected(appointment)
        wanted.shared_reason = make_room(form, wanted, account(request), known=known) or wanted.shared_reason
        registry.correct_post(wanted, reason=form.cleaned_data["reason"], by=account(request))

    def supposed() -> Supposed:
        wanted = form.corrected(appointment)
        is_ended = form.cleaned_data["other_holder"] == form.END
        others = [post for post in registry.in_the_way(wanted) if post not in known] if is_ended else []
        ended = [copy(post) for post in others if post.begins_before(wanted.start_date)]
        for post in ended:
            post.end_date = wanted.start_date - timedelta(days=1)
        return _instead_of([appointment, *others], wanted, *ended)

    return correct(
        request,
        form,
        write,
        official=official,
        supposed=supposed,
        title=f"Đính chính: {appointment.position}",
        action="Đính chính",
        done="đã đính chính chức danh.",
        lead=(
            "Để sửa đơn vị, chức danh, ngày đã ghi sai. Khi người này đổi chức danh thật, hãy dùng Điều động hoặc"
            " Thôi giữ chức danh."
        ),
    )


@tells_ahead
@permission_needed("cadres.change_appointment")
def post_error(request: HttpRequest, pk: int, appointment_pk: int) -> HttpResponse:
    official, appointment = _post(request, pk, appointment_pk)
    form = CorrectionForm(request.POST or None)

    def write() -> None:
        registry.mark_post_as_error(appointment, reason=form.cleaned_data["reason"], by=account(request))

    before = registry.before_transfer(appointment)
    instead = " Nếu là điều động ghi nhầm, hãy dùng Gỡ điều động để chức danh trước được khôi phục." if before else ""
    return correct(
        request,
        form,
        write,
        official=official,
        supposed=lambda: _instead_of([appointment]),
        asks_reason_only=True,
        title=f"Nhập sai: {appointment.position}",
        action="Đánh dấu nhập sai",
        done="đã đánh dấu chức danh nhập sai.",
        lead=(
            f"{_words(appointment)}: coi như chưa từng có, không được tính vào ngày nào, nhưng vẫn hiện trên hồ sơ."
            f"{instead}"
        ),
    )


@tells_ahead
@permission_needed("cadres.change_appointment")
def transfer_take_back(request: HttpRequest, pk: int, appointment_pk: int) -> HttpResponse:
    official, appointment = _post(request, pk, appointment_pk)
    before = registry.before_transfer(appointment)
    if before is None:
        raise Http404("Chức danh này không do điều động mà có.")
    if not held_in_scope(Appointment.objects.filter(pk=before.pk), account(request)).exists():
        messages.error(request, OF_OTHERS.format(post=before.position, official=official, key=official.pk))
        return redirect(reverse("cadres:official-detail", args=[official.pk]) + dated(request))
    form = CorrectionForm(request.POST or None)

    def write() -> None:
        registry.take_back_transfer(appointment, reason=form.cleaned_data["reason"], by=account(request))

    end = f"đến hết {before.end_date:%d/%m/%Y}" if before.end_date else "không có ngày kết thúc"
    return correct(
        request,
        form,
        write,
        official=official,
        supposed=lambda: _instead_of([appointment, before], before),
        asks_reason_only=True,
        title="Gỡ điều động ghi nhầm",
        action="Gỡ điều động",
        done="đã gỡ điều động, chức danh trước được khôi phục.",
        lead=(
            f"{_words(appointment)}: coi như chưa từng có. {_words(before)}: được khôi phục như trước khi điều động,"
            f" {end}."
        ),
    )


def _instead_of(gone: list[Appointment], *posts: Appointment) -> Supposed:
    """These posts in the place of those; a concurrent one is in no verdict."""
    primary = [post for post in posts if post.is_primary]
    return Supposed(gone=gone, posts=primary, with_data=False)


def _words(post: Appointment) -> str:
    return f"{post.position}, {post.unit.name_on(post.start_date)}, từ {post.start_date:%d/%m/%Y}"


# ---------------------------------------------------------------- records and identity numbers


@tells_ahead
@permission_needed("cadres.change_qualification")
def qualification_error(request: HttpRequest, pk: int, qualification_pk: int) -> HttpResponse:
    official, qualification = counting_qualification(request, pk, qualification_pk)
    form = CorrectionForm(request.POST or None)

    def write() -> None:
        registry.correct_as_error(qualification, reason=form.cleaned_data["reason"], by=account(request))

    return correct(
        request,
        form,
        write,
        official=official,
        supposed=lambda: Supposed(gone=[qualification]),
        asks_reason_only=True,
        title=f"Nhập sai: {qualification}",
        action="Đánh dấu nhập sai",
        done="đã đánh dấu nhập sai.",
        lead=(
            "Dòng này coi như chưa từng có: không được tính vào ngày nào, kể cả trong quá khứ, nhưng vẫn hiện "
            "trên hồ sơ."
        ),
    )


@tells_ahead
@permission_needed("cadres.change_officialidentifier")
def identifier_edit(request: HttpRequest, pk: int, identifier_pk: int) -> HttpResponse:
    official = official_to_change(request, pk)
    identifier = get_object_or_404(official.identifiers, pk=identifier_pk)
    form = IdentifierForm(request.POST or None, instance=identifier)

    def write() -> None:
        registry.correct_identifier(identifier, reason=form.cleaned_data["reason"], by=account(request))

    return correct(
        request,
        form,
        write,
        official=official,
        supposed=lambda: NOTHING,
        title="Đính chính số định danh",
        action="Đính chính",
        done="đã đính chính số định danh.",
        lead="Để sửa số bị ghi nhầm. Khi được cấp giấy tờ mới, hãy ghi số định danh mới để giữ lại số cũ.",
    )
