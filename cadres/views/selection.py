"""Which people the official list shows: the filters of its address, and the queryset they mean.

Every figure in the product links here with a filter, so the words of the address are a contract:
huyen, xa (unit codes on the day), huyen_cu (code of a former district), khu_vuc (1, 2, 3, outside, none), chuc_danh
(position code), nhom (position group), ket_qua (a verdict, `counted` for whoever is in the total, `none` for whoever is
not), thieu / thieu_du_lieu (dimension not met / without data), chi_thieu=1 (one dimension away from the standard), mat
(dimension required; ket_qua then is that of the dimension), gioi_tinh, dan_toc, tuoi (codes, or `unknown`), bo_lai=1
(people left behind), q (name or identifier).
With don_vi (a day) the codes of huyen and xa are those of places among the units of that day (cadres.correspondence).
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict

from cadres.access import appointments_visible_to, communes_in_scope
from cadres.correspondence import Correspondence
from cadres.evaluation import (
    AGE_BANDS,
    UNKNOWN_CODE,
    DimensionVerdict,
    Rulebook,
    Verdict,
    counted_dimensions,
    judged,
    one_step,
    posts_on,
    with_age_band,
)
from cadres.models import (
    Appointment,
    Criterion,
    Dimension,
    EthnicGroup,
    JudgedPost,
    Position,
    PositionGroup,
    Sex,
    User,
)
from cadres.places import NONE, ZONES, communes_offered, districts_offered, title_above_on, zone_asked
from cadres.posts import left_behind
from cadres.search import people_found
from cadres.web.filters import ALL, Offered
from cadres.web.place_filters import PlaceFilters

COUNTED = "counted"
UNKNOWN = (UNKNOWN_CODE, "Chưa rõ")
SORTS = {
    "ten": ("official__name_order", "official_id"),
    "chuc_danh": ("position__order", "official__name_order", "official_id"),
    "xa": ("district_code", "commune_code", "position__order", "official__name_order", "official_id"),
    "ket_qua": ("verdict", "official__name_order", "official_id"),
}
# A verdict on one dimension, in the words of a verdict on the person.
OF_DIMENSION = {
    Verdict.COMPLIANT: (DimensionVerdict.MET, DimensionVerdict.EXEMPT),
    Verdict.NOT_COMPLIANT: (DimensionVerdict.NOT_MET,),
    Verdict.UNDETERMINED: (DimensionVerdict.UNKNOWN,),
}


class Selection(PlaceFilters):
    """The filters as a form: what it offers is what the account may see on the day."""

    khu_vuc = forms.ChoiceField(label="Khu vực", required=False)
    chuc_danh = forms.ChoiceField(label="Chức danh", required=False)
    nhom = forms.ChoiceField(label="Nhóm", required=False)
    ket_qua = forms.ChoiceField(label="Kết quả", required=False)
    mat = forms.ChoiceField(label="Có yêu cầu về", required=False)
    thieu = forms.ChoiceField(label="Chưa đạt về", required=False)
    thieu_du_lieu = forms.ChoiceField(label="Chưa có dữ liệu về", required=False)
    gioi_tinh = forms.ChoiceField(label="Giới tính", required=False)
    dan_toc = forms.ChoiceField(label="Dân tộc", required=False)
    tuoi = forms.ChoiceField(label="Độ tuổi", required=False)
    chi_thieu = forms.ChoiceField(label="Chỉ thiếu một mặt", required=False, choices=[("1", "chỉ thiếu một mặt")])
    bo_lai = forms.ChoiceField(label="Bị bỏ lại", required=False, choices=[("1", "đơn vị, chức danh đã hết hiệu lực")])
    sap_xep = forms.ChoiceField(label="Sắp xếp", required=False, choices=[(key, key) for key in SORTS])

    BAR: tuple[str, ...] = ("huyen", "xa", "khu_vuc", "chuc_danh", "ket_qua", "thieu")
    BESIDE = ("sap_xep",)
    TOLD_ALONE = ("chi_thieu", "bo_lai")
    BY_VERDICT = ("ket_qua", "mat", "thieu", "thieu_du_lieu", "chi_thieu")

    def __init__(
        self,
        query: QueryDict,
        *,
        user: User,
        day: date,
        criterion: Criterion,
        units: Correspondence | None = None,
    ) -> None:
        self.user, self.criterion, self.other_units = user, criterion, units
        self.rulebook = Rulebook.load()
        self.asked = self.rulebook.dimensions_asked(day)
        self.counted = counted_dimensions(criterion, self.asked)
        self.levels = self.rulebook.level_sets(day)
        super().__init__(query, communes=communes_in_scope(user, day), day=day)

    def title_above(self) -> str:
        return title_above_on(self.other_units.day) if self.other_units else super().title_above()

    def offered(self) -> dict[str, Offered]:
        places = super().offered()
        if self.other_units:
            communes = self.other_units.placed(self.communes, self.day)
            places |= {
                "huyen": [ALL, *districts_offered(communes).items()],
                "xa": [ALL, *communes_offered(communes, district=self.data.get("huyen"))],
            }
        ethnic_groups = EthnicGroup.objects.values_list("code", "name")
        dimensions = [(dimension.code, dimension.name) for dimension in self.asked]
        return places | {
            "khu_vuc": ZONES,
            "chuc_danh": [ALL, *Position.objects.as_of(self.day).values_list("code", "title")],
            "nhom": [ALL, *PositionGroup.choices],
            "ket_qua": [ALL, *Verdict.choices, (COUNTED, "Có trong tổng số"), (NONE, "Không có trong tổng số")],
            "mat": [ALL, *dimensions],
            "thieu": [ALL, *dimensions],
            "thieu_du_lieu": [ALL, *dimensions],
            "gioi_tinh": [ALL, *Sex.choices, UNKNOWN],
            "dan_toc": lambda: [ALL, *ethnic_groups, UNKNOWN],  # read only where asked for: the bar does not offer it
            "tuoi": [ALL, *((code, _ages(*ages)) for code, ages in AGE_BANDS.items()), UNKNOWN],
        }

    # what it means

    @property
    def is_left_behind(self) -> bool:
        return bool(self.cleaned_data["bo_lai"])

    def keys(self) -> list[int]:
        """The keys of the posts selected, sorted, once for count and page together.

        Verdicts are only asked for where a filter or the order needs them.
        """
        wanted = self.cleaned_data
        order = SORTS[wanted["sap_xep"] or "ten"]
        posts: QuerySet[Any]
        appointments = appointments_visible_to(self.user, self.day)
        if self.is_left_behind:
            posts, order = self._left_behind(appointments), SORTS["ten"]
        elif "verdict" in order or any(wanted[name] for name in self.BY_VERDICT):
            posts = self._by_verdict(self._by_facts(self._judged(appointments)))
        else:
            posts = self._by_facts(posts_on(self.day, appointments))
        found = list(posts.order_by(*order).values_list("pk", "position"))
        self.of_position = Counter(position for _, position in found)
        self.one_of_position = {position: post for post, position in found}
        return [post for post, _ in found]

    def outside(self) -> int:
        """How many of the people of `keys`, which was asked for before, are in no total; 0 where a filter has asked for
        a verdict.

        Whether a post is judged hangs on its position alone: one post of each is asked.
        """
        if self.is_left_behind or any(self.cleaned_data[name] for name in self.BY_VERDICT):
            return 0
        asked = Appointment.objects.filter(pk__in=self.one_of_position.values())
        unjudged = self._judged(asked).filter(verdict=None).values_list("position", flat=True)
        return sum(self.of_position[position] for position in unjudged)

    def posts(self, keys: Iterable[int]) -> list[Any]:
        """The posts of the keys, in their order, with person and position, and with verdicts but where left behind."""
        chosen = Appointment.objects.filter(pk__in=list(keys))
        found: QuerySet[Any] = chosen if self.is_left_behind else self._judged(chosen)
        by_key: dict[int, Any] = {post.pk: post for post in found.select_related("official__ethnic_group", "position")}
        if self.other_units:
            places = self.other_units.places(self.day)
            for post in by_key.values():
                post.place = places.of(post.unit_id)
        return [by_key[key] for key in keys]

    def _left_behind(self, appointments: QuerySet[Appointment]) -> QuerySet[Any]:
        return people_found(left_behind(self.day, appointments), self.cleaned_data["q"])

    def _judged(self, appointments: QuerySet[Appointment]) -> QuerySet[JudgedPost]:
        return judged(self.day, criterion=self.criterion, appointments=appointments, rulebook=self.rulebook)

    def _by_facts(self, posts: QuerySet[JudgedPost]) -> QuerySet[JudgedPost]:
        wanted = self.cleaned_data
        posts = people_found(posts, wanted["q"])
        for key, column in (
            ("huyen", "district_code"),
            ("xa", "commune_code"),
            ("chuc_danh", "position__code"),
            ("nhom", "position__group"),
        ):
            if wanted[key] and self.other_units and key in ("huyen", "xa"):
                places = self.other_units.places(self.day, above=key == "huyen")
                posts = posts.filter(unit__in=places.units_in([wanted[key]]))
            elif wanted[key]:
                posts = posts.filter(**{column: wanted[key]})
        if wanted["huyen_cu"]:
            posts = posts.filter(unit__in=self.former.units_in([wanted["huyen_cu"]]))
        if wanted["tuoi"]:
            by_age: QuerySet[Any] = with_age_band(posts, self.day)
            posts = by_age.filter(age_band=wanted["tuoi"])
        if wanted["khu_vuc"]:
            posts = posts.filter(zone=zone_asked(wanted["khu_vuc"]))
        if wanted["gioi_tinh"]:
            posts = posts.filter(official__sex="" if wanted["gioi_tinh"] == UNKNOWN_CODE else wanted["gioi_tinh"])
        if wanted["dan_toc"] == UNKNOWN_CODE:
            posts = posts.filter(official__ethnic_group=None)
        elif wanted["dan_toc"]:
            posts = posts.filter(official__ethnic_group__code=wanted["dan_toc"])
        return posts

    def _by_verdict(self, posts: QuerySet[Any]) -> QuerySet[Any]:
        wanted = self.cleaned_data
        result = wanted["ket_qua"]
        if wanted["mat"]:
            of_dimension = OF_DIMENSION.get(result, tuple(DimensionVerdict))
            posts = self._with(posts.filter(verdict__isnull=False), wanted["mat"], *of_dimension)
        elif result in (COUNTED, NONE):
            posts = posts.filter(verdict__isnull=result == NONE)
        elif result:
            posts = posts.filter(verdict=result)
        if wanted["thieu"]:
            posts = self._with(posts, wanted["thieu"], DimensionVerdict.NOT_MET)
        if wanted["thieu_du_lieu"]:
            posts = self._with(posts, wanted["thieu_du_lieu"], DimensionVerdict.UNKNOWN)
        if wanted["chi_thieu"]:
            posts = posts.filter(one_step(self.levels, self.counted))
        return posts

    def _with(self, posts: QuerySet[Any], dimension_code: str, *verdicts: DimensionVerdict) -> QuerySet[Any]:
        """The posts that have one of the verdicts in the dimension of the code."""
        levels = self.levels.of(next(dimension for dimension in self.asked if dimension.code == dimension_code))
        return posts.filter(reduce(or_, (Q(**{f"{verdict}__overlaps": levels}) for verdict in verdicts)))

    def dimensions_with(self, post: Any, verdict: DimensionVerdict) -> list[Dimension]:
        """The counted dimensions in which a post of `posts` has the verdict; none of people left behind."""
        if self.is_left_behind:
            return []
        return self.levels.dimensions_in(getattr(post, verdict), self.counted)


def _ages(first: int, last: int | None) -> str:
    if last is None:
        return f"Từ {first} tuổi"
    return f"{first}–{last} tuổi" if first else f"Đến {last} tuổi"
