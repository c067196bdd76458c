"""Chuyển chức danh: people whose position has ended go on in another, all of a position at once or one by one."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from cadres.access import communes_in_scope, units_writable_on
from cadres.models import Position, PositionGroup
from cadres.places import communes_offered
from cadres.reorganisation.posts import APPOINT, day_of_change, in_ended_positions, map_posts, refuse_beyond_holders
from cadres.text import thousands
from cadres.web.acts import Line, Plan, act
from cadres.web.fields import DayField
from cadres.web.permissions import account, permission_needed
from cadres.web.tags import ngay

TITLE = "Chuyển chức danh"
BECOMES, OF_PERSON = "moi_", "rieng_"  # before the code of a former position; before the key of a post
STAYS = "de_lai"  # of a person: for now in the former position
ASKED_ONE_BY_ONE = 200  # people at most; of more the page asks for one commune


class MappingForm(forms.Form):
    """From which day, where, and what follows each of the positions that have ended."""

    tu_ngay = DayField(label="Từ ngày")
    xa = forms.TypedChoiceField(label="Ở đâu", required=False, coerce=int, empty_value=None)
    van_ban = forms.CharField(label="Văn bản", max_length=200, required=False)

    def __init__(
        self, *args: Any, communes: list[Any], former: list[Position], offered: list[Any], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["xa"].choices = [("", "Mọi xã được giao"), *communes_offered(communes, key="unit")]  # type: ignore[attr-defined]
        for position in former:
            self.fields[BECOMES + position.code] = forms.ChoiceField(
                label=position.title, required=False, choices=[("", "Chưa chuyển"), *offered]
            )

    def becomes(self, position: Position) -> forms.BoundField:
        return self[BECOMES + position.code]


class ExceptionsForm(forms.Form):
    """In which position each of the lines goes on, where they are few enough to be asked one by one."""

    def __init__(self, *args: Any, lines: Sequence[Line], codes: Mapping[int, str], offered: list[Any]) -> None:
        super().__init__(*args)
        self.lines = lines
        for line in lines:
            self.fields[f"{OF_PERSON}{line.key}"] = forms.ChoiceField(
                choices=[*offered, ("Khác", [(STAYS, "Để lại, chưa chuyển")])],
                initial=codes[line.key],  # type: ignore[index]
                widget=forms.Select(attrs={"aria-label": f"{line.name} thành"}),
            )

    def rows(self) -> list[tuple[Line, forms.BoundField]]:
        return [(line, self[f"{OF_PERSON}{line.key}"]) for line in self.lines]


def _offered(positions: list[Position]) -> list[Any]:
    """Positions as choices below the names of their groups."""
    return [
        (label, [(position.code, position.title) for position in positions if position.group == group])
        for group, label in PositionGroup.choices
        if any(position.group == group for position in positions)
    ]


@permission_needed(APPOINT)
def post_mapping(request: HttpRequest) -> HttpResponse:
    """What follows each position that has ended; then who would go on where, with exceptions; a POST does it."""
    user, day = account(request), day_of_change()
    asked = DayField().clean(request.GET["tu_ngay"]) if _is_day(request.GET.get("tu_ngay", "")) else day
    if asked is None:
        return render(request, "cadres/post_mapping.html", {"title": TITLE})
    day = asked
    everybody = in_ended_positions(day, user)
    counted = dict(everybody.order_by().values_list("position").annotate(Count("pk")))
    former = list(Position.objects.filter(pk__in=counted).order_by("order"))
    positions = list(Position.objects.as_of(day))
    by_code = {position.code: position for position in positions}
    form = MappingForm(
        request.GET if "tu_ngay" in request.GET else None,
        communes=communes_in_scope(user, day, APPOINT),
        former=former,
        offered=_offered(positions),
        initial={"tu_ngay": day},
    )
    context: dict[str, Any] = {
        "title": TITLE,
        "mapping": form,
        "day": day,
        "former": [(position, counted[position.pk], form.becomes(position)) for position in former],
        "people": sum(counted.values()),
    }
    follows: dict[int, Position] = {}
    if form.is_bound and form.is_valid():
        chosen = ((position, form.cleaned_data[BECOMES + position.code]) for position in former)
        follows = {position.pk: by_code[code] for position, code in chosen if code}
        if not follows:
            form.add_error(None, "Hãy chọn chức danh mới cho ít nhất một chức danh cũ.")
    if not follows:
        return render(request, "cadres/post_mapping.html", context)
    unit, decision = form.cleaned_data["xa"], form.cleaned_data["van_ban"]
    of_unit = everybody if unit is None else everybody.filter(unit=unit)
    concerned = list(
        of_unit.filter(position__in=follows)
        .select_related("official", "position")
        .order_by("commune_code", "position__order", "official__name_order", "pk")
    )
    going = {post.pk: follows[post.position_id] for post in concerned if post.commune}
    one_by_one = len(concerned) <= ASKED_ONE_BY_ONE
    alone = {key: told for key in going if (told := request.POST.get(f"{OF_PERSON}{key}", "")) in (STAYS, *by_code)}

    def exceptions(shown: Plan) -> forms.Form:
        codes = {key: position.code for key, position in going.items()}
        return ExceptionsForm(
            request.POST or None, lines=shown.done if one_by_one else (), codes=codes, offered=_offered(positions)
        )

    def plan() -> Plan:
        return Plan([_line(post, going.get(post.pk)) for post in concerned], told=beyond())

    def successor_of() -> dict[int, int]:
        """Where each goes on, with the exceptions chosen on the page."""
        own = {key: by_code.get(alone[key]) if key in alone else position for key, position in going.items()}
        return {key: position.pk for key, position in own.items() if position}

    def beyond() -> list[str]:
        try:
            refuse_beyond_holders(successor_of(), concerned, day)
        except ValidationError as refusal:
            return refusal.messages
        return []

    def write(shown: Plan, filled: Any) -> str:
        moved = map_posts(successor_of(), concerned, day=day, decision=decision, by=user)
        return f"Đã chuyển {thousands(moved)} chức danh từ ngày {ngay(day)}."

    return act(
        request,
        plan,
        write,
        title=TITLE,
        verb="Chuyển",
        what="chức danh",
        says="Chức danh mới",
        back=reverse("cadres:post-mapping"),
        nobody="Không có ai giữ các chức danh này ở nơi đã chọn. Hãy chọn nơi khác.",
        template="cadres/post_mapping.html",
        concerned=lambda: units_writable_on(user, day, APPOINT),
        days=(day,),
        form=exceptions,
        one_by_one=one_by_one,
        asked_at_most=ASKED_ONE_BY_ONE,
        **{name: value for name, value in context.items() if name != "title"},
    )


def _is_day(text: str) -> bool:
    try:
        DayField().clean(text)
    except ValidationError:
        return False
    return True


def _line(post: Any, position: Position | None) -> Line:
    beside = f"{post.position}, {post.commune or post.unit}" + ("" if post.is_primary else " (kiêm nhiệm)")
    if position is None:
        return Line(post.pk, post.official.full_name, beside, why_not="Xã đã kết thúc: hãy sắp xếp đơn vị trước.")
    return Line(post.pk, post.official.full_name, beside, position.title)
