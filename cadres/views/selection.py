"""Which people the official list shows: the filters of its address, and the queryset they mean.

Every figure in the product links here with a filter, so the words of the address are a contract:
huyen, xa (unit codes on the day), huyen_cu (code of a former district), khu_vuc (1, 2, 3, outside, none), chuc_danh
(position code), nhom (position group), ket_qua (a verdict, `counted` for whoever is in the total, `none` for whoever is
not), thieu / thieu_du_lieu (dimension not met / without data), chi_thieu=1 (one dimension away from the standard), mat
(dimension required; ket_qua then is that of the dimension), gioi_tinh, dan_toc, tuoi (codes, or `unknown`), nghi_huu
(months until retirement, `over` or `unknown`), dang_hoc (1: in a class or on the way to its result; 0: not),
thieu_thong_tin (what of the person is not on record), bo_lai=1 (people left behind), q (name or identifier).
With don_vi (a day) the codes of huyen and xa are those of places among the units of that day (cadres.correspondence).
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.utils.module_loading import import_string

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
from cadres.kept_plans import planned_for_the_day, planned_once
from cadres.models import (
    Appointment,
    Criterion,
    Dimension,
    EthnicGroup,
    JudgedPost,
    OfficialIdentifier,
    Position,
    PositionGroup,
    Sex,
    User,
)
from cadres.periods import add_months
from cadres.places import NONE, ZONES, communes_offered, districts_offered, title_above_on, zone_asked
from cadres.posts import left_behind
from cadres.retirement import with_retirement_day
from cadres.search import people_found
from cadres.web.filters import ALL, Offered, narrowed, offer
from cadres.web.paging import A_PAGE
from cadres.web.place_filters import PlaceFilters

COUNTED = "counted"
UNKNOWN = (UNKNOWN_CODE, "Chưa rõ")
BY_NAME = ("official__name_order", "official_id")
RETIRED, ANY = "over", "any"
RETIREMENTS = (
    *((str(months), f"Trong {months} tháng tới") for months in (6, 12, 24, 60)),
    (RETIRED, "Đã quá tuổi nghỉ hưu"),
    UNKNOWN,
)
# What may not be on record of a person: its word, its name, and the condition on a post.
MISSING = (
    ("ngay_sinh", "Ngày sinh", lambda day: Q(official__birth_date=None)),
    ("gioi_tinh", "Giới tính", lambda day: Q(official__sex="")),
    ("dan_toc", "Dân tộc", lambda day: Q(official__ethnic_group=None)),
    ("so_dinh_danh", "Số định danh", lambda day: ~Exists(_number_on(day))),
)


def _number_on(day: date) -> QuerySet[OfficialIdentifier]:
    return OfficialIdentifier.objects.as_of(day).filter(official=OuterRef("official"))


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
    nghi_huu = forms.ChoiceField(label="Nghỉ hưu", required=False, choices=[ALL, *RETIREMENTS])
    dang_hoc = forms.ChoiceField(
        label="Đang học", required=False, choices=[ALL, ("1", "Đang học, đã được cử"), ("0", "Không học lớp nào")]
    )
    thieu_thong_tin = forms.ChoiceField(
        label="Chưa có thông tin",
        required=False,
        choices=[ALL, (ANY, "Bất kỳ"), *((key, name) for key, name, _ in MISSING)],
    )

    BAR: tuple[str, ...] = ("huyen", "xa", "khu_vuc", "chuc_danh", "ket_qua", "thieu")
    MORE: tuple[str, ...] = ("tuoi", "gioi_tinh", "dan_toc", "nghi_huu", "dang_hoc", "thieu_thong_tin")
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
        self.ethnic_groups = EthnicGroup.objects.values_list("pk", "code", "name")
        self.order: Sequence[Any] = BY_NAME
        self.positions = list(Position.objects.as_of(self.day).values_list("pk", "code", "title"))
        dimensions = [(dimension.code, dimension.name) for dimension in self.asked]
        return places | {
            "khu_vuc": ZONES,
            "chuc_danh": [ALL, *((code, title) for _, code, title in self.positions)],
            "nhom": [ALL, *PositionGroup.choices],
            "ket_qua": [ALL, *Verdict.choices, (COUNTED, "Có trong tổng số"), (NONE, "Không có trong tổng số")],
            "mat": [ALL, *dimensions],
            "thieu": [ALL, *dimensions],
            "thieu_du_lieu": [ALL, *dimensions],
            "gioi_tinh": [ALL, *Sex.choices, UNKNOWN],
            # Read only where shown or asked for.
            "dan_toc": lambda: [ALL, *((code, name) for _, code, name in self.ethnic_groups), UNKNOWN],
            "tuoi": [ALL, *((code, _ages(*ages)) for code, ages in AGE_BANDS.items()), UNKNOWN],
        }

    # what it means

    tells_retirement = False  # whether the posts are to tell the day of retirement

    @property
    def is_left_behind(self) -> bool:
        return bool(self.cleaned_data["bo_lai"])

    def keys(self) -> list[int]:
        """The keys of the posts selected, sorted (`order`), once for count and page together.

        Verdicts are only asked for where a filter or the order needs them.
        """
        wanted, asked = self.cleaned_data, {str(item).removeprefix("-") for item in self.order}
        posts: QuerySet[Any]
        appointments = appointments_visible_to(self.user, self.day)
        if self.is_left_behind:
            posts = self._left_behind(appointments)
        elif "verdict" in asked or any(wanted[name] for name in self.BY_VERDICT):
            posts = self._by_verdict(self._by_facts(self._judged(appointments)))
        else:
            posts = self._by_facts(posts_on(self.day, appointments))
        if "retires_on" in asked:
            posts = with_retirement_day(posts)
        facts = ("position", "unit", "official__sex", "official__ethnic_group")
        with planned_for_the_day():
            found = list(posts.order_by(*self.order).values_list("pk", *facts))
        keys, positions, *others = zip(*found, strict=True) if found else ((), (), (), (), ())
        self.of_position = Counter(positions)
        self.one_of_position = dict(zip(positions, keys, strict=True))
        if not self.is_left_behind and not self.other_units:
            self._narrow(set(positions), *map(set, others))
        return list(keys)

    def _narrow(self, positions: set[int], units: set[int], sexes: set[str], ethnic_groups: set[int | None]) -> None:
        """Leave out of the lists of filters that are not in use what nobody of those selected has."""
        places = [row for row in self.communes if row["unit"] in units]
        there: dict[str, set[Any]] = {
            "huyen": {row["above_code"] for row in places},
            "xa": {row["code"] for row in places},
            "chuc_danh": {code for key, code, _ in self.positions if key in positions},
            "gioi_tinh": {sex or UNKNOWN_CODE for sex in sexes},
            "dan_toc": {code for key, code, _ in self.ethnic_groups if key in ethnic_groups}
            | ({UNKNOWN_CODE} if None in ethnic_groups else set()),
        }
        for name, values in there.items():
            if not self.cleaned_data[name]:
                field: Any = self.fields[name]
                offer(field, narrowed(field.choices, values))

    def outside(self) -> int:
        """How many of the people of `keys` are in no total, once `posts` has told of some of them; 0 where a filter has
        asked for a verdict."""
        return 0 if self._asks_for_verdicts else sum(self.of_position[position] for position in self.unjudged)

    @property
    def _asks_for_verdicts(self) -> bool:
        return self.is_left_behind or any(self.cleaned_data[name] for name in self.BY_VERDICT)

    def posts(self, keys: Iterable[int]) -> list[Any]:
        """The posts of the keys, in their order, with person and position, and with verdicts but where left behind.

        Whether a post is judged hangs on its position alone: for `outside` one post of each is asked along with them,
        since a question for verdicts costs more than its rows.
        """
        keys = list(keys)
        beside = () if self._asks_for_verdicts else self.one_of_position.values()
        chosen = Appointment.objects.filter(pk__among={*keys, *beside})
        found: QuerySet[Any] = chosen if self.is_left_behind else self._judged(chosen)
        if self.tells_retirement:
            found = with_retirement_day(found)
        with planned_once() if len(keys) <= A_PAGE else nullcontext():
            by_key: dict[int, Any] = {
                post.pk: post for post in found.select_related("official__ethnic_group", "position")
            }
        self.unjudged = {by_key[key].position_id for key in beside if by_key[key].verdict is None}
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
        if wanted["nghi_huu"]:
            posts = self._by_retirement(posts)
        if wanted["dang_hoc"]:
            studying = import_string(settings.WHO_STUDIES)(self.day).filter(official=OuterRef("official"))
            posts = posts.filter(Exists(studying) if wanted["dang_hoc"] == "1" else ~Exists(studying))
        if wanted["thieu_thong_tin"]:
            asked = wanted["thieu_thong_tin"]
            conditions = [missing(self.day) for key, _, missing in MISSING if asked in (ANY, key)]
            posts = posts.filter(reduce(or_, conditions))
        if wanted["khu_vuc"]:
            posts = posts.filter(zone=zone_asked(wanted["khu_vuc"]))
        if wanted["gioi_tinh"]:
            posts = posts.filter(official__sex="" if wanted["gioi_tinh"] == UNKNOWN_CODE else wanted["gioi_tinh"])
        if wanted["dan_toc"] == UNKNOWN_CODE:
            posts = posts.filter(official__ethnic_group=None)
        elif wanted["dan_toc"]:
            posts = posts.filter(official__ethnic_group__code=wanted["dan_toc"])
        return posts

    def _by_retirement(self, posts: QuerySet[Any]) -> QuerySet[Any]:
        """Those whose last day of work lies in the months to come, the first of which begins on the day itself."""
        until = self.cleaned_data["nghi_huu"]
        found = with_retirement_day(posts)
        if until == UNKNOWN_CODE:
            return found.filter(retires_on=None)
        if until == RETIRED:
            return found.filter(retires_on__lt=self.day)
        return found.filter(retires_on__range=(self.day, add_months(self.day, int(until))))

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
