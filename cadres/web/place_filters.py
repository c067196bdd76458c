"""A list narrowed by place: the unit above the communes, or the former district where none stands above; a commune."""

from collections.abc import Container
from datetime import date
from functools import cached_property
from typing import Any

from django import forms
from django.http import QueryDict

from cadres.correspondence import Correspondence, Places
from cadres.models import UnitVersion
from cadres.places import TITLES, communes_offered, districts_offered, title_offered
from cadres.web.filters import ALL, FilterForm, Offered


class PlaceFilters(FilterForm):
    """The filters q, huyen, huyen_cu, xa of a list; what they offer are the communes of an account on a day."""

    q = forms.CharField(label="Tìm theo tên (không cần dấu) hoặc số định danh", required=False, max_length=100)
    huyen = forms.ChoiceField(required=False)
    huyen_cu = forms.ChoiceField(label="Huyện cũ", required=False)
    xa = forms.ChoiceField(label="Đơn vị cấp xã", required=False)

    ONLY_IF_CHOICE: tuple[str, ...] = ("huyen", "huyen_cu")

    def __init__(self, query: QueryDict, *, communes: list[Any], day: date) -> None:
        """`communes`: rows of access.communes_in_scope on the day."""
        self.communes, self.day = communes, day
        super().__init__(query)

    def offered(self) -> dict[str, Offered]:
        self.fields["huyen"].label = title = self.title_above()
        if title == TITLES[UnitVersion.Kind.PROVINCE]:  # nothing is between: by what there was
            self.BAR = tuple("huyen_cu" if name == "huyen" else name for name in self.BAR)
        of_former = self._of_former(self.data.get("huyen_cu"))
        below = [row for row in self.communes if row["unit"] in of_former]
        return {
            "huyen": [ALL, *self.districts.items()],
            "huyen_cu": lambda: [ALL, *self._former_districts()],  # read only where it is shown or asked for
            "xa": [ALL, *communes_offered(below, district=self.data.get("huyen"))],
        }

    def title_above(self) -> str:
        """What the units above the communes are called together."""
        return title_offered(self.communes)

    def above(self) -> forms.BoundField | None:
        """The list of the units above the communes, or of the former districts; None where it offers one thing only."""
        return next((field for field in self.bar() if field.name in PlaceFilters.ONLY_IF_CHOICE), None)

    @property
    def districts(self) -> dict[str, str]:
        """Code → name of the units above the communes."""
        return districts_offered(self.communes)

    @cached_property
    def correspondence(self) -> Correspondence:
        """The units of the day and those of other days."""
        return Correspondence(self.day)

    @cached_property
    def former(self) -> Places:
        """The former districts."""
        return self.correspondence.former_places()

    def _former_districts(self) -> list[tuple[str, str]]:
        """Those of the communes, by code."""
        return sorted({(place.code, place.name) for row in self.communes if (place := self.former.of(row["unit"]))})

    def _of_former(self, code: str | None) -> Container[int]:
        """The keys of the communes of a former district; of all where none is asked for."""
        return self.former.units_in([code]) if code else {row["unit"] for row in self.communes}

    def units(self, *, above: bool = False) -> list[int] | None:
        """The keys of the communes chosen (`above`: whichever of those of the district); None: no place is chosen."""
        wanted = self.cleaned_data
        district, commune = wanted["huyen"], "" if above else wanted["xa"]
        if not (district or commune or wanted["huyen_cu"]):
            return None
        of_former = self._of_former(wanted["huyen_cu"])
        return [
            row["unit"]
            for row in self.communes
            if district in ("", row["above_code"]) and commune in ("", row["code"]) and row["unit"] in of_former
        ]

    def units_of_any_day(self) -> list[int] | None:
        """The same for rows of which each has a day of its own: with the units, of any day, of which nobody would be
        elsewhere (docs/decisions/32), and with the district itself where one is chosen and no commune."""
        if (chosen := self.units()) is None:
            return None
        places = self.correspondence.places_of_any_day()
        found = {*chosen, *places.units_in(places.within(chosen))}
        if not self.cleaned_data["xa"]:
            if former := self.former.get(self.cleaned_data["huyen_cu"]):
                found |= former.units
            found |= {row["above_unit"] for row in self.communes if row["above_code"] == self.cleaned_data["huyen"]}
        return sorted(found)
