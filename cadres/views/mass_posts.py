"""Posts of the people ticked in the list: moved, ended, given besides; each of it one act, its effect seen first."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from cadres import registry
from cadres.access import communes_in_scope, held_in_scope, unit_versions_in_scope, units_writable_on, writable_by
from cadres.forms import EndForm
from cadres.models import Appointment, Position, UnitVersion, User
from cadres.places import communes_offered
from cadres.registry import Wanted
from cadres.text import NAMED, thousands
from cadres.web.acts import Line, Plan, act
from cadres.web.addresses import kept
from cadres.web.day import working_day
from cadres.web.fields import DayField
from cadres.web.permissions import account, permission_needed
from cadres.web.tags import ngay
from cadres.web.ticks import Ticks

APPOINT, CHANGE = "cadres.add_appointment", "cadres.change_appointment"
MOVE, END, GIVE = "dieu_dong", "thoi_giu", "bo_nhiem"  # the values of the buttons below the list
ADDRESSES = {MOVE: "cadres:posts-move", END: "cadres:posts-end", GIVE: "cadres:posts-give"}


def ticks_of(request: HttpRequest) -> Ticks:
    """The posts ticked in the list of people."""
    return Ticks(request, "officials")


class PlaceForm(forms.Form):
    """Where those ticked go and from when; what is left empty stays as it is of each of them."""

    unit = forms.TypedChoiceField(label="Đến đơn vị", required=False, coerce=int, empty_value=None)
    position = forms.ModelChoiceField(label="Chức danh", queryset=Position.objects.none(), required=False)
    start_date = DayField(label="Từ ngày")
    decision = forms.CharField(
        label="Quyết định", max_length=200, required=False, help_text="Số, ngày, cơ quan ban hành."
    )
    lacking_reason = forms.CharField(
        label="Lý do vẫn bổ nhiệm",
        max_length=200,
        required=False,
        help_text="Khi có người chưa đủ trình độ, bồi dưỡng mà chức danh mới yêu cầu.",
    )

    def __init__(self, *args: Any, user: User, day: date, is_move: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.is_move = user, is_move
        communes = communes_offered(communes_in_scope(user, day, APPOINT), key="unit")
        self.fields["unit"].choices = [("", "Đơn vị của từng người"), *communes]  # type: ignore[attr-defined]
        self.fields["position"].queryset = Position.objects.as_of(day)  # type: ignore[attr-defined]
        if is_move:
            self.fields["position"].empty_label = "Chức danh của từng người"  # type: ignore[attr-defined]
        else:
            self.fields["position"].required = True

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        start, position, unit = cleaned.get("start_date"), cleaned.get("position"), cleaned.get("unit")
        if start and position and not position.is_in_force(start):
            self.add_error("position", f"Chức danh này không có hiệu lực vào ngày {ngay(start)}: hãy chọn lại.")
        if start and unit and not unit_versions_in_scope(self.user, APPOINT).as_of(start).filter(unit=unit).exists():
            self.add_error("unit", f"Đơn vị này không có, hoặc chưa được giao, vào ngày {ngay(start)}: hãy chọn lại.")
        if self.is_move and not self.errors and not position and not unit:
            self.add_error(None, "Hãy chọn đơn vị hoặc chức danh mới.")
        return cleaned

    def wanted(self, post: Appointment) -> Wanted:
        """What somebody who holds the post would hold."""
        position, unit = self.cleaned_data["position"], self.cleaned_data["unit"]
        return Wanted(post.official_id, position.pk if position else post.position_id, unit or post.unit_id)


def _plan(request: HttpRequest, permission: str, day: date, why_not: Callable[[Appointment], str]) -> Plan:
    """The posts ticked, in the order of the list; those that others write now are left out."""
    user, keys = account(request), ticks_of(request).numbers
    posts = Appointment.objects.filter(pk__in=keys).select_related("official", "position")
    own = writable_by(posts, user, permission) & held_in_scope(posts, user, permission)
    may_write = set(own.values_list("pk", flat=True))
    found = {post.pk: post for post in posts.prefetch_related("unit__versions")}

    def line(post: Appointment) -> Line:
        beside = f"{post.position}, {post.unit.name_on(post.nearest_day(day))}"
        refused = why_not(post) if post.pk in may_write else "Do đơn vị khác quản lý"
        return Line(post.pk, post.official.full_name, beside, why_not=refused)

    seen = [found[key] for key in keys if key in found]
    return Plan([line(post) for post in seen], of=found)


def _mass_act(
    request: HttpRequest,
    *,
    permission: str,
    form: Callable[[], forms.Form],
    write: Callable[[list[Appointment], Any], None],
    why_not: Callable[[Appointment], str] = lambda post: "",
    **page: Any,
) -> HttpResponse:
    user, day = account(request), working_day(request)

    def written(shown: Plan, filled: Any) -> str:
        posts = [shown.of[line.key] for line in shown.done]
        write(posts, filled)
        return f"{page['title']}: đã ghi {thousands(len(posts))} người."

    answer = act(
        request,
        lambda: _plan(request, permission, day, why_not),
        written,
        form=lambda shown: form(),
        back=reverse("cadres:official-list") + kept(request),
        concerned=lambda: units_writable_on(user, day, permission),
        days=_first_days(form()),
        **page,
    )
    if isinstance(answer, HttpResponseRedirect):  # done, and not only tried
        ticks_of(request).clear()
    return answer


def _first_days(form: forms.Form) -> list[date]:
    """The first day on which what a filled form says is so: its effect is looked at then too."""
    if not form.is_bound or not form.is_valid():
        return []
    if start := form.cleaned_data.get("start_date"):
        return [start]
    return [form.cleaned_data["end_date"] + timedelta(days=1)]


def _ended(post: Appointment) -> str:
    return f"Đã thôi giữ chức danh này từ sau ngày {ngay(post.end_date)}" if post.end_date else ""


@permission_needed(CHANGE)
def posts_end(request: HttpRequest) -> HttpResponse:
    """End the posts ticked, on one day and for one reason."""

    def write(posts: list[Appointment], filled: Any) -> None:
        wanted = filled.cleaned_data
        later = [post for post in posts if not post.has_begun(wanted["end_date"])]
        _refuse("Chưa giữ chức danh vào ngày đó", later, "end_date")
        registry.end_many([post.pk for post in posts], **_end_of(wanted), by=account(request))

    return _mass_act(
        request,
        permission=CHANGE,
        form=lambda: EndForm(request.POST or None, initial={"end_date": working_day(request)}),
        write=write,
        why_not=_ended,
        title="Thôi giữ chức danh",
        verb="Kết thúc chức danh của",
    )


def _end_of(wanted: dict[str, Any]) -> dict[str, Any]:
    return {"end_date": wanted["end_date"], "reason": wanted["end_reason"], "decision": wanted["decision"]}


@permission_needed(APPOINT)
def posts_move(request: HttpRequest) -> HttpResponse:
    """Change the posts ticked for others, in another unit, another position or both."""

    def why_not(post: Appointment) -> str:
        return _ended(post) or ("" if post.is_primary else "Là chức danh kiêm nhiệm")

    def write(posts: list[Appointment], filled: Any) -> None:
        wanted, day = filled.cleaned_data, filled.cleaned_data["start_date"]
        eve = day - timedelta(days=1)
        _refuse(
            "Chưa giữ chức danh vào ngày trước đó", [post for post in posts if not post.has_begun(eve)], "start_date"
        )
        moves = [(post, filled.wanted(post)) for post in posts]
        same = [post for post, one in moves if (one.position, one.unit) == (post.position_id, post.unit_id)]
        _refuse("Đang giữ đúng chức danh đó ở đơn vị đó", same)
        _look_at(moves, day, leaving=[post.pk for post in posts])
        registry.transfer_many(
            [(post.pk, one) for post, one in moves],
            day=day,
            decision=wanted["decision"],
            lacking=_lacking(moves, filled),
            by=account(request),
        )

    return _mass_act(
        request,
        permission=APPOINT,
        form=lambda: _place_form(request, is_move=True),
        write=write,
        why_not=why_not,
        title="Điều động",
        verb="Điều động",
    )


@permission_needed(APPOINT)
def posts_give(request: HttpRequest) -> HttpResponse:
    """Give those ticked a concurrent post beside the one that they hold."""

    def write(posts: list[Appointment], filled: Any) -> None:
        wanted, day = filled.cleaned_data, filled.cleaned_data["start_date"]
        moves = [(post, filled.wanted(post)) for post in posts]
        _look_at(moves, day, leaving=())
        registry.appoint_many(
            [one for _, one in moves],
            day=day,
            decision=wanted["decision"],
            lacking=_lacking(moves, filled),
            by=account(request),
        )

    return _mass_act(
        request,
        permission=APPOINT,
        form=lambda: _place_form(request, is_move=False),
        write=write,
        why_not=_ended,
        title="Bổ nhiệm kiêm nhiệm",
        verb="Bổ nhiệm kiêm nhiệm",
    )


def _place_form(request: HttpRequest, *, is_move: bool) -> PlaceForm:
    day = working_day(request)
    initial = {"start_date": day}
    return PlaceForm(request.POST or None, user=account(request), day=day, is_move=is_move, initial=initial)


# ---------------------------------------------------------------- what stands against it


def _refuse(why: str, posts: Sequence[Appointment], field: str = "") -> None:
    """Raise ValidationError that names the people, where there are any."""
    if posts:
        names = ", ".join(str(post.official) for post in posts[:NAMED])
        more = f" và {thousands(len(posts) - NAMED)} người nữa" if len(posts) > NAMED else ""
        told = f"{why}: {names}{more}. Hãy sửa lại, hoặc bỏ chọn những người này."
        raise ValidationError({field: told} if field else told)


def _look_at(moves: Sequence[tuple[Appointment, Wanted]], day: date, *, leaving: Sequence[int]) -> None:
    """Raise ValidationError where a unit is not there on the day, or more people would hold a post than may."""
    units = {one.unit for _, one in moves}
    registry.lock_units(units)
    names = dict(UnitVersion.objects.as_of(day).filter(unit__in=units).values_list("unit", "name"))
    _refuse(f"Đơn vị không có vào ngày {ngay(day)}", [post for post, one in moves if one.unit not in names], "unit")
    in_force = set(Position.objects.as_of(day).values_list("pk", flat=True))
    gone = [post for post, one in moves if one.position not in in_force]
    _refuse(f"Chức danh không có hiệu lực vào ngày {ngay(day)}", gone, "position")
    registry.refuse_beyond_holders([one for _, one in moves], day, leaving=leaving)


def _lacking(moves: Sequence[tuple[Appointment, Wanted]], filled: Any) -> dict[int, str]:
    """Keys of those who lack what the new post asks for → why they are appointed all the same.

    Raises ValidationError that names them, until a reason is given.
    """
    day, reason = filled.cleaned_data["start_date"], filled.cleaned_data["lacking_reason"].strip()
    lacking = registry.who_lacks([one for _, one in moves], day)
    if lacking and not reason:
        _refuse(
            "Chưa có đủ trình độ, bồi dưỡng mà chức danh yêu cầu; hãy ghi lý do nếu vẫn bổ nhiệm",
            [post for post, one in moves if one.official in lacking],
            "lacking_reason",
        )
    return dict.fromkeys(lacking, reason)
