"""The verdict in plain sentences: why a person is not counted, what is lacking, what would change it."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from cadres.evaluation import DimensionVerdict, Reason
from cadres.models import JUDGED_GROUPS, Appointment, Criterion, PositionGroup, Unit
from cadres.periods import row_on
from cadres.posts import first_day_of_data
from cadres.standards.checking import DEGREES


def sentence(reason: Reason, *, is_field_named: bool = True) -> str:
    """What the record says of one requirement, and why that is or is not enough; empty where it simply is.

    Not `is_field_named`: the law asks a field of study that fits the post, and none is named (posts_without_fields).
    """
    reached = reason.held is not None and reason.held.rank >= reason.required.rank
    match reason.verdict:
        case DimensionVerdict.EXEMPT if reason.waiver:
            return f"Được miễn theo {reason.waiver.decision}: {reason.waiver.reason}."
        case DimensionVerdict.NOT_MET if reached:
            return "Đủ mức, nhưng chuyên ngành không nằm trong các ngành phù hợp với chức danh."
        case DimensionVerdict.NOT_MET:
            return f"Đang có mức {reason.held}, thấp hơn mức {reason.required} mà chức danh cần."
        case DimensionVerdict.UNKNOWN if reached:
            return "Đủ mức, nhưng hồ sơ chưa ghi chuyên ngành nên chưa biết có phù hợp không."
        case DimensionVerdict.UNKNOWN:
            return "Hồ sơ chưa ghi mức nào, nên chưa thể kết luận."
        case DimensionVerdict.MET if reason.dimension.code == DEGREES and not is_field_named:
            return "Chỉ xét mức: ngành phù hợp chưa được xét, vì chức danh chưa có danh mục chuyên ngành."
    return ""


def lacking(reason: Reason) -> str:
    """One requirement that is not proved: what is required, what is on record, and where it is written."""
    held = f"đang có {reason.held}" if reason.held else "hồ sơ chưa ghi mức nào"
    if reason.held is not None and reason.held.rank >= reason.required.rank:
        is_known = reason.verdict == DimensionVerdict.NOT_MET
        held += ", chuyên ngành không phù hợp" if is_known else ", chưa ghi chuyên ngành"
    return f"{reason.dimension.name}: cần {reason.required}, {held} ({reason.article})."


def what_is_needed(reasons: Sequence[Reason]) -> list[str]:
    """What would make the person compliant, a phrase for each counted requirement that is not settled."""
    needed = []
    for reason in reasons:
        name, required = reason.dimension.name, reason.required
        reached = reason.held is not None and reason.held.rank >= required.rank
        if not reason.is_counted:
            continue
        if reason.verdict == DimensionVerdict.NOT_MET:
            what = "văn bằng đúng chuyên ngành phù hợp, mức" if reached else "mức"
            needed.append(f"{name}: học để có {what} {required} trở lên")
        elif reason.verdict == DimensionVerdict.UNKNOWN:
            missing = f"ghi nhận văn bằng, chứng chỉ đang có (cần {required} trở lên)"
            needed.append(f"{name}: {'ghi bổ sung chuyên ngành của văn bằng' if reached else missing}")
    return needed


def why_not_counted(post: Any, appointments: Sequence[Appointment], day: date, criterion: Criterion) -> str:
    """Why a person is in no total on the day. `post` is the one that counts on the day, without a verdict, or None."""
    then = f"ngày {day:%d/%m/%Y}"
    if post is not None:
        group = PositionGroup(post.position.group)
        if group not in JUDGED_GROUPS:
            return f"{group.label} không thuộc đối tượng xét chuẩn của cán bộ, công chức cấp xã."
        if post.standard_id is None:
            return f"Vào {then} chưa có văn bản tiêu chuẩn nào áp dụng cho nhóm {group.label.lower()}."
        return f"Với chức danh này, văn bản không yêu cầu mặt nào mà tiêu chí “{criterion.name}” tính."
    held = row_on((post for post in appointments if post.is_primary), day)
    if held is None:
        return f"Không giữ chức danh chính nào vào {then}."
    if not held.position.is_in_force(day):
        return f"Chức danh {held.position} không còn hiệu lực vào {then}; hãy điều động sang chức danh đang có."
    if held.unit.version_on(day) is None:
        return f"{held.unit} không còn vào {then}; hãy điều động sang đơn vị mới."
    return _data_not_begun(held.unit, then)


def _data_not_begun(unit: Unit, then: str) -> str:
    first = first_day_of_data(unit)
    since = f"số liệu của xã bắt đầu từ {first:%d/%m/%Y}" if first else "xã chưa nộp danh sách nào"
    return f"Xã chưa có số liệu vào {then}: {since}."
