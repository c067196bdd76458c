"""A proposal as it travels with its page: what was shown is what is weighed and drafted, nothing is solved anew.

A solution that its time limit ended may come out otherwise the next time; and thousands of names need no table of their
own to be looked at for an hour. So the page carries the proposal, signed, and brings it back.
"""

from datetime import date
from typing import Any

from django.core import signing
from django.core.exceptions import ValidationError

from cadres.models import Criterion, UnitVersion
from cadres.rate import Rate
from courses.models import Programme
from courses.planning.proposal.proposing import Proposal, ProposedClass
from courses.planning.proposal.registered import Unserved

SALT = "courses.planning.proposal"
FOR_SECONDS = 12 * 60 * 60  # a working day
RATES = ("now", "predicted", "greedy")
TOLD = ("cost", "is_registered", "is_asked", "made_compliant", "near")  # of each class, besides what it is


def kept(proposal: Proposal) -> str:
    """The proposal as a signed text, some kilobytes for a thousand people."""
    return signing.dumps(
        {
            "year": proposal.year,
            "day": proposal.day.isoformat(),
            "criterion": proposal.criterion.code,
            "budget": proposal.budget,
            "classes": [
                [one.programme.pk, one.place, one.officials, *(getattr(one, name) for name in TOLD)]
                for one in proposal.classes
            ],
            **{name: list(vars(getattr(proposal, name)).values()) for name in RATES},
            "bound": proposal.bound,
            "is_proved": proposal.is_proved,
            "left_out": proposal.left_out,
            "unserved": [[one.programme.pk, one.people, one.why, one.is_registered] for one in proposal.unserved],
        },
        salt=SALT,
        compress=True,
    )


def restored(text: str, *, year: int) -> Proposal:
    """The proposal that was kept, for the plan of that year. Raises ValidationError for one that is too old or that the
    site has not made."""
    try:
        told: dict[str, Any] = signing.loads(text, salt=SALT, max_age=FOR_SECONDS)
        day = date.fromisoformat(told["day"])
        programmes = Programme.objects.select_related("raises_to__dimension").in_bulk()
        units = {
            version.unit_id: version
            for version in UnitVersion.objects.as_of(day).filter(unit__in={row[1] for row in told["classes"]})
        }
        if told["year"] != year:
            raise KeyError(year)
        return Proposal(
            year=year,
            day=day,
            criterion=Criterion.objects.get(code=told["criterion"]),
            budget=told["budget"],
            classes=tuple(
                ProposedClass(
                    programmes[programme],
                    place,
                    units[place].code,
                    units[place].name,
                    tuple(officials),
                    **dict(zip(TOLD, figures, strict=True)),
                )
                for programme, place, officials, *figures in told["classes"]
            ),
            **{name: Rate(*told[name]) for name in RATES},
            bound=told["bound"],
            is_proved=told["is_proved"],
            left_out=told["left_out"],
            unserved=tuple(Unserved(programmes[key], *left) for key, *left in told["unserved"]),
        )
    except (signing.BadSignature, KeyError, ValueError, Criterion.DoesNotExist) as refusal:
        raise ValidationError(
            "Phương án này đã cũ, hoặc chương trình, đơn vị trong đó vừa thay đổi. Hãy bấm “Tính phương án”."
        ) from refusal
