"""The training plan of a year: drafted from the needs within its money (proposal), approved (draft), changed
(amendments); its money (money), and what a class may cost by the norms (costs).

An approved plan is frozen and changes by amendments only. A line of an amendment replaces a line of before (with no
class left it takes it out) or adds one; once the amendment is approved, the classes of the replaced line hang on the
new one. So the lines that hold are `effective_lines`, and what was decided before stays readable. Money is in đồng.
"""

from courses.planning.amendments import (
    add_line,
    amend_line,
    approve_amendment,
    begin_amendment,
    drop_amendment,
    drop_change,
    take_out,
)
from courses.planning.draft import (
    approve_plan,
    create_plan,
    delete_line,
    delete_plan,
    save_line,
    save_plan,
)
from courses.planning.money import (
    SourceTotal,
    check_commitment,
    committed_by_source,
    effective_lines,
    lines_with,
    money_of_lines,
    totals,
    totals_of_plans,
)

__all__ = [
    "SourceTotal",
    "add_line",
    "amend_line",
    "approve_amendment",
    "approve_plan",
    "begin_amendment",
    "check_commitment",
    "committed_by_source",
    "create_plan",
    "delete_line",
    "delete_plan",
    "drop_amendment",
    "drop_change",
    "effective_lines",
    "lines_with",
    "money_of_lines",
    "save_line",
    "save_plan",
    "take_out",
    "totals",
    "totals_of_plans",
]
