"""The only writes to the registry: one person at a time (writing, corrections), many at once (bulk).

A person as rows in memory, on the way from a roster into the tables, is in `rows`.
"""

from cadres.registry.bulk import (
    ROSTER_TABLES,
    apply_roster,
    close_roster_days,
    drop_statements_overtaken,
    end_posts,
    obstacles,
    open_roster_days,
    record_qualifications,
    take_back_roster,
)
from cadres.registry.corrections import (
    before_transfer,
    correct_as_error,
    correct_facts,
    correct_identifier,
    correct_post,
    correct_record,
    mark_post_as_error,
    take_back_transfer,
    transferred_from,
)
from cadres.registry.merging import Clash, clashes, facts_that_differ, merge
from cadres.registry.writing import (
    appoint,
    end_appointment,
    issue_identifier,
    missing_training,
    record_facts,
    record_qualification,
    register,
    revoke,
    transfer,
    waive,
)

__all__ = [
    "ROSTER_TABLES",
    "Clash",
    "apply_roster",
    "appoint",
    "before_transfer",
    "clashes",
    "close_roster_days",
    "correct_as_error",
    "correct_facts",
    "correct_identifier",
    "correct_post",
    "correct_record",
    "drop_statements_overtaken",
    "end_appointment",
    "end_posts",
    "facts_that_differ",
    "issue_identifier",
    "mark_post_as_error",
    "merge",
    "missing_training",
    "obstacles",
    "open_roster_days",
    "record_facts",
    "record_qualification",
    "record_qualifications",
    "register",
    "revoke",
    "take_back_roster",
    "take_back_transfer",
    "transfer",
    "transferred_from",
    "waive",
]
