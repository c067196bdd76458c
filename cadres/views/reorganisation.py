"""Units that are merged, split or renamed on a day: what a reorganisation would do, doing it, taking it back."""

from datetime import date
from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html

from cadres.models import Appointment, RoleGrant, UnitVersion, User
from cadres.posts import primary_posts
from cadres.reorganisation import (
    KNOWN,
    Following,
    Line,
    Plan,
    ReorganisationRefused,
    UnreadableSuccessions,
    carry_out,
    days_on_record,
    done_on,
    known_for,
    load_former,
    of_known,
    on_record,
    people_carried,
    plan,
    read,
    read_former,
    take_back_of,
    touched,
)
from cadres.text import thousands
from cadres.views.taking_back import TakeBackForm
from cadres.web.changes import change
from cadres.web.fields import DayField
from cadres.web.permissions import account, permission_needed
from cadres.web.tags import ngay

LARGEST_FILE = 1024 * 1024  # bytes; that of a whole country has a tenth
TEXT = "noi_dung"  # the file, carried from what was shown to what is done
AT_THE_SAME_TIME = "Vừa có người khác sửa các đơn vị này. Hãy xem lại rồi thực hiện."
GOES_TO = "di_"  # before the key of an official of a split commune: the code of the successor


class TableField(forms.FileField):
    """A small CSV file; cleaned to its text, "" where none is needed and none was chosen."""

    default_error_messages: ClassVar = {
        "required": "Hãy chọn tệp.",
        "empty": "Tệp rỗng. Hãy chọn tệp có dữ liệu.",
    }

    def clean(self, data: Any, initial: Any = None) -> str:
        file = super().clean(data, initial)
        if not file:
            return ""
        if file.size > LARGEST_FILE:
            raise forms.ValidationError("Tệp lớn hơn 1 MB: không phải là danh sách đơn vị.")
        try:
            return str(file.read().decode("utf-8-sig"))
        except UnicodeDecodeError:
            raise forms.ValidationError("Tệp không phải là CSV mã UTF-8. Hãy lưu lại dạng “CSV UTF-8”.") from None


class SuccessionsForm(forms.Form):
    """A file of successions, and the day of which its lines are carried out."""

    file = TableField(
        label="Tệp các đơn vị kế tục (CSV)",
        help_text=format_html(
            "Mỗi dòng một đơn vị cũ và đơn vị kế tục; cột: <code>{}</code>.",
            "effective_on, predecessor_code, predecessor_name, successor_code, successor_name, successor_kind, "
            "successor_parent, decision",
        ),
    )
    day = DayField(label="Ngày hiệu lực", error_messages={"required": "Hãy ghi ngày hiệu lực."})


class FormerUnitsForm(forms.Form):
    """A file of units that are not on record, and one that tells who followed them."""

    units = TableField(
        label="Tệp đơn vị (CSV)",
        help_text=format_html(
            "Mỗi dòng một đơn vị trong một thời gian; cột: <code>{}</code>.",
            "code, name, kind (province, district, commune, ward, township), parent_code, valid_from, valid_to",
        ),
    )
    successions = TableField(
        label="Tệp các đơn vị kế tục (CSV)",
        required=False,
        help_text=format_html(
            "Không bắt buộc. Cột như ở tệp của lần sắp xếp: <code>{}</code>.",
            "effective_on, predecessor_code, successor_code, successor_name",
        ),
    )


@permission_needed("cadres.change_unitsuccession")
def reorganisation_list(request: HttpRequest) -> HttpResponse:
    """The days on which units follow others, each with what is still to be done; and a file of further ones."""
    form = SuccessionsForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        text, day = form.cleaned_data["file"], form.cleaned_data["day"]
        try:
            return _shown(request, day, read(text.encode(), day), text)
        except UnreadableSuccessions as error:
            form.add_error("file", str(error))
    days = [(day, done_on(day), _left_in_old_units(day)) for day in days_on_record()]
    context = {"title": "Sắp xếp đơn vị hành chính", "form": form, "days": days, "known": KNOWN}
    return render(request, "cadres/reorganisation_list.html", context)


def _left_in_old_units(day: date) -> int:
    """How many people are still in a unit that another follows on the day."""
    old = UnitVersion.objects.filter(unit__successions__effective_on=day).values("unit")
    return primary_posts(day).filter(unit__in=old).count()


@permission_needed("cadres.change_unitsuccession")
def former_units(request: HttpRequest) -> HttpResponse:
    """Units that are not on record: those that come with the product (`bo`), or of files. Shown first, then loaded."""
    known, form = KNOWN.get(request.GET.get("bo", "")), FormerUnitsForm(request.POST or None, request.FILES or None)
    texts = {name: request.POST.get(f"{TEXT}_{name}", "") for name in form.fields}
    is_sent = request.method == "POST" and (known is not None or any(texts.values()))
    if request.method == "POST" and not is_sent and form.is_valid():
        texts = form.cleaned_data
    context: dict[str, Any] = {"title": "Nạp đơn vị chưa có", "form": form, "known": known, "texts": texts}
    if known or texts["units"]:
        try:
            found = of_known(known) if known else read_former(*(texts[name].encode() for name in form.fields))
        except UnreadableSuccessions as error:
            context["reasons"] = [str(error)]
        except ReorganisationRefused as refusal:
            context["reasons"] = refusal.reasons
        else:
            if is_sent and found.units:
                title = known.name if known else "từ tệp"
                try:
                    load_former(found, title=title, by=account(request))
                except IntegrityError:
                    messages.error(request, AT_THE_SAME_TIME)
                else:
                    messages.success(request, f"Đã nạp {thousands(len(found.units))} đơn vị: {title}.")
                return redirect("cadres:reorganisation-list")
            context["found"] = found
    return render(request, "cadres/former_units.html", context)


def _day_of(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Http404(f"“{text}” không phải là ngày.") from None


@permission_needed("cadres.change_unitsuccession")
def reorganisation(request: HttpRequest, day: str) -> HttpResponse:
    """What the reorganisation of a day would do, from what is on record or the file shown; a POST does it."""
    on = _day_of(day)
    text = request.POST.get(TEXT, "")
    try:
        lines = read(text.encode(), on) if text else on_record(on)
    except UnreadableSuccessions as error:
        messages.error(request, str(error))
        return redirect("cadres:reorganisation-list")
    if request.method != "POST":
        return _shown(request, on, lines, text)
    try:
        found = plan(lines, on, decision=request.POST.get("decision", "").strip()[:200])
        done = carry_out(found, chosen=_chosen(request, found), by=account(request))
    except ReorganisationRefused as refusal:
        return _shown(request, on, lines, text, refusal.reasons)
    except IntegrityError:
        return _shown(request, on, lines, text, [AT_THE_SAME_TIME])
    messages.success(
        request,
        f"Đã sắp xếp đơn vị ngày {ngay(on)}: {thousands(done.officials_moved)} người theo đơn vị kế tục, "
        f"trước {thousands(done.total_before)}, sau {thousands(done.total_after)} người.",
    )
    return redirect("cadres:reorganisation-list")


def _chosen(request: HttpRequest, found: Plan) -> dict[int, str]:
    """Where those of split communes go, as chosen on the page; a choice that is none of the successors is left out."""
    chosen = {}
    for _, people, successors in _split(found):
        codes = {code for code, _ in successors}
        for post in people:
            if (code := request.POST.get(f"{GOES_TO}{post.official_id}", "")) in codes:
                chosen[post.official_id] = code
    return chosen


def _split(found: Plan) -> list[tuple[str, list[Appointment], list[tuple[str, str]]]]:
    """The split communes: name, posts of the people in them, and successors (code, name), the main one first."""
    parts = []
    for code, successors in found.split.items():
        posts = found.going().filter(unit=found.old[code].unit_id, is_primary=True)
        people = posts.select_related("official", "position")
        ordered = list(people.order_by("position__order", "official__name_order"))
        parts.append((found.old[code].name, ordered, [(after, found.names[after]) for after in successors]))
    return parts


def _shown(
    request: HttpRequest, day: date, lines: list[Line], text: str, reasons: list[str] | None = None
) -> HttpResponse:
    done = done_on(day)
    context: dict[str, Any] = {
        "title": f"Sắp xếp đơn vị ngày {ngay(day)}",
        "day": day,
        "text": text,
        "reasons": reasons or [],
        "done": done,
    }
    try:
        found = plan(lines, day)
    except ReorganisationRefused as refusal:
        context |= {"reasons": reasons or refusal.reasons, "loadable": known_for(lines, day)}
        return render(request, "cadres/reorganisation.html", context)
    following, names = Following(found), found.names
    people, after = found.people(), UnitVersion.objects.as_of(day).select_related("parent")
    above = {version.code: version.parent for version in after.prefetch_related("parent__versions")}
    rows = []
    for code, olds in found.predecessors.items():
        sources = [(found.old[old].name, people.get(old)) for old in olds]
        zone = following.zones.agreed.get(code)
        parent = above.get(code)
        rows.append(
            {
                "code": code,
                "name": names[code],
                "above": parent.name_on(day) if parent else "",
                "opens": code in found.opening and found.opening[code].unit is None,
                "goes_on": all(found.goes_on(old) for old in olds),
                "sources": sources,
                "people": sum(count or 0 for _, count in sources),
                "zone": zone.get_zone_display() if zone else "",
                "zone_unsettled": code in following.zones.unsettled,
            }
        )
    follow, unsettled = following.scopes
    context |= {
        "plan": found,
        "rows": rows,
        "moving": sum(people.values()),
        "old_count": len(found.successors),
        "new_count": len(found.predecessors),
        "renamed_besides": _renamed_besides(found),
        "went": people_carried(done) if done else 0,
        "zones_unsettled": len(following.zones.unsettled),
        "relaxations_unsettled": [names[code] for code in following.relaxations.unsettled],
        "scopes": _by_account(follow, names),
        "scopes_unsettled": _by_account(unsettled, names),
        "split": _split(found),
        "touched": touched(found),
        "earlier": [
            (earlier, left) for earlier in days_on_record() if earlier < day and (left := _left_in_old_units(earlier))
        ],
    }
    return render(request, "cadres/reorganisation.html", context)


def _renamed_besides(found: Plan) -> int:
    """How many communes only bear another name or kind from the day on, of those that no line names."""
    named = [version.unit_id for version in found.old.values()]
    before = UnitVersion.objects.as_of(found.eve).communes().exclude(unit__in=named)
    after = UnitVersion.objects.as_of(found.day).communes().filter(start_date=found.day)
    return after.filter(unit__in=before.values("unit")).count()


def _by_account(given: list[tuple[RoleGrant, str]], names: dict[str, str]) -> list[tuple[User, list[str]]]:
    """Each account with the names of the units."""
    found: dict[User, list[str]] = {}
    for grant, code in given:
        found.setdefault(grant.user, []).append(names[code])
    return list(found.items())


@permission_needed("cadres.change_unitsuccession")
def reorganisation_take_back(request: HttpRequest, day: str) -> HttpResponse:
    """Take back the last reorganisation of the day, for a reason."""
    on = _day_of(day)
    done = done_on(on)
    if done is None:
        raise Http404(f"Chưa có lần sắp xếp nào vào ngày {ngay(on)}.")
    form = TakeBackForm(request.POST or None)

    def write() -> str:
        people = take_back_of(on, reason=form.cleaned_data["reason"], by=account(request))
        return f"Đã hoàn lại lần sắp xếp ngày {ngay(on)}: {thousands(people)} người trở về đơn vị cũ."

    return change(
        request,
        form,
        write,
        template="change.html",
        title=f"Hoàn lại lần sắp xếp ngày {ngay(on)}",
        action="Hoàn lại",
        back=reverse("cadres:reorganisation-list"),
        at_the_same_time=AT_THE_SAME_TIME,
        lead="Người, khu vực, phạm vi tài khoản và đơn vị trở lại như trước khi sắp xếp. Việc đã làm với chúng sau đó "
        "thì phải hoàn lại trước.",
    )
