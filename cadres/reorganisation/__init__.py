"""A reorganisation of units (sắp xếp đơn vị hành chính): who follows whom on a day, and what goes along.

`successions` reads who follows whom, from a file or from what is on record; `planning` finds what would end, open and
move; `carrying` does it as one act, and takes it back.
"""

from cadres.reorganisation.carrying import REORGANISED_ON, Done, carry_out, done_on, take_back_of, try_out
from cadres.reorganisation.following import Following
from cadres.reorganisation.planning import Plan, ReorganisationRefused, plan
from cadres.reorganisation.successions import Line, UnreadableSuccessions, days_on_record, on_record, read

__all__ = [
    "REORGANISED_ON",
    "Done",
    "Following",
    "Line",
    "Plan",
    "ReorganisationRefused",
    "UnreadableSuccessions",
    "carry_out",
    "days_on_record",
    "done_on",
    "on_record",
    "plan",
    "read",
    "take_back_of",
    "try_out",
]
