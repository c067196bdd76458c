"""The table of tasks: a line says what waits, whose work it is and where exactly those rows are listed.

A new task is one line here, beside the rows that it counts (the to_do.py of its step). The home page, the numbers in
the menu and the reminders follow; the test of the table compares its number with its list.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from cadres.accounts.to_do import ACCOUNTS
from cadres.roles import (
    ADMINISTRATOR,
    APPROVER,
    AUDITOR,
    LEADER,
    REGISTRY_STAFF,
    TRAINING_INSTITUTION,
    TRAINING_STAFF,
    UNIT_OFFICER,
)
from cadres.roster.to_do import DECISIONS, ROSTERS
from cadres.standards.to_do import CHANGES
from cadres.to_do import ToDo
from cadres.web.to_do import TO_DO
from courses.needs.to_do import SUBMISSIONS
from courses.planning.to_do import PLANS
from courses.quality.to_do import INSPECTIONS
from courses.to_do import CLASSES, TURNS
from reports.publications.to_do import DUE, PROPOSALS


class Kind(StrEnum):
    WORK = "work"  # somebody has to act, often by a day
    DATA = "data"  # something in the data has to be looked at
    NOTE = "note"  # good to know


@dataclass(frozen=True)
class Task:
    """`words` are those of the address that list the rows on `view`, in its `part`. `entry` is the view of the entry of
    the menu that shows the number, "" for none; an entry of several tasks shows the first that is not 0."""

    code: str
    to_do: ToDo
    of: tuple[str, ...]  # roles (cadres/roles.py)
    view: str
    words: Mapping[str, str] = field(default_factory=dict)
    part: str = ""
    entry: str = ""
    kind: Kind = Kind.WORK


def _listed(view: str, word: str, to_do: Mapping[str, ToDo], *of: str, entry: str = "", **rest: str | Kind) -> Task:
    """The task of a list that is narrowed by `can_lam`."""
    return Task(f"{view}/{word}", to_do[word], of, view, {TO_DO: word}, entry=entry, **rest)  # type: ignore[arg-type]


SUBMISSION_LIST, CAMPAIGNS = "courses:submission-list", "courses:campaign-list"
CLASS_LIST, TURN_LIST, PLAN_LIST = "courses:class-list", "courses:enrolment-list", "courses:plan-list"
IMPORTS, TEXTS, FIGURES = "cadres:import-list", "cadres:standard-list", "reports:publication-list"
READING, INSPECTED, ACCOUNT_LIST = "cadres:decision-list", "courses:inspection-list", "cadres:account-list"

TASKS: tuple[Task, ...] = (
    # needs and plan
    _listed(SUBMISSION_LIST, "dang_ky", SUBMISSIONS, UNIT_OFFICER, entry=CAMPAIGNS),
    _listed(SUBMISSION_LIST, "tiep_nhan", SUBMISSIONS, TRAINING_STAFF, entry=CAMPAIGNS),
    _listed(SUBMISSION_LIST, "qua_han", SUBMISSIONS, TRAINING_STAFF, LEADER, AUDITOR),
    _listed(PLAN_LIST, "phe_duyet", PLANS, APPROVER, entry=PLAN_LIST),
    _listed(PLAN_LIST, "vuot_du_toan", PLANS, TRAINING_STAFF, APPROVER, LEADER, AUDITOR),
    # classes and the people in them
    _listed(CLASS_LIST, "duyet", CLASSES, TRAINING_STAFF, entry=CLASS_LIST),
    _listed(CLASS_LIST, "quyet_dinh", CLASSES, APPROVER, entry=CLASS_LIST),
    _listed(CLASS_LIST, "con_cho", CLASSES, UNIT_OFFICER, entry=CLASS_LIST),
    _listed(TURN_LIST, "khong_duoc_cu", TURNS, UNIT_OFFICER),
    _listed(CLASS_LIST, "khai_giang", CLASSES, TRAINING_STAFF, LEADER, AUDITOR),
    _listed(CLASS_LIST, "ket_qua", CLASSES, TRAINING_INSTITUTION, TRAINING_STAFF, LEADER, AUDITOR, entry=CLASS_LIST),
    _listed(CLASS_LIST, "hoc_hom_nay", CLASSES, TRAINING_INSTITUTION),
    _listed(CLASS_LIST, "diem_danh", CLASSES, TRAINING_INSTITUTION),
    _listed(CLASS_LIST, "chung_chi", CLASSES, TRAINING_INSTITUTION, TRAINING_STAFF),
    _listed(CLASS_LIST, "hieu_qua", CLASSES, TRAINING_STAFF),
    _listed(TURN_LIST, "dang_hoc", TURNS, UNIT_OFFICER, kind=Kind.NOTE),
    Task(
        "inspections",
        INSPECTIONS,
        (TRAINING_INSTITUTION, TRAINING_STAFF, LEADER, AUDITOR),
        INSPECTED,
        {"tinh_trang": "mo"},
    ),
    # the registry, texts and figures
    _listed(IMPORTS, "ghi", ROSTERS, REGISTRY_STAFF, UNIT_OFFICER, entry=IMPORTS, kind=Kind.DATA),
    Task("reading", DECISIONS, (REGISTRY_STAFF,), READING, {"tra_loi": "waiting"}, entry=READING, kind=Kind.DATA),
    _listed(TEXTS, "xac_nhan", CHANGES, APPROVER, entry=TEXTS, part="open"),
    _listed(FIGURES, "cong_bo", PROPOSALS, APPROVER, entry=FIGURES, part="proposals"),
    Task("figure-due", DUE, (REGISTRY_STAFF, APPROVER), FIGURES, part="due"),
    # accounts
    _listed(ACCOUNT_LIST, "chua_co_vai_tro", ACCOUNTS, ADMINISTRATOR),
    _listed(ACCOUNT_LIST, "sap_het_vai_tro", ACCOUNTS, ADMINISTRATOR, AUDITOR),
    _listed(ACCOUNT_LIST, "chua_hai_buoc", ACCOUNTS, ADMINISTRATOR, AUDITOR),
)
