"""What a list says of one finding: the facts that do not go together, in the words of the page."""

from typing import Any

from cadres.evaluation import LevelSets
from cadres.identity import shown_number
from cadres.models import Dimension
from cadres.periods import PartialDate
from cadres.review.sources import Lens

DATES = (
    ("sinh", "birth_date", "birth_precision"),
    ("vào Đảng", "party_joined_on", "party_joined_precision"),
    ("chính thức", "party_official_on", "party_official_precision"),
    ("tuyển dụng", "recruited_on", "recruited_precision"),
    ("đóng BHXH", "insurance_since", "insurance_precision"),
)


def _dates(official: Any, *names: str) -> list[str]:
    known = ((name, PartialDate.of(getattr(official, day), getattr(official, how))) for name, day, how in DATES)
    return [f"{name} {day}" for name, day in known if day and name in names]


def _listed(parts: list[str]) -> str:
    text = ", ".join(parts)
    return text[:1].upper() + text[1:]


def _appointed(row: Any) -> str:
    post = row.appointment
    day = post.stated or (PartialDate(post.start_date) if post.known_start else None)
    return f"bổ nhiệm {day}" if day else ""


def appointed(row: Any, lens: Lens) -> str:
    return _listed([*_dates(row.official, "sinh"), _appointed(row)])


def party(row: Any, lens: Lens) -> str:
    return _listed(_dates(row.official, "sinh", "vào Đảng", "chính thức"))


def every_date(row: Any, lens: Lens) -> str:
    return _listed([*_dates(row.official, *(name for name, *_ in DATES)), _appointed(row)])


def award(row: Any, lens: Lens) -> str:
    awards = ", ".join(f"{level} cấp {day:%d/%m/%Y}" for level, day in zip(row.levels, row.awards, strict=True))
    return _listed([*_dates(row.official, "sinh"), awards])


def number(row: Any, lens: Lens) -> str:
    return _listed(
        [f"số {shown_number(row.number)}", *_dates(row.official, "sinh"), row.official.get_sex_display().lower()]
    )


def others(row: Any, lens: Lens) -> str:
    keys = ", ".join(str(key) for key in row.others)
    return f"{_listed(_dates(row.official, 'sinh'))}; cùng hồ sơ số {keys}"


def retirement(row: Any, lens: Lens) -> str:
    return f"{_listed(_dates(row.official, 'sinh'))}, làm đến hết ngày {row.retires_on:%d/%m/%Y}"


def term(row: Any, lens: Lens) -> str:
    return f"Nhiệm kỳ {row.appointment.term}"


def _in(levels: LevelSets, found: int, lens: Lens) -> list[Dimension]:
    return [one for one in lens.rulebook.dimensions_asked(lens.day) if found & levels.of(one)]


def lacking(row: Any, lens: Lens) -> str:
    dimensions = ", ".join(one.name for one in _in(lens.levels, row.not_met or 0, lens))
    reason = row.appointment.lacking_reason
    confirmed = f"đã xác nhận vẫn bổ nhiệm: {reason}" if reason else "không có xác nhận"
    return f"{_listed([_appointed(row)])}, chưa đạt: {dimensions}; {confirmed}"


def unknown(row: Any, lens: Lens) -> str:
    return ", ".join(one.name for one in _in(lens.levels, row.unknown or 0, lens))


def schooling(row: Any, lens: Lens) -> str:
    asked = {one.code: one for one in lens.rulebook.dimensions_asked(lens.day)}
    held = (lens.levels.level_in(row.held, asked[code]) for code in ("professional", "education"))
    return "Chuyên môn {}, học vấn {}".format(*held)


def left_behind(row: Any, lens: Lens) -> str:
    ends = row.position.end_date
    return f"Chức danh hết hiệu lực {ends:%d/%m/%Y}" if row.position.has_ended(lens.day) else "Đơn vị đã kết thúc"


def holders(row: Any, lens: Lens) -> str:
    return f"{row.people} người giữ: " + "; ".join(
        f"{post.official}{f' ({post.shared_reason})' if post.shared_reason else ''}" for post in row.posts
    )


def vacant(row: Any, lens: Lens) -> str:
    return ", ".join(row.vacant)


def quota(row: Any, lens: Lens) -> str:
    return f"{row.people} người, nhiều nhất {row.quota}"


def last_roster(row: Any, lens: Lens) -> str:
    return f"Danh sách gần nhất ngày {row.last_roster:%d/%m/%Y}"


def nothing(row: Any, lens: Lens) -> str:
    return ""
