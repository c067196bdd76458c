"""Clusters (cụm): communes that the province looks at together, since no district stands between it and them.

A cluster is a unit of its kind, so that whatever names a unit (a role given, a campaign, a quota, a file, a filter) can
name one. Which communes are in it is told by their versions, each commune in one cluster a day at the most: to put a
commune into another one from a day on is a new version of it.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from cadres.history import signed
from cadres.models import Unit, UnitVersion, User
from cadres.text import first_named, fold

Kind = UnitVersion.Kind
CODE = "C{:02d}"


def clusters_on(day: date) -> QuerySet[UnitVersion]:
    """The clusters of the day, by name."""
    return UnitVersion.objects.as_of(day).filter(kind=Kind.CLUSTER).order_by("name")


def can_be_in_one(day: date) -> QuerySet[UnitVersion]:
    """The communes of the day that lie right below the province, by name: those that a cluster may have."""
    provinces = UnitVersion.objects.as_of(day).filter(kind=Kind.PROVINCE)
    communes = UnitVersion.objects.as_of(day).communes().filter(parent__in=provinces.values("unit"))
    return communes.order_by("name")


@signed
def make_clusters(
    communes_of: Mapping[str, Collection[int]], *, day: date, decision: str = "", by: User | None
) -> list[Unit]:
    """Open clusters on the day: name → keys of the communes that are in it from then on, out of whatever they were in.

    Raises ValidationError, with nothing written, where there is no province or no cluster to make, a name is there
    already or twice, a commune is in two, or one cannot be in a cluster that day (`put_into`).
    """
    province = UnitVersion.objects.province_on(day)
    if province is None:
        raise ValidationError(f"Ngày {day:%d/%m/%Y} chưa có tỉnh. Hãy chọn ngày khác.")
    if not communes_of:
        raise ValidationError("Chưa có cụm nào để lập.")
    there = {fold(version.name) for version in UnitVersion.objects.lasting_to(day).filter(kind=Kind.CLUSTER)}
    seen: set[int] = set()
    for name, communes in communes_of.items():
        if fold(name) in there:
            raise ValidationError(f"Đã có {name}. Hãy đặt tên khác, hoặc chuyển xã vào cụm đã có.")
        there.add(fold(name))
        if twice := seen & set(communes):
            raise ValidationError(f"{_named(twice, day)} có ở hai cụm. Mỗi xã chỉ thuộc một cụm.")
        seen |= set(communes)
    made = []
    for name, code in zip(communes_of, _free_codes(), strict=False):
        unit = Unit.objects.create()
        version = UnitVersion(
            unit=unit, code=code, name=name, kind=Kind.CLUSTER, parent=province.unit, start_date=day, decision=decision
        )
        version.full_clean()
        version.save()
        put_into(unit, communes_of[name], day=day, by=by)
        made.append(unit)
    return made


@signed
def put_into(cluster: Unit | None, communes: Collection[int], *, day: date, decision: str = "", by: User | None) -> int:
    """From the day on the communes (keys) are in the cluster, or in none; returns how many were not before.

    Raises ValidationError where the cluster is not in force that day, or a commune is none right below the province.
    """
    if cluster and not clusters_on(day).filter(unit=cluster).exists():
        raise ValidationError(f"Ngày {day:%d/%m/%Y} không có {cluster}. Hãy chọn ngày khác.")
    may = {version.unit_id: version for version in can_be_in_one(day).filter(unit__in=communes).select_for_update()}
    if others := set(communes) - set(may):
        raise ValidationError(
            f"Ngày {day:%d/%m/%Y} {_named(others, day)} không trực thuộc tỉnh: khi còn cấp huyện thì xã thuộc huyện, "
            "không vào cụm. Hãy chọn ngày từ khi xã trực thuộc tỉnh."
        )
    moving = [version for version in may.values() if version.cluster_id != (cluster.pk if cluster else None)]
    for version in moving:
        if version.begins_before(day):
            end, version.end_date = version.end_date, day - timedelta(days=1)
            version.save(update_fields=["end_date"])
            version.pk, version.start_date, version.end_date = None, day, end
            version.decision = decision or version.decision
            version._state.adding = True
        version.cluster = cluster
        version.save()
    # What is already on record of later days goes along: the commune stays where it was put until it is moved again.
    later = UnitVersion.objects.begun_after(day).communes().filter(unit__in=[version.unit_id for version in moving])
    later.update(cluster=cluster)
    return len(moving)


@signed
def end_cluster(cluster: Unit, *, last_day: date, by: User | None) -> UnitVersion:
    """The cluster is no more after its last day; its communes are in none from the next day on.

    Raises ValidationError where it is not in force on that day.
    """
    version = clusters_on(last_day).filter(unit=cluster).select_for_update().first()
    if version is None:
        raise ValidationError({"last_day": f"Ngày {last_day:%d/%m/%Y} không có {cluster}. Hãy chọn ngày khác."})
    then = last_day + timedelta(days=1)
    members = UnitVersion.objects.lasting_to(then).filter(cluster=cluster)
    put_into(None, set(members.as_of(then).values_list("unit", flat=True)), day=then, by=by)
    members.begun_after(last_day).update(cluster=None)
    version.end_date = last_day
    version.save(update_fields=["end_date"])
    return version


def _free_codes() -> Iterable[str]:
    """Codes that no unit has ever borne, one after the other."""
    taken = set(UnitVersion.objects.filter(kind=Kind.CLUSTER).values_list("code", flat=True))
    return (code for number in range(1, 10_000) if (code := CODE.format(number)) not in taken)


def _named(units: Collection[int], day: date) -> str:
    names = UnitVersion.objects.latest_by(day).filter(unit__in=units).order_by("name").values_list("name", flat=True)
    return first_named(list(names), "đơn vị này")
