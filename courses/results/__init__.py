"""What became of the people of a class: attendance, results (marks), certificates, and taking a result back."""

from courses.results.attendance import Attended, Marked, attendance_summary, mark_attendance
from courses.results.certificates import (
    Effect,
    Proposal,
    due_a_certificate,
    effect_of,
    issue_certificates,
    propose_numbers,
    withdraw_result,
)
from courses.results.marks import Recorded, Result, parse_mark, proposed_grade, record_results, shown_mark
from courses.results.pupils import check_at_work, pupils_of

__all__ = [
    "Attended",
    "Effect",
    "Marked",
    "Proposal",
    "Recorded",
    "Result",
    "attendance_summary",
    "check_at_work",
    "due_a_certificate",
    "effect_of",
    "issue_certificates",
    "mark_attendance",
    "parse_mark",
    "propose_numbers",
    "proposed_grade",
    "pupils_of",
    "record_results",
    "shown_mark",
    "withdraw_result",
]
