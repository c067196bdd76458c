"""From a new installation to its first published figure: what is there on a day, and what is left to do."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet

from cadres import roles
from cadres.models import ImportBatch, Publication, RoleGrant, UnitVersion, User
from cadres.posts import data_begun, left_behind
from cadres.standards.checking import Compared, compared_on
from cadres.zones import counts_on

# Roles without which no figure comes about: who opens accounts, who keeps the registry, who publishes.
NEEDED = (roles.ADMINISTRATOR, roles.REGISTRY_STAFF, roles.APPROVER)


@dataclass(frozen=True)
class Progress:
    """How far an installation has come, on a day."""

    day: date
    kinds: tuple[tuple[str, int], ...]  # what the communes are called, how many
    left_behind: int  # people in a unit or position that has ended
    zones_missing: int  # communes of which no zone is recorded
    compared: Compared
    accounts: int
    roles_missing: tuple[str, ...]  # of NEEDED
    publishes_alone: bool  # who may propose a figure is the only one who may publish it
    with_data: int  # communes of which a roster has come
    rosters_waiting: int
    publications: int

    @property
    def communes(self) -> int:
        return sum(count for _, count in self.kinds)

    @property
    def without_data(self) -> int:
        return self.communes - self.with_data


def progress(day: date) -> Progress:
    """How far the installation has come on the day; a fixed number of queries."""
    communes = UnitVersion.objects.as_of(day).communes()
    kinds = Counter(dict(communes.order_by().values_list("kind").annotate(Count("pk"))))
    held = _accounts_by_role()
    proposers, publishers = held[roles.REGISTRY_STAFF], held[roles.APPROVER]
    return Progress(
        day=day,
        kinds=tuple((str(kind.label), kinds[kind]) for kind in UnitVersion.COMMUNE_KINDS if kinds[kind]),
        left_behind=left_behind(day).count(),
        zones_missing=counts_on(day)[None],
        compared=compared_on(day),
        accounts=User.objects.filter(is_active=True, pk__in=RoleGrant.objects.held_now().values("user")).count(),
        roles_missing=tuple(roles.LABELS[role] for role in NEEDED if not held[role]),
        publishes_alone=len(publishers) == 1 and proposers <= publishers,
        with_data=communes.filter(unit__in=data_begun(day)).count(),
        rosters_waiting=ImportBatch.objects.filter(state=ImportBatch.State.STAGED).count(),
        publications=Publication.objects.filter(withdrawal=None).count(),
    )


def communes_without_data(day: date) -> QuerySet[UnitVersion]:
    """The communes in force on the day of which no roster has come by then, by what is above them and by name."""
    communes = UnitVersion.objects.as_of(day).communes().exclude(unit__in=data_begun(day))
    return communes.with_above(day).order_by("cluster", "parent", "name", "code")


def officers_of(communes: list[UnitVersion]) -> dict[int, list[User]]:
    """Key of a commune → the officers who have it, its cluster or its parent to look after today."""
    given: dict[int, list[User]] = {}
    grants = RoleGrant.objects.held_now().filter(role__in=roles.OF_A_UNIT, user__is_active=True)
    for grant in grants.select_related("user").order_by("user__username"):
        given.setdefault(grant.unit_id or 0, []).append(grant.user)
    above = {commune.unit_id: (commune.unit_id, commune.cluster_id, commune.parent_id) for commune in communes}
    return {
        unit: list(dict.fromkeys(user for key in keys if key for user in given.get(key, ())))
        for unit, keys in above.items()
    }


def _accounts_by_role() -> dict[str, set[int]]:
    """Role → the keys of the accounts that hold it today."""
    held: dict[str, set[int]] = {role: set() for role in roles.LABELS}
    for role, user in RoleGrant.objects.held_now().filter(user__is_active=True).values_list("role", "user"):
        held[role].add(user)
    return held
