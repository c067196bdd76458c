"""The review of the data: what cannot be true, what has to be looked at, what is to come; counted, listed, mended.

`checks` is the table of all checks, `sources` the rows they look at, `counting` counts them by commune, `findings`
lists what one finds and `words` says it, `aside` sets one aside of a person for a time.
"""

from cadres.review.aside import end_set_aside, set_aside, set_aside_many
from cadres.review.checks import BY_CODE, CHECKS, Check, Mend, Severity
from cadres.review.counting import Review, review, review_counts
from cadres.review.findings import Place, people_found_by, places_found_by
from cadres.review.sources import Lens

__all__ = [
    "BY_CODE",
    "CHECKS",
    "Check",
    "Lens",
    "Mend",
    "Place",
    "Review",
    "Severity",
    "end_set_aside",
    "people_found_by",
    "places_found_by",
    "review",
    "review_counts",
    "set_aside",
    "set_aside_many",
]
