"""Forms of classes, their sessions and their money. They check and translate; the writing is courses/classes'."""

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.timezone import get_current_timezone

from cadres.forms import CorrectionForm, refuse_unchanged
from cadres.models import Unit, UnitVersion
from cadres.web.fields import DayField, DoneOnField
from cadres.web.versions import OverRow
from courses.classes import Proposal, propose_sessions
from courses.classes.sessions import HALF_DAYS, WORKING_WEEK
from courses.forms import NOTHING, ConfirmForm, MoneyField, offer_places
from courses.models import (
    ClassFunding,
    ClassSession,
    FundingSource,
    PlanLine,
    Room,
    Trainer,
    TrainingClass,
    TrainingPlan,
)
from courses.planning import effective_lines

TIME = {"type": "time"}


class TrainingClassForm(OverRow, forms.ModelForm):
    """A class as Sở Nội vụ sets it up. `day` says which units there are."""

    place = forms.TypedChoiceField(label="Địa điểm")
    start_date = DayField(label="Khai giảng")
    end_date = DayField(label="Bế giảng")
    enrol_until = DayField(
        label="Hạn đăng ký", required=False, help_text="Ngày cuối các đơn vị được cử người; để trống nếu không hạn."
    )
    code = forms.CharField(
        label="Mã lớp",
        max_length=30,
        required=False,
        help_text="Để trống thì hệ thống đặt theo chương trình, năm và số thứ tự.",
    )

    class Meta:
        model = TrainingClass
        fields = (
            "programme", "modules", "plan_line", "code", "seats", "start_date", "end_date", "enrol_until", "form",
            "place", "venue", "institution", "decision", "trainers",
        )  # fmt: skip
        widgets = {"modules": forms.CheckboxSelectMultiple, "trainers": forms.CheckboxSelectMultiple}

    def __init__(self, *args: Any, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_places(self.fields["place"], self.instance.start_date or day)
        lines: Any = self.fields["plan_line"]
        lines.queryset = _lines_in_force(day, self.initial.get("plan_line"))
        lines.label_from_instance = lambda line: f"{line.plan.year}: {line.programme} ({line.class_count} lớp)"
        lines.empty_label = "Ngoài kế hoạch"
        self._offer_modules()
        for name, nothing in (("programme", NOTHING), ("institution", "Chưa giao cơ sở nào")):
            field: Any = self.fields[name]
            field.empty_label = nothing

    def _offer_modules(self) -> None:
        """The modules by programme; no field where no programme has any."""
        field: Any = self.fields["modules"]
        by_programme: dict[str, list[tuple[int, str]]] = {}
        for module in field.queryset.select_related("programme").order_by("programme__title", "number"):
            offered = by_programme.setdefault(module.programme.title, [])
            offered.append((module.pk, f"{module} ({module.hours} tiết)"))
        field.choices = list(by_programme.items())
        if not by_programme:
            del self.fields["modules"]

    def clean_place(self) -> Unit:
        return Unit.objects.get(pk=self.cleaned_data["place"])


def _lines_in_force(day: date, chosen: int | None) -> Any:
    """The plan lines that classes may be set up from: of approved plans of about now, as last amended."""
    offered = Q(pk=chosen)
    for plan in TrainingPlan.objects.filter(state=TrainingPlan.State.APPROVED, year__gte=day.year - 1):
        offered |= Q(pk__in=effective_lines(plan).values("pk"))
    lines = PlanLine.objects.filter(offered).select_related("plan", "programme")
    return lines.order_by("-plan__year", "programme__title", "pk")


class CancelForm(ConfirmForm):
    reason = forms.CharField(
        label="Lý do hủy lớp", max_length=150, help_text="Ghi vào lớp và vào từng lượt học của những người trong lớp."
    )
    field_order = ("reason", "is_sure")


class QuotaForm(OverRow, forms.Form):
    """A number of seats for each district; the field of a district is named by its key."""

    is_complete = forms.BooleanField(widget=forms.HiddenInput, initial=True)  # an empty POST takes nothing away

    def __init__(self, *args: Any, districts: Iterable[UnitVersion], quotas: dict[int, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.districts = [district.unit_id for district in districts]
        for district in districts:
            self.fields[str(district.unit_id)] = forms.IntegerField(
                label=district.name,
                required=False,
                min_value=0,
                max_value=32767,
                initial=quotas.get(district.unit_id),
                widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
            )

    @property
    def quotas(self) -> dict[int, int]:
        return {district: self.cleaned_data[str(district)] or 0 for district in self.districts}


# ---------------------------------------------------------------- sessions


def offer_trainers(field: Any, training_class: TrainingClass) -> None:
    """Let a field offer the trainers of the class, then all others."""
    of_class = set(training_class.trainers.values_list("pk", flat=True))
    own: list[tuple[int, str]] = []
    others: list[tuple[int, str]] = []
    for trainer in Trainer.objects.all():
        (own if trainer.pk in of_class else others).append((trainer.pk, str(trainer)))
    groups = [("Giảng viên của lớp", own), ("Giảng viên khác", others)]
    field.choices = [("", "Chưa phân công"), *(group for group in groups if group[1])]


def offer_rooms(field: Any, training_class: TrainingClass) -> None:
    """Let a field offer the rooms by unit, those at the place of the class first."""
    rooms = list(Room.objects.all())
    units = {room.place_id for room in rooms}
    names = dict(
        UnitVersion.objects.as_of(training_class.start_date).filter(unit__in=units).values_list("unit", "name")
    )
    groups: dict[int, list[tuple[int, str]]] = {}
    for room in sorted(rooms, key=lambda room: (room.place_id != training_class.place_id, room.place_id)):
        told = f"{room} ({room.seats} chỗ)" if room.seats else str(room)
        groups.setdefault(room.place_id, []).append((room.pk, told))
    field.choices = [("", "Chưa chọn phòng"), *((names.get(unit, ""), of_unit) for unit, of_unit in groups.items())]


class SessionForm(OverRow, forms.Form):
    """One session, by day and hours."""

    day = DayField(label="Ngày")
    start = forms.TimeField(label="Từ giờ", widget=forms.TimeInput(format="%H:%M", attrs=TIME))
    end = forms.TimeField(label="Đến giờ", widget=forms.TimeInput(format="%H:%M", attrs=TIME))
    hours = forms.IntegerField(label="Số tiết", min_value=1, max_value=20, initial=4)
    topic = forms.CharField(label="Nội dung", max_length=200, required=False)
    trainer = forms.ModelChoiceField(label="Giảng viên", queryset=Trainer.objects.all(), required=False)
    room = forms.ModelChoiceField(label="Phòng học", queryset=Room.objects.all(), required=False)
    names = {"starts_at": "start", "ends_at": "end"}

    def __init__(self, *args: Any, session: ClassSession, **kwargs: Any) -> None:
        self.session = session
        super().__init__(*args, row=session, **kwargs)
        if session.pk is not None:
            moments = {"day": session.day, "start": session.local_start.time(), "end": session.local_end.time()}
            self.initial = {**moments, **self.initial}
        offer_trainers(self.fields["trainer"], session.training_class)
        offer_rooms(self.fields["room"], session.training_class)

    def clean(self) -> dict[str, Any]:
        """Put what was typed into the session."""
        cleaned = super().clean() or self.cleaned_data
        if {"day", "start", "end"} <= set(cleaned):
            if cleaned["end"] <= cleaned["start"]:
                self.add_error("end", "Giờ kết thúc phải sau giờ bắt đầu.")
            else:
                self.session.starts_at = _moment(cleaned["day"], cleaned["start"])
                self.session.ends_at = _moment(cleaned["day"], cleaned["end"])
        for name in ("hours", "topic", "trainer", "room"):
            if name in cleaned:
                setattr(self.session, name, cleaned[name])
        return cleaned


def _moment(day: date, at: time) -> datetime:
    return datetime.combine(day, at, tzinfo=get_current_timezone())


class ProposalForm(forms.Form):
    """Half days to be filled with sessions."""

    WEEKDAYS = ("Thứ hai", "Thứ ba", "Thứ tư", "Thứ năm", "Thứ sáu", "Thứ bảy", "Chủ nhật")

    morning = forms.TimeField(
        label="Buổi sáng từ", required=False, widget=forms.TimeInput(format="%H:%M", attrs=TIME), initial=HALF_DAYS[0]
    )
    afternoon = forms.TimeField(
        label="Buổi chiều từ", required=False, widget=forms.TimeInput(format="%H:%M", attrs=TIME), initial=HALF_DAYS[1]
    )
    hours_a_session = forms.IntegerField(label="Số tiết một buổi", min_value=1, max_value=6, initial=4)
    weekdays = forms.TypedMultipleChoiceField(
        label="Các ngày trong tuần",
        coerce=int,
        choices=list(enumerate(WEEKDAYS)),
        initial=list(WORKING_WEEK),
        widget=forms.CheckboxSelectMultiple,
    )
    trainer = forms.ModelChoiceField(label="Giảng viên", queryset=Trainer.objects.all(), required=False)
    room = forms.ModelChoiceField(label="Phòng học", queryset=Room.objects.all(), required=False)

    def __init__(self, *args: Any, training_class: TrainingClass, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.training_class = training_class
        offer_trainers(self.fields["trainer"], training_class)
        offer_rooms(self.fields["room"], training_class)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not cleaned.get("morning") and not cleaned.get("afternoon"):
            self.add_error("morning", "Hãy ghi giờ bắt đầu của buổi sáng, buổi chiều hoặc cả hai.")
        return cleaned

    @property
    def choices_made(self) -> dict[str, Any]:
        """What courses.classes.propose_sessions and add_sessions ask for."""
        cleaned = self.cleaned_data
        return {
            "starts": [start for start in (cleaned["morning"], cleaned["afternoon"]) if start],
            **{name: cleaned[name] for name in ("hours_a_session", "weekdays", "trainer", "room")},
        }

    def proposal(self) -> Proposal:
        return propose_sessions(self.training_class, **self.choices_made)


# ---------------------------------------------------------------- money


class AmountsForm(OverRow, forms.Form):
    """An amount from each source; the fields are named by the sources."""

    column = ""

    def __init__(self, *args: Any, funding: Iterable[ClassFunding], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for row in funding:
            self.fields[row.source] = MoneyField(
                label=f"{row.get_source_display()}, đồng", initial=getattr(row, self.column)
            )
        self.order_fields(FundingSource.values)

    @property
    def amounts(self) -> dict[str, int]:
        return {source: self.cleaned_data[source] for source in FundingSource.values}


class CommitmentForm(AmountsForm):
    column = "committed"


class SettlementForm(AmountsForm):
    column = "spent"

    on = DoneOnField(label="Ngày quyết toán")
    document = forms.CharField(label="Chứng từ", max_length=200, help_text="Số, ngày của chứng từ quyết toán.")


class SettlementCorrectionForm(CorrectionForm, SettlementForm):
    """What a class really spent, where it was settled wrongly."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields([*FundingSource.values, "on", "document", "reason"])

    def clean(self) -> dict[str, Any]:
        return refuse_unchanged(self, super().clean())
