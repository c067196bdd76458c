"""A reorganisation of units (sắp xếp đơn vị hành chính): who follows whom on a day, and what goes along.

`successions` reads who follows whom, from a file or from what is on record; `former_units` loads units that are not on
record yet; `planning` finds what would end, open and move, `following` and `touched` what comes with that; `carrying`
does it as one act, and takes it back. `posts` lets whoever holds a post that has ended go on in another.
"""

from cadres.reorganisation.carrying import REORGANISED_ON, Done, carry_out, done_on, people_carried, take_back_of
from cadres.reorganisation.following import Following
from cadres.reorganisation.former_units import (
    KNOWN,
    FormerUnits,
    Known,
    known_for,
    load_former,
    of_known,
    read_former,
)
from cadres.reorganisation.planning import Plan, ReorganisationRefused, plan
from cadres.reorganisation.successions import Line, UnreadableSuccessions, days_on_record, on_record, read
from cadres.reorganisation.touched import Touched, touched

__all__ = [
    "KNOWN",
    "REORGANISED_ON",
    "Done",
    "Following",
    "FormerUnits",
    "Known",
    "Line",
    "Plan",
    "ReorganisationRefused",
    "Touched",
    "UnreadableSuccessions",
    "carry_out",
    "days_on_record",
    "done_on",
    "known_for",
    "load_former",
    "of_known",
    "on_record",
    "people_carried",
    "plan",
    "read",
    "read_former",
    "take_back_of",
    "touched",
]
