"""Whose decisions a roster is read by: those of the file's commune and district, then those for everybody.

A file belongs to the unit it is limited to; without one (an import of several districts, which only the province makes)
no district's decisions hold. What an account decides holds for the district of the file, where that was given to it;
an account that was given a single commune decides for that commune. The province decides for everybody.
"""

from collections.abc import Sequence

from django.core.exceptions import ValidationError

from cadres.access import units_given, units_visible_to
from cadres.models import UnitVersion, User

DECIDE = "cadres.change_importbatch"


def decides_for_everybody(user: User | None) -> bool:
    """Whether what the account decides about rosters holds for the files of every unit; None is the command line."""
    return user is None or units_given(user, DECIDE) is None


def owners_of_file(unit_code: str, user: User | None) -> list[int]:
    """The keys of the units whose decisions hold for a file, the nearest first: communes, then districts and clusters.

    `unit_code` is the unit that the file is limited to. A code that was given again names several units: what any of
    them decided holds. Without a code it is the one unit that was given to the account.
    """
    versions = UnitVersion.objects.all()
    if unit_code:
        versions = versions.filter(code=unit_code)
    elif decides_for_everybody(user):
        return []
    else:
        given = set(units_given(user, DECIDE) or ()) if user else set()
        versions = versions.filter(unit__in=given if len(given) == 1 else ())
    rows = list(versions.order_by("-start_date"))
    communes = [row.unit_id for row in rows if row.kind in UnitVersion.COMMUNE_KINDS]
    above = [row.above_id for row in rows if row.kind in UnitVersion.COMMUNE_KINDS]
    districts = UnitVersion.objects.filter(
        unit__in=[*above, *(row.unit_id for row in rows)], kind__in=UnitVersion.BETWEEN_KINDS
    )
    return list(dict.fromkeys([*communes, *districts.order_by("-start_date").values_list("unit", flat=True)]))


def owner_of_decision(unit_code: str, user: User | None) -> int | None:
    """For whose files holds what the account decides about a file: the key of a unit; None: for everybody's.

    Raises ValidationError where the file is of no unit that was given to the account.
    """
    if user is None or decides_for_everybody(user):
        return None
    owners = owners_of_file(unit_code, user)
    given = set(units_visible_to(user, DECIDE).filter(pk__in=owners).values_list("pk", flat=True))
    widest = next((unit for unit in reversed(owners) if unit in given), None)
    if widest is None:
        raise ValidationError("Tệp này không giới hạn trong đơn vị được giao. Hãy chọn đơn vị của tệp rồi làm lại.")
    return widest


def nearest_first(owners: Sequence[int], owner: int | None) -> int:
    """The rank of a decision of this owner among those that hold for a file; the least counts."""
    return len(owners) if owner is None else owners.index(owner)
