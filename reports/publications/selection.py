"""Which people of a published list a page shows: the filters of its address, offered in the words of its day."""

from collections import defaultdict
from functools import reduce
from operator import or_
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict

from cadres.correspondence import Correspondence
from cadres.evaluation import DimensionVerdict, Verdict
from cadres.models import Publication, PublishedGroup, PublishedPost, User
from cadres.places import communes_offered, districts_offered, title_above_on
from cadres.text import fold
from cadres.web.filters import ALL, FilterForm, Offered
from reports.publications.reading import UNKNOWN, Words, posts_visible
from reports.rates import DIMENSION

# Filter → the grouping of which it shows one group, and the column of the list.
OF_GROUPING = {
    "huyen": ("district", "district_code"),
    "xa": ("commune", "commune_code"),
    "khu_vuc": ("zone", "zone"),
    "chuc_danh": ("position", "position_code"),
    "nhom": ("group", "position_group"),
    "gioi_tinh": ("sex", "sex"),
    "dan_toc": ("ethnic", "ethnic_code"),
    "tuoi": ("age", "age_band"),
}
OF_DIMENSION = {
    Verdict.COMPLIANT: (DimensionVerdict.MET, DimensionVerdict.EXEMPT),
    Verdict.NOT_COMPLIANT: (DimensionVerdict.NOT_MET,),
    Verdict.UNDETERMINED: (DimensionVerdict.UNKNOWN,),
    "": tuple(DimensionVerdict),
}


class PublishedSelection(FilterForm):
    """The filters of a published list. The words of the address are those of the list of officials."""

    q = forms.CharField(label="Tìm theo tên (không cần dấu)", required=False, max_length=100)
    huyen = forms.ChoiceField(required=False)
    xa = forms.ChoiceField(label="Đơn vị cấp xã", required=False)
    khu_vuc = forms.ChoiceField(label="Khu vực", required=False)
    chuc_danh = forms.ChoiceField(label="Chức danh", required=False)
    nhom = forms.ChoiceField(label="Nhóm", required=False)
    ket_qua = forms.ChoiceField(label="Kết quả", required=False, choices=[ALL, *Verdict.choices])
    mat = forms.ChoiceField(label="Có yêu cầu về", required=False)
    thieu = forms.ChoiceField(label="Chưa đạt về", required=False)
    gioi_tinh = forms.ChoiceField(label="Giới tính", required=False)
    dan_toc = forms.ChoiceField(label="Dân tộc", required=False)
    tuoi = forms.ChoiceField(label="Độ tuổi", required=False)

    BAR = ("huyen", "xa", "khu_vuc", "chuc_danh", "ket_qua", "thieu")
    ONLY_IF_CHOICE = ("huyen",)

    def __init__(
        self, query: QueryDict, *, publication: Publication, user: User, words: Words, units: Correspondence | None
    ) -> None:
        self.posts = posts_visible(publication, user)
        self.publication, self.user, self.words = publication, user, words
        self.units = units  # of another day, whose places huyen and xa then name
        super().__init__(query)

    def offered(self) -> dict[str, Offered]:
        self.fields["huyen"].label = title_above_on(self.units.day if self.units else self.publication.day)
        groups = defaultdict(list)
        kept = PublishedGroup.objects.filter(publication=self.publication).exclude(grouping=DIMENSION)
        for group in kept:
            groups[group.grouping].append(group)
        if not self.user.sees_every_unit:
            own = set(self.posts.order_by().values_list("unit_id", "district_id").distinct())
            communes, districts = {unit for unit, _ in own}, {district for _, district in own}
            groups["commune"] = [group for group in groups["commune"] if group.unit_id in communes]
            groups["district"] = [group for group in groups["district"] if group.unit_id in districts]
        offered: dict[str, Offered] = {
            name: [ALL, *((group.code, group.name) for group in groups[grouping])]
            for name, (grouping, _) in OF_GROUPING.items()
        }
        above: dict[str, Any] = defaultdict(list)
        for group in groups["commune"]:
            above[group.above].append((group.code, group.name))
        if self.units:
            rows = [{"unit": group.unit_id} for group in groups["commune"]]
            placed = self.units.placed(rows, self.publication.day)
            offered["huyen"] = [ALL, *districts_offered(placed).items()]
            above = dict(communes_offered(placed))
        dimensions = [ALL, *((dimension.code, dimension.name) for dimension in self.words.dimensions)]
        return offered | {"xa": [ALL, *above.items()], "mat": dimensions, "thieu": dimensions}

    def found(self) -> QuerySet[PublishedPost]:
        """The people asked for."""
        wanted: dict[str, Any] = self.cleaned_data
        posts = self.posts
        for word in fold(wanted["q"]).split():
            posts = posts.filter(folded_name__contains=word)
        for name, (_, column) in OF_GROUPING.items():
            value = wanted[name]
            if value and self.units and name in ("huyen", "xa"):
                places = self.units.places(self.publication.day, above=name == "huyen")
                posts = posts.filter(unit_id__in=places.units_in([value]))
            elif value:
                posts = posts.filter(_is(column, value))
        if wanted["mat"]:
            posts = posts.filter(self._with(wanted["mat"], *OF_DIMENSION[wanted["ket_qua"]]))
        elif wanted["ket_qua"]:
            posts = posts.filter(verdict=wanted["ket_qua"])
        if wanted["thieu"]:
            posts = posts.filter(self._with(wanted["thieu"], DimensionVerdict.NOT_MET, DimensionVerdict.UNKNOWN))
        return posts

    def _with(self, code: str, *verdicts: DimensionVerdict) -> Q:
        levels = self.words.levels.of(next(item for item in self.words.dimensions if item.code == code))
        return reduce(or_, (Q(**{f"{verdict}__overlaps": levels}) for verdict in verdicts))


def _is(column: str, value: str) -> Q:
    """The condition for a group; of those for whom the fact is missing the column is empty."""
    if value not in UNKNOWN:
        return Q(**{column: value})
    return Q(zone=None) if column == "zone" else Q(**{f"{column}__in": ("", *UNKNOWN)})
