"""The columns of the list of officials: what the page and the file of it say of a post, and by what they are sorted."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe

from cadres.evaluation import DimensionVerdict, Verdict
from cadres.models import PositionGroup, Zone
from cadres.periods import full_months
from cadres.views.selection import BY_NAME, Selection
from cadres.web.cells import linked
from cadres.web.escaping import escaped
from cadres.web.lists import Column, Columns
from cadres.web.tags import ngay

RETIREMENT = "nghi_huu"
BY_PLACE = ("district_code", "commune_code", "position__order", *BY_NAME)


def columns_of(request: HttpRequest, selection: Selection, dated: str) -> Columns:
    """The columns for the people of the selection, which is sorted by them. `dated`: what links to a person carry."""
    of_verdict = (*_of_posts(selection), *_of_verdicts(selection))
    if selection.is_left_behind:  # of a post that counts nowhere nothing more is known
        of_verdict = (Column("xa", "Đơn vị", ["unit"], cell=lambda post: post.commune_name),)
    page = Columns(
        request,
        [*_of_people(dated, selection.day), *of_verdict],
        default=BY_NAME[:1],
        tie=BY_NAME,
        may_choose=True,
        tick=lambda post: (post.pk, post.official.full_name),
    )
    selection.order = list(dict.fromkeys(page.order))
    selection.tells_retirement = RETIREMENT in page.shows
    return page


def _of_people(dated: str, day: date) -> tuple[Column, ...]:
    def person(post: Any) -> SafeString:
        return linked("cadres:official-detail", post.official_id, post.official.full_name, dated)

    def years(post: Any) -> int | None:
        return full_months(post.official.birth_date, day) // 12 if post.official.birth_date else None

    def ethnic_group(post: Any) -> str:
        return str(post.official.ethnic_group or "")

    return (
        Column("ten", "Họ và tên", BY_NAME, cell=lambda post: post.official.full_name, page=person),
        Column("ngay_sinh", "Ngày sinh", ["official__birth_date"], cell=lambda post: str(post.official.birth or "")),
        Column("tuoi", "Tuổi", ["-official__birth_date"], cell=years, is_number=True, is_usual=False),
        Column(
            "gioi_tinh",
            "Giới tính",
            ["official__sex"],
            cell=lambda post: post.official.get_sex_display(),
            is_usual=False,
        ),
        Column("dan_toc", "Dân tộc", ["official__ethnic_group__name"], cell=ethnic_group, is_usual=False),
        Column("chuc_danh", "Chức danh", ["position__order"], cell=lambda post: str(post.position)),
        Column(
            "nhom",
            "Nhóm",
            ["position__group"],
            cell=lambda post: PositionGroup(post.position.group).label,
            is_usual=False,
        ),
    )


def _of_posts(selection: Selection) -> tuple[Column, ...]:
    above = selection.title_above()
    has_several = len(selection.districts) > 1 and not selection.cleaned_data["huyen"]
    belongs: tuple[Column, ...] = ()
    if selection.other_units:
        head = f"Đơn vị ngày {selection.other_units.day:%d/%m/%Y}"
        belongs = (Column("don_vi_ngay", head, cell=lambda post: post.place.name if post.place else ""),)
    return (
        Column("xa", "Đơn vị", BY_PLACE, cell=lambda post: post.commune_name),
        Column("huyen", above, BY_PLACE, cell=lambda post: post.district_name or "", is_usual=has_several),
        *belongs,
        Column("khu_vuc", "Khu vực", ["zone"], cell=lambda post: "" if post.zone is None else Zone(post.zone).in_short),
        Column(RETIREMENT, "Nghỉ hưu", ["retires_on"], cell=lambda post: ngay(post.retires_on) or "", is_usual=False),
    )


def _of_verdicts(selection: Selection) -> tuple[Column, ...]:
    def told(post: Any) -> str:
        verdict = Verdict(post.verdict).label if post.verdict else "Không xét"
        return f"{verdict}, đang chuyển tiếp" if post.is_in_transition else verdict

    def tagged(post: Any) -> SafeString:
        if not post.verdict:
            return mark_safe('<span class="quiet">Không xét</span>')
        transition = ' <span class="tag warn">Đang chuyển tiếp</span>' if post.is_in_transition else ""
        return mark_safe(f'<span class="tag {post.verdict}">{Verdict(post.verdict).label}</span>{transition}')

    def lacking(post: Any) -> list[tuple[str, str]]:
        of_verdict = {"not_met": DimensionVerdict.NOT_MET, "": DimensionVerdict.UNKNOWN}
        return [
            (look, f"{dimension}{'' if look else ': chưa có dữ liệu'}")
            for look, verdict in of_verdict.items()
            for dimension in selection.dimensions_with(post, verdict)
        ]

    def lacking_tagged(post: Any) -> SafeString:
        told = lacking(post)
        if not told:
            return mark_safe("")
        tags = " ".join(f'<span class="tag {look}">{escaped(text)}</span>' for look, text in told)
        return mark_safe(f'<span title="{escaped("; ".join(text for _, text in told))}">{tags}</span>')

    return (
        Column("ket_qua", "Kết quả", ["verdict"], cell=told, page=tagged),
        Column(
            "con_thieu",
            "Còn thiếu",
            cell=lambda post: "; ".join(text for _, text in lacking(post)),
            page=lacking_tagged,
            is_long=True,
        ),
        Column("", "Lý do", is_shown=False, cell=lambda post: "; ".join(_reasons(selection, post))),
    )


def _reasons(selection: Selection, post: Any) -> list[str]:
    """Of each dimension that is lacking: what is asked and what is held."""
    reasons = []
    for dimension in selection.dimensions_with(post, DimensionVerdict.NOT_MET):
        asked = selection.levels.level_in(post.asked, dimension)
        held = selection.levels.level_in(post.held, dimension)
        is_reached = asked is not None and held is not None and held.rank >= asked.rank
        beside = ", nhưng ngành không phù hợp với chức danh" if is_reached else ""
        reasons.append(f"{dimension}: cần {asked}, đang có {held or 'chưa có gì'}{beside}")
    for dimension in selection.dimensions_with(post, DimensionVerdict.UNKNOWN):
        reasons.append(f"{dimension}: cần {selection.levels.level_in(post.asked, dimension)}, chưa có dữ liệu")
    return reasons
