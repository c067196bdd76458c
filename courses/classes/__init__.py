"""Classes from plan to end: setting up and quotas (setup), states, sessions, money (funding)."""

from courses.classes.funding import commit_funding, correct_settlement, funding_of, settle, withdraw_settlement
from courses.classes.sessions import (
    Proposal,
    add_sessions,
    delete_session,
    hours_planned,
    propose_sessions,
    save_session,
)
from courses.classes.setup import change_class, change_seats, next_code, save_class, set_quotas
from courses.classes.states import Started, cancel_class, end_class, open_class, reopen_class, start_class

__all__ = [
    "Proposal",
    "Started",
    "add_sessions",
    "cancel_class",
    "change_class",
    "change_seats",
    "commit_funding",
    "correct_settlement",
    "delete_session",
    "end_class",
    "funding_of",
    "hours_planned",
    "next_code",
    "open_class",
    "propose_sessions",
    "reopen_class",
    "save_class",
    "save_session",
    "set_quotas",
    "settle",
    "start_class",
    "withdraw_settlement",
]
