"""What is done to a person's record: each its own page with a small form, each written by registry.

A page answers 404 for a person outside the scope or only visible from a former time, 403 for a role that may not.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from cadres import registry
from cadres.access import fetch_or_404, held_in_scope, units_visible_to, visible_to, writable_by
from cadres.forms import (
    AppointForm,
    EndForm,
    NewIdentifierForm,
    NewOfficialForm,
    PostFields,
    QualificationForm,
    RevokeForm,
    ShareForm,
    TransferForm,
    WaiverForm,
)
from cadres.models import Appointment, Criterion, Official, Qualification, Unit, UnitVersion, User
from cadres.models.units import ABOVE
from cadres.posts import primary_posts
from cadres.views.explanation import lacking
from cadres.web.addresses import dated
from cadres.web.changes import change
from cadres.web.day import working_day
from cadres.web.permissions import account, permission_needed

LACKS_TRAINING = "Người này chưa có đủ trình độ, bồi dưỡng mà chức danh yêu cầu; đánh dấu ô dưới đây nếu vẫn bổ nhiệm."
AT_THE_SAME_TIME = "Vừa có người khác ghi một thay đổi trùng với thay đổi này. Hãy xem lại hồ sơ rồi làm lại."


def official_to_change(request: HttpRequest, pk: int) -> Official:
    """The person, where the account may write it; otherwise Http404."""
    return fetch_or_404(writable_by(Official.objects.all(), account(request)), account(request), pk=pk)


def post_to_change(request: HttpRequest, official: Official, pk: int) -> Appointment:
    """A post of the person that was held in a unit of the account; otherwise Http404: others put theirs right."""
    posts = held_in_scope(official.appointments.select_related("position"), account(request))
    return get_object_or_404(posts.prefetch_related("unit__versions"), pk=pk)


def change_of_official(
    request: HttpRequest,
    form: Any,
    write: Callable[[], Official],
    *,
    official: Official | None,
    done: str,
    template: str = "cadres/official_change.html",
    **page: Any,
) -> HttpResponse:
    """The page of one change of a person; once it is written, on to the person's page, which tells what was `done`.

    Who may no longer see the person then, comes to the list.
    """

    def page_of(official: Official | None) -> str:
        path = reverse("cadres:official-detail", args=[official.pk]) if official else reverse("cadres:official-list")
        return path + dated(request)

    def page_after() -> str:
        seen = visible_to(Official.objects.filter(pk=written.pk), account(request)) if written else []
        return page_of(next(iter(seen), None))

    written = official

    def told() -> str:
        nonlocal written
        written = write()
        return f"{written}: {done}"

    return change(
        request,
        form,
        told,
        template=template,
        at_the_same_time=AT_THE_SAME_TIME,
        back=page_of(official),
        target=page_after,
        official=official,
        dated=dated(request),
        **page,
    )


def _concerned(request: HttpRequest, official: Official, *units: Unit) -> set[int]:
    """The units, of those the account sees, whose rate a change of the person can move: where the person is or was in
    post and those given, each with the units above it."""
    communes = {*official.appointments.values_list("unit", flat=True), *(unit.pk for unit in units)}
    above = UnitVersion.objects.filter(unit__in=communes).values(above=ABOVE)
    seen = units_visible_to(account(request)).filter(Q(pk__in=communes) | Q(pk__in=above))
    return set(seen.values_list("pk", flat=True))


def make_room(form: PostFields, wanted: Appointment, user: User, *, known: Sequence[Appointment] = ()) -> str:
    """See to it that somebody may come into a post: the question who stays in it, where one person holds it.

    Whoever holds it is told (ValidationError) until that is answered; then their posts end the day before, or the
    reason why both hold it is returned ("" where nobody else does). Others who put somebody into a post of the unit at
    the same moment wait, and are asked next. Those `known` have held it with this person before, and are not asked of.
    """
    registry.lock_posts_of(wanted.unit)
    held = [post for post in registry.in_the_way(wanted) if post not in known]
    if not held:
        return ""
    if form.ask_about(held) == form.BOTH:
        return str(form.cleaned_data["shared_reason"]).strip()
    before = wanted.start_date - timedelta(days=1)
    theirs = {post.official_id for post in held}
    if writable_by(Official.objects.filter(pk__in=theirs), user).count() < len(theirs):
        raise ValidationError(
            "Hồ sơ của người đang giữ do đơn vị khác quản lý: hãy đề nghị Sở Nội vụ kết thúc chức danh."
        )
    for post in held:
        if not post.has_begun(before):
            told = f"{post.official} giữ chức danh này từ ngày {post.start_date:%d/%m/%Y}, nên không kết thúc vào ngày"
            raise ValidationError({"start_date": f"{told} {before:%d/%m/%Y} được. Hãy sửa ngày, hoặc giữ cả hai."})
        reason = form.cleaned_data["other_end_reason"]
        registry.end_appointment(post, end_date=before, reason=reason, by=user)
    return ""


def _settle_missing_training(form: PostFields, appointment: Appointment, user: User) -> None:
    """Raise ValidationError that names what the new post requires and the person lacks, until that is acknowledged.

    Then keep the reason with the post. Measured by the full standard, whatever criterion the page speaks of.
    """
    criterion = Criterion.objects.get(code=settings.DEFAULT_CRITERION)
    if missing := registry.missing_training(appointment, criterion=criterion):
        what = " ".join(str(reason.requirement.pk) for reason in missing)
        form.ask_to_acknowledge(what, [LACKS_TRAINING, *(lacking(reason) for reason in missing)])
        registry.acknowledge_lacking(appointment, reason=form.cleaned_data["lacking_reason"], by=user)


def _put_into_post(form: PostFields, official: Official, user: User, write: Callable[[], Appointment]) -> None:
    """Write the post of a form once the questions that it raises are answered, and keep the answers with it."""
    wanted = form.cleaned_data
    post = Appointment(
        official=official, unit=wanted["unit"], position=wanted["position"], start_date=wanted["start_date"]
    )
    shared = make_room(form, post, user)
    appointment = write()
    if shared:
        registry.share_post(appointment, reason=shared, by=user)
    _settle_missing_training(form, appointment, user)


# ---------------------------------------------------------------- the person


@permission_needed("cadres.add_official")
def official_add(request: HttpRequest) -> HttpResponse:
    day = working_day(request)
    form = NewOfficialForm(request.POST or None, user=account(request), day=day, initial={"start_date": day})

    def write() -> Official:
        wanted, user = form.cleaned_data, account(request)

        def register() -> Appointment:
            official = registry.register(
                form.instance,
                wanted["position"],
                wanted["unit"],
                start_date=wanted["start_date"],
                decision=wanted["decision"],
                identifier=(wanted["kind"], wanted["number"]) if wanted["number"] else None,
                by=user,
            )
            return official.appointments.get()

        _put_into_post(form, form.instance, user, register)
        return form.instance

    return change_of_official(
        request,
        form,
        write,
        official=None,
        title="Thêm người",
        action="Thêm người",
        done="đã thêm, với chức danh đầu tiên.",
        lead=(
            "Chỉ thêm người chưa có trong hệ thống. Người chuyển đến từ xã khác thì dùng Điều động trên hồ sơ của"
            " người đó."
        ),
    )


@permission_needed("cadres.add_officialidentifier")
def identifier_add(request: HttpRequest, pk: int) -> HttpResponse:
    official = official_to_change(request, pk)
    form = NewIdentifierForm(request.POST or None, initial={"start_date": working_day(request)})

    def write() -> Official:
        registry.issue_identifier(official, **form.cleaned_data, by=account(request))
        return official

    return change_of_official(
        request,
        form,
        write,
        official=official,
        title="Ghi số định danh mới",
        action="Ghi số",
        done="đã ghi số định danh.",
        lead="Số cũ, nếu có, được tính đến hết ngày trước. Số bị ghi nhầm thì sửa ngay ở số đó.",
    )


# ---------------------------------------------------------------- posts


@permission_needed("cadres.add_appointment")
def official_appoint(request: HttpRequest, pk: int) -> HttpResponse:
    official, day = official_to_change(request, pk), working_day(request)
    has_primary = primary_posts(day, official.appointments.all()).exists()
    initial = {"start_date": day, "is_primary": not has_primary}
    form = AppointForm(request.POST or None, user=account(request), day=day, initial=initial)

    def write() -> Official:
        user = account(request)
        _put_into_post(form, official, user, lambda: registry.appoint(official, **form.post_wanted(), by=user))
        return official

    return change_of_official(
        request,
        form,
        write,
        official=official,
        concerned=lambda: _concerned(request, official, form.cleaned_data["unit"]),
        title="Bổ nhiệm",
        action="Bổ nhiệm",
        done="đã ghi chức danh.",
        lead=(
            "Chức danh đầu tiên, hoặc chức danh kiêm nhiệm bên cạnh chức danh chính. Để đổi chức danh chính, hãy "
            "dùng Điều động."
        ),
    )


@permission_needed("cadres.add_appointment")
def official_transfer(request: HttpRequest, pk: int) -> HttpResponse:
    official, day = official_to_change(request, pk), working_day(request)
    form = TransferForm(request.POST or None, user=account(request), day=day, initial={"start_date": day})

    def write() -> Official:
        user = account(request)
        _put_into_post(form, official, user, lambda: registry.transfer(official, **form.post_wanted(), by=user))
        return official

    return change_of_official(
        request,
        form,
        write,
        official=official,
        title="Điều động",
        action="Điều động",
        done="đã điều động.",
        lead="Chức danh chính hiện nay kết thúc vào ngày trước; chức danh mới bắt đầu từ ngày ghi dưới đây.",
        is_final=True,
    )


@permission_needed("cadres.change_appointment")
def appointment_end(request: HttpRequest, pk: int, appointment_pk: int) -> HttpResponse:
    official = official_to_change(request, pk)
    appointment = post_to_change(request, official, appointment_pk)
    if appointment.end_date is not None:
        raise Http404("Chức danh này đã kết thúc.")
    form = EndForm(request.POST or None, initial={"end_date": working_day(request)})

    def write() -> Official:
        wanted = form.cleaned_data
        registry.end_appointment(
            appointment,
            end_date=wanted["end_date"],
            reason=wanted["end_reason"],
            decision=wanted["decision"],
            by=account(request),
        )
        return official

    return change_of_official(
        request,
        form,
        write,
        official=official,
        title="Thôi giữ chức danh",
        action="Kết thúc chức danh",
        done="đã kết thúc chức danh.",
        is_final=True,
        lead=f"{appointment.position}: từ ngày hôm sau, người này không còn được tính ở chức danh đó.",
    )


@permission_needed("cadres.change_appointment")
def post_share(request: HttpRequest, pk: int, appointment_pk: int) -> HttpResponse:
    """Say why a post that one person holds is held beside somebody else."""
    official = official_to_change(request, pk)
    appointment = post_to_change(request, official, appointment_pk)
    form = ShareForm(request.POST or None, row=appointment)

    def write() -> Official:
        registry.share_post(appointment, reason=form.cleaned_data["shared_reason"], by=account(request))
        return official

    others = ", ".join(str(post.official) for post in registry.in_the_way(appointment))
    return change_of_official(
        request,
        form,
        write,
        official=official,
        title=f"Cùng giữ chức danh: {appointment.position}",
        action="Ghi lý do",
        done="đã ghi lý do cùng giữ chức danh.",
        lead=(
            f"Chức danh này một người giữ, hiện còn có {others}."
            if others
            else "Trong thời gian này không có ai khác giữ chức danh đó."
        ),
    )


# ---------------------------------------------------------------- qualifications and waivers


@permission_needed("cadres.add_qualification")
def qualification_add(request: HttpRequest, pk: int) -> HttpResponse:
    official = official_to_change(request, pk)
    form = QualificationForm(request.POST or None, initial={"known_on": working_day(request)})

    def write() -> Official:
        wanted = dict(form.cleaned_data)
        registry.record_qualification(
            official,
            wanted.pop("level"),
            as_of=wanted.pop("known_on"),
            **wanted,
            by=account(request),
        )
        return official

    return change_of_official(
        request,
        form,
        write,
        official=official,
        title="Ghi nhận văn bằng, chứng chỉ",
        action="Ghi nhận",
        done="đã ghi nhận văn bằng, chứng chỉ.",
        lead=(
            "Mức cao hơn được thêm vào, không thay mức cũ. Văn bằng được tính từ ngày cấp; nếu chỉ biết tháng "
            "hoặc năm thì từ ngày cuối của tháng, năm đó."
        ),
    )


@permission_needed("cadres.change_qualification")
def qualification_revoke(request: HttpRequest, pk: int, qualification_pk: int) -> HttpResponse:
    official, qualification = counting_qualification(request, pk, qualification_pk)
    if qualification.says_none:
        raise Http404("Dòng này ghi là chưa có trình độ nào, không có văn bằng để thu hồi.")
    form = RevokeForm(request.POST or None, initial={"on": working_day(request)})

    def write() -> Official:
        registry.revoke(qualification, **form.cleaned_data, by=account(request))
        return official

    return change_of_official(
        request,
        form,
        write,
        official=official,
        title=f"Thu hồi: {qualification}",
        action="Thu hồi",
        done="đã ghi việc thu hồi.",
        is_final=True,
        lead="Dành cho văn bằng có thật nhưng bị thu hồi, hủy bỏ. Nếu ghi nhầm từ đầu, hãy đánh dấu nhập sai.",
    )


def counting_qualification(request: HttpRequest, pk: int, qualification_pk: int) -> tuple[Official, Qualification]:
    """The person and one of the records that still count."""
    official = official_to_change(request, pk)
    counting = official.qualifications.select_related("level").filter(is_error=False, end_date=None)
    return official, get_object_or_404(counting, pk=qualification_pk)


@permission_needed("cadres.add_waiver")
def official_waive(request: HttpRequest, pk: int) -> HttpResponse:
    official = official_to_change(request, pk)
    form = WaiverForm(request.POST or None, initial={"start_date": working_day(request)})

    def write() -> Official:
        registry.waive(official, **form.cleaned_data, by=account(request))
        return official

    return change_of_official(
        request,
        form,
        write,
        official=official,
        concerned=lambda: _concerned(request, official),
        title="Ghi quyết định miễn tiêu chuẩn",
        action="Ghi quyết định miễn",
        done="đã ghi quyết định miễn.",
        lead="Trong thời gian được miễn, mặt tiêu chuẩn đó được tính là đạt.",
    )
