"""Two records of one person: found, laid side by side, decided fact by fact, made one."""

from copy import copy
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from cadres import registry
from cadres.access import fetch_or_404, visible_to, writable_by
from cadres.evaluation import Supposed
from cadres.forms import CorrectionForm
from cadres.models import Appointment, Official, Qualification, User
from cadres.periods import PartialDate
from cadres.roster.columns import TEXTS
from cadres.search import people_found
from cadres.views.corrections import correct
from cadres.web.addresses import dated
from cadres.web.permissions import account, permission_needed
from cadres.web.sending import tells_ahead

TEXT_FIELDS = {"full_name", *(column.field for column in TEXTS)}
MOST_SHOWN = 20  # people of a search; who has more namesakes types an identity number
KEPT, GONE = "kept", "gone"
OF_OTHERS = (
    "Hồ sơ của {name} hiện do đơn vị khác quản lý nên tài khoản này không gộp được. "
    "Hãy gửi hai số hồ sơ {first} và {second} cho Sở Nội vụ để gộp."
)


def _told(official: Official, columns: tuple[str, ...]) -> str:
    """A fact of a person in words."""
    first, *others = columns
    if first in TEXT_FIELDS:
        return str(getattr(official, first))
    match first:
        case "sex":
            return official.get_sex_display()
        case "ethnic_group_id":
            return str(official.ethnic_group)
        case "is_party_member":
            member = {True: "Đảng viên", False: "Không phải đảng viên"}.get(official.is_party_member, "")  # type: ignore[arg-type]
            return f"{member}, vào Đảng {official.party_joined}" if official.party_joined else member
    return str(PartialDate.of(getattr(official, first), getattr(official, others[0])))


class MergeForm(CorrectionForm):
    """What the two records say differently, each to be decided, and why they are one person."""

    def __init__(self, *args: Any, kept: Official, gone: Official, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept, self.gone = kept, gone
        self.clashes = registry.clashes(kept, gone)
        for columns in registry.facts_that_differ(kept, gone):
            name = columns[0].removesuffix("_id")
            label = str(Official._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
            self._offer(f"fact-{columns[0]}", label, _told(kept, columns), _told(gone, columns))
        for clash in self.clashes:
            label = str(clash.kept._meta.verbose_name)
            self._offer(f"row-{clash.key}", label, _period(clash.kept), _period(clash.gone))
        self.order_fields([name for name in self.fields if name not in CorrectionForm.base_fields])
        self.fields["reason"].label = "Lý do gộp"

    def _offer(self, name: str, label: str, kept: str, gone: str) -> None:
        choices = [(KEPT, f"{kept} (hồ sơ này)"), (GONE, f"{gone} (hồ sơ kia)")]
        label = f"{label[0].upper()}{label[1:]}"
        self.fields[name] = forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect, initial=KEPT)

    def of_gone(self, kind: str) -> list[str]:
        """The facts, or the keys of the clashes, in which the other record is right."""
        prefix = f"{kind}-"
        chosen = (name for name, value in self.cleaned_data.items() if name.startswith(prefix) and value == GONE)
        return [name.removeprefix(prefix) for name in chosen]

    def merged(self) -> Supposed:
        """The rows as they would be: the second record has none, the first those of both but for what is dropped."""
        rows = set(self.of_gone("row"))
        dropped = [clash.kept if clash.key in rows else clash.gone for clash in self.clashes]
        there: list[Any] = [*self.gone.appointments.all(), *self.gone.qualifications.all()]
        carried = [copy(row) for row in there if row not in dropped]
        for row in carried:
            row.official = self.kept
        return Supposed(
            posts=[row for row in carried if isinstance(row, Appointment) and row.is_primary],
            records=[row for row in carried if isinstance(row, Qualification)],
            gone=[*there, *(row for row in dropped if isinstance(row, Appointment))],
            with_data=False,
        )


def _period(row: Any) -> str:
    """A row that clashes, with its period where it has one."""
    begins = f" từ {row.known_start:%d/%m/%Y}" if getattr(row, "known_start", None) else ""
    ends = f" đến {row.end_date:%d/%m/%Y}" if getattr(row, "end_date", None) else ""
    return ",".join(part for part in (str(row), f"{begins}{ends}") if part)


@tells_ahead
@permission_needed("cadres.change_official")
def official_merge(request: HttpRequest, pk: int) -> HttpResponse:
    """First whom to merge with (`voi` in the address), then what of each record is right."""
    user = account(request)
    kept = fetch_or_404(writable_by(Official.objects.all(), user), user, pk=pk)
    back = reverse("cadres:official-detail", args=[kept.pk]) + dated(request)
    chosen = request.GET.get("voi", "")
    if not chosen:
        text = request.GET.get("q", "").strip()
        return render(
            request,
            "cadres/merge_choice.html",
            {
                "title": "Gộp hồ sơ trùng",
                "official": kept,
                "q": text,
                "sides": [_side(official) for official in _candidates(kept, text, user)],
                "back": back,
                "dated": dated(request),
            },
        )
    gone = fetch_or_404(Official.objects.exclude(pk=kept.pk), user, pk=chosen)
    if not writable_by(Official.objects.filter(pk=gone.pk), user).exists():
        messages.error(request, OF_OTHERS.format(name=gone, first=kept.pk, second=gone.pk))
        return redirect("cadres:official-merge", kept.pk)
    form = MergeForm(request.POST or None, kept=kept, gone=gone)

    def write() -> None:
        registry.merge(
            kept,
            gone,
            facts_of_gone=form.of_gone("fact"),
            rows_of_gone=form.of_gone("row"),
            reason=form.cleaned_data["reason"],
            by=user,
        )

    return correct(
        request,
        form,
        write,
        official=kept,
        supposed=form.merged,
        others=[gone],
        template="cadres/merge.html",
        title="Gộp hồ sơ trùng",
        action="Gộp hai hồ sơ",
        done="đã gộp hai hồ sơ làm một; nếu nhầm, hoàn lại trong Lịch sử hồ sơ.",
        sides=[_side(kept), _side(gone)],
    )


def _candidates(kept: Official, text: str, user: User) -> QuerySet[Official]:
    """Whom the text finds, else namesakes; of those the account may write."""
    people = writable_by(visible_to(Official.objects.exclude(pk=kept.pk), user), user).filter(merged_into=None)
    found = people_found(people, text, official="pk") if text else people.filter(folded_name=kept.folded_name)
    return found.order_by("name_order", "pk")[:MOST_SHOWN]


def _side(official: Official) -> dict[str, Any]:
    """What a record holds, to be compared at a glance."""
    posts = official.appointments.select_related("position").prefetch_related("unit__versions").order_by("start_date")
    for post in posts:
        post.unit_name = post.unit.name_on(post.end_date or post.start_date)  # type: ignore[attr-defined]
    return {
        "official": official,
        "identifiers": official.identifiers.all(),
        "appointments": posts,
        "qualifications": official.qualifications.select_related("level"),
    }
