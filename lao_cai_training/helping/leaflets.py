"""The leaflets: two pages of A4 for each kind of work, to be read on the screen or printed.

Their words are templates, their pictures are of the demonstration and made by the command `leaflets` (pictures.py);
they come with the product, so that a leaflet is there from the first start.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from cadres.models import RoleGrant, User
from cadres.roles import ADMINISTRATOR, LEADER, REGISTRY_STAFF, TRAINING_INSTITUTION, TRAINING_STAFF, UNIT_OFFICER

NAMED = 3  # people at the most who are named as those to ask


@dataclass(frozen=True)
class Leaflet:
    """`slug` stands in its address and in the name of its file; `asks`: whom its readers ask about their work."""

    slug: str
    readers: str
    template: str
    of: frozenset[str]  # roles (cadres/roles.py)
    asks: str


LEAFLETS = {
    leaflet.slug: leaflet
    for leaflet in (
        Leaflet(
            "so-noi-vu",
            "Sở Nội vụ",
            "helping/leaflets/department.html",
            frozenset((REGISTRY_STAFF, TRAINING_STAFF)),
            REGISTRY_STAFF,
        ),
        Leaflet("don-vi", "huyện, xã", "helping/leaflets/unit.html", frozenset((UNIT_OFFICER,)), REGISTRY_STAFF),
        Leaflet(
            "co-so-dao-tao",
            "cơ sở đào tạo",
            "helping/leaflets/institution.html",
            frozenset((TRAINING_INSTITUTION,)),
            TRAINING_STAFF,
        ),
        Leaflet("lanh-dao", "lãnh đạo", "helping/leaflets/leader.html", frozenset((LEADER,)), REGISTRY_STAFF),
    )
}


@dataclass(frozen=True)
class WhomToAsk:
    """Names of accounts: who lets somebody in, and who knows the work."""

    about_signing_in: Sequence[str]
    about_work: Sequence[str]


def whom_to_ask(leaflet: Leaflet) -> WhomToAsk:
    """Who can be asked now: who administers accounts, and who does in Sở Nội vụ what the readers ask about."""
    return WhomToAsk(_holding(ADMINISTRATOR), _holding(leaflet.asks))


def _holding(role: str) -> list[str]:
    held = User.objects.filter(is_active=True, pk__in=RoleGrant.objects.held_now().filter(role=role).values("user"))
    return [user.full_name or user.get_username() for user in held.order_by("pk")[:NAMED]]
