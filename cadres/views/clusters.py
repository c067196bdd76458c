"""Clusters of communes: what there is on the day, making some, moving communes between them, ending one."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from cadres.clusters import can_be_in_one, clusters_on, end_cluster, make_clusters, put_into
from cadres.correspondence import Correspondence, Described
from cadres.models import Unit, UnitVersion
from cadres.roster.dictionaries import split_kind
from cadres.text import place_key, thousands
from cadres.web.changes import change
from cadres.web.day import working_day
from cadres.web.fields import DayField
from cadres.web.permissions import account, permission_needed
from cadres.web.tags import ngay

AT_THE_SAME_TIME = "Vừa có người khác sửa các đơn vị này. Hãy xem lại rồi làm lại."
NO_CLUSTER = "0"


@permission_needed("cadres.change_unitversion")
@require_safe
def cluster_list(request: HttpRequest) -> HttpResponse:
    """The clusters of the day with their communes, and the communes that are in none."""
    day = working_day(request)
    members: dict[int | None, list[UnitVersion]] = {}
    for version in can_be_in_one(day):
        members.setdefault(version.cluster_id, []).append(version)
    context = {
        "title": "Cụm xã",
        "clusters": [(cluster, members.get(cluster.unit_id, [])) for cluster in clusters_on(day)],
        "rest": members.get(None, []),
        "is_empty": not members,
        "first_day": None if members else _first_day(),
    }
    return render(request, "cadres/cluster_list.html", context)


def _first_day() -> date | None:
    """The first day on which communes lie right below a province; None where they never do."""
    provinces = UnitVersion.objects.filter(kind=UnitVersion.Kind.PROVINCE).values("unit")
    return (
        UnitVersion.objects.communes()
        .filter(parent__in=provinces)
        .order_by("start_date")
        .values_list("start_date", flat=True)
        .first()
    )


class FromADay(forms.Form):
    """What begins on a day, by a decision. What it offers is of that day."""

    day = DayField(label="Từ ngày", error_messages={"required": "Hãy ghi ngày bắt đầu."})
    decision = forms.CharField(label="Văn bản", max_length=200, required=False)

    def __init__(self, *args: Any, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["day"] = day
        try:
            self.of = self.fields["day"].clean(self.data.get("day")) if self.is_bound else day
        except ValidationError:
            self.of = day

    def communes_offered(self) -> list[Any]:
        """The communes of the day as choices, below what they are in."""
        names = {version.unit_id: version.name for version in clusters_on(self.of)}
        below: dict[str, list[tuple[int, str]]] = {}
        for version in sorted(can_be_in_one(self.of), key=lambda one: (names.get(one.cluster_id or 0, ""), one.name)):
            below.setdefault(names.get(version.cluster_id or 0, "Chưa vào cụm nào"), []).append(
                (version.unit_id, version.name)
            )
        return list(below.items())


class ClusterForm(FromADay):
    name = forms.CharField(label="Tên cụm", max_length=100, help_text="Ví dụ: Cụm Bắc Hà.")
    communes = forms.TypedMultipleChoiceField(
        label="Xã, phường",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Hãy chọn xã của cụm."},
    )
    field_order = ("name", "day", "communes", "decision")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["communes"].choices = self.communes_offered()  # type: ignore[attr-defined]


class OfDistrictsForm(FromADay):
    districts = forms.TypedMultipleChoiceField(
        label="Lập cụm",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Hãy chọn ít nhất một huyện cũ."},
    )
    field_order = ("day", "districts", "decision")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rest = {version.unit_id: version.name for version in can_be_in_one(self.of).filter(cluster=None)}
        self.found: dict[int, tuple[Described, list[int]]] = {}
        for unit, district in Correspondence(self.of).former_districts().items():
            if unit in rest:
                self.found.setdefault(district.unit_id, (district, []))[1].append(unit)
        ordered = sorted(self.found.values(), key=lambda item: item[0].code)
        field: Any = self.fields["districts"]
        field.choices = [
            (district.unit_id, f"{cluster_name(district)}: {', '.join(sorted(rest[unit] for unit in units))}")
            for district, units in ordered
        ]
        field.initial = [district.unit_id for district, _ in ordered]
        if not ordered:
            field.help_text = (
                f"Ngày {self.of:%d/%m/%Y} không còn xã nào trực thuộc tỉnh mà chưa vào cụm. Hãy chọn ngày khác."
            )

    def wanted(self) -> dict[str, list[int]]:
        chosen = (self.found[key] for key in self.cleaned_data["districts"])
        return {cluster_name(district): units for district, units in chosen}


def cluster_name(district: Described) -> str:
    """“Cụm Bắc Hà” of “Huyện Bắc Hà”."""
    for word in ("Huyện ", "Thị xã ", "Thành phố "):
        if district.name.startswith(word):
            return f"Cụm {district.name.removeprefix(word)}"
    return f"Cụm {district.name}"


class OfListForm(FromADay):
    text = forms.CharField(
        label="Danh sách",
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text="Mỗi dòng một cụm: Cụm Bắc Hà: Bắc Hà, Bản Liền, Cốc Lầu. Xã ghi bằng tên hoặc mã.",
        error_messages={"required": "Hãy ghi danh sách."},
    )
    field_order = ("day", "text", "decision")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "text" in cleaned and "day" in cleaned:
            self.wanted, wrong = clusters_told(cleaned["text"], can_be_in_one(cleaned["day"]), cleaned["day"])
            if wrong:
                self.add_error("text", wrong)
        return cleaned


def clusters_told(text: str, communes: Iterable[UnitVersion], day: date) -> tuple[dict[str, list[int]], list[str]]:
    """The clusters that a list tells, a line each (“Cụm A: xã, xã”), and what of it is not understood, line by line."""
    by_name: dict[str, list[UnitVersion]] = {}
    for version in communes:
        for key in {place_key(version.name), split_kind(version.name)[1], version.code}:
            by_name.setdefault(key, []).append(version)
    found: dict[str, list[int]] = {}
    wrong = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        name, colon, rest = line.partition(":")
        name, words = " ".join(name.split()), [word.strip() for word in rest.replace(";", ",").split(",")]
        if not (name and colon and any(words)):
            wrong.append(f"Dòng {number}: hãy ghi tên cụm, dấu hai chấm, rồi các xã cách nhau bằng dấu phẩy.")
            continue
        if name in found:
            wrong.append(f"Dòng {number}: {name} đã có ở dòng trên.")
        units = found.setdefault(name, [])
        for word in filter(None, words):
            meant = by_name.get(word) or by_name.get(place_key(word)) or []
            if len(meant) == 1:
                units.append(meant[0].unit_id)
            elif meant:
                codes = ", ".join(f"{version.name} ({version.code})" for version in meant)
                wrong.append(f"Dòng {number}: “{word}” có thể là {codes}. Hãy ghi mã.")
            else:
                wrong.append(f"Dòng {number}: ngày {day:%d/%m/%Y} không có xã “{word}” trực thuộc tỉnh.")
    return found, wrong


class MoveForm(FromADay):
    cluster = forms.TypedChoiceField(label="Vào cụm", coerce=int)
    communes = forms.TypedMultipleChoiceField(
        label="Xã, phường",
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Hãy chọn xã cần chuyển."},
    )
    field_order = ("cluster", "day", "communes", "decision")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["communes"].choices = self.communes_offered()  # type: ignore[attr-defined]
        self.fields["cluster"].choices = [  # type: ignore[attr-defined]
            *((version.unit_id, version.name) for version in clusters_on(self.of)),
            (NO_CLUSTER, "Không thuộc cụm nào"),
        ]


class EndForm(forms.Form):
    last_day = DayField(label="Ngày cuối cùng", error_messages={"required": "Hãy ghi ngày cuối cùng."})


@permission_needed("cadres.change_unitversion")
def cluster_add(request: HttpRequest) -> HttpResponse:
    """One cluster, of the communes ticked."""
    form = ClusterForm(request.POST or None, day=_day_offered(request))
    return _making(
        request,
        form,
        lambda: {form.cleaned_data["name"]: form.cleaned_data["communes"]},
        title="Lập một cụm",
        lead="Xã đang ở cụm khác sẽ rời cụm đó từ ngày này.",
    )


@permission_needed("cadres.change_unitversion")
def cluster_add_of_districts(request: HttpRequest) -> HttpResponse:
    """A cluster for each former district, of the communes that follow its communes; all in one act."""
    form = OfDistrictsForm(request.POST or None, day=_day_offered(request))
    return _making(
        request,
        form,
        form.wanted,
        title="Lập cụm theo huyện cũ",
        lead="Mỗi huyện cũ một cụm, gồm các xã kế tục xã của huyện đó và chưa vào cụm nào. Xã kế tục xã của nhiều "
        "huyện thì theo huyện có nhiều xã cũ hơn. Sau đó chuyển từng xã được.",
    )


@permission_needed("cadres.change_unitversion")
def cluster_add_of_list(request: HttpRequest) -> HttpResponse:
    """Clusters as a list tells them; all in one act."""
    form = OfListForm(request.POST or None, day=_day_offered(request))
    return _making(request, form, lambda: form.wanted, title="Lập cụm từ danh sách")


def _making(
    request: HttpRequest, form: Any, wanted: Callable[[], dict[str, list[int]]], *, title: str, lead: str = ""
) -> HttpResponse:
    def write() -> str:
        asked = form.cleaned_data
        made = make_clusters(wanted(), day=asked["day"], decision=asked["decision"], by=account(request))
        communes = sum(len(units) for units in wanted().values())
        return f"Đã lập {len(made)} cụm, {thousands(communes)} xã, phường, từ ngày {ngay(asked['day'])}."

    return _page(request, form, write, title=title, action="Lập cụm", lead=lead)


@permission_needed("cadres.change_unitversion")
def cluster_move(request: HttpRequest) -> HttpResponse:
    """Communes go into another cluster, or out of theirs, from a day on."""
    form = MoveForm(request.POST or None, day=_day_offered(request))

    def write() -> str:
        asked = form.cleaned_data
        cluster = Unit.objects.get(pk=asked["cluster"]) if asked["cluster"] else None
        moved = put_into(cluster, asked["communes"], day=asked["day"], decision=asked["decision"], by=account(request))
        where = f"vào {cluster.name_on(asked['day'])}" if cluster else "ra khỏi cụm"
        return f"Đã chuyển {moved} xã, phường {where} từ ngày {ngay(asked['day'])}."

    return _page(
        request,
        form,
        write,
        title="Chuyển xã giữa các cụm",
        action="Chuyển",
        lead="Số liệu các ngày trước giữ nguyên theo cụm cũ. Tài khoản phụ trách cụm thấy xã từ ngày xã vào cụm.",
    )


@permission_needed("cadres.change_unitversion")
def cluster_end(request: HttpRequest, pk: int) -> HttpResponse:
    """A cluster is no more; its communes are in none."""
    cluster = get_object_or_404(clusters_on(working_day(request)), unit=pk)
    form = EndForm(request.POST or None)

    def write() -> str:
        end_cluster(cluster.unit, last_day=form.cleaned_data["last_day"], by=account(request))
        return (
            f"{cluster.name} kết thúc sau ngày {ngay(form.cleaned_data['last_day'])}; các xã không còn thuộc cụm nào."
        )

    return _page(
        request,
        form,
        write,
        title=f"Kết thúc {cluster.name}",
        action="Kết thúc cụm",
        lead="Từ ngày sau đó các xã của cụm không thuộc cụm nào, tài khoản phụ trách cụm không còn thấy hồ sơ mới. Số "
        "liệu các ngày trước giữ nguyên.",
    )


def _day_offered(request: HttpRequest) -> date:
    """The day looked at, where communes can be in a cluster then, else the first one on which they can."""
    day = working_day(request)
    return day if can_be_in_one(day).exists() else _first_day() or day


def _page(request: HttpRequest, form: Any, write: Callable[[], str], **page: Any) -> HttpResponse:
    return change(
        request,
        form,
        write,
        template="change.html",
        back=reverse("cadres:cluster-list"),
        at_the_same_time=AT_THE_SAME_TIME,
        **page,
    )
