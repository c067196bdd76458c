"""A reorganisation carried out as one act, and taken back as one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from cadres import registry
from cadres.history import act, signed
from cadres.history.context import taking_back
from cadres.history.taking_back import former_rows, put_back, refuse_changed_since
from cadres.models import (
    Act,
    Appointment,
    RoleGrant,
    RosterDay,
    Unit,
    UnitClass,
    UnitRelaxation,
    UnitSuccession,
    UnitVersion,
    UnitZone,
    User,
)
from cadres.posts import primary_posts
from cadres.reorganisation.following import Following
from cadres.reorganisation.planning import Plan, ReorganisationRefused
from cadres.reorganisation.touched import Touched, touched
from cadres.walls import for_nobody

POSTS = Appointment._meta.db_table
REORGANISED_ON = "reorganised_on"  # the fact beside the act that tells the day


@dataclass
class Done:
    """What was carried out: counts of communes and of primary posts, and the plan with what follows."""

    plan: Plan
    following: Following
    touched: list[Touched]
    officials_moved: int
    total_before: int
    total_after: int

    def as_json(self) -> dict[str, Any]:
        names = self.plan.names
        return {
            "on": self.plan.day.isoformat(),
            "closed": len(self.plan.successors),
            "opened": len(self.plan.predecessors),
            "officials_moved": self.officials_moved,
            "total_before": self.total_before,
            "total_after": self.total_after,
            "split": [self.plan.old[code].name for code in self.plan.split],
            "touched": [{"kind": one.kind, "by": one.by, "count": one.count} for one in self.touched],
            "zones_unsettled": [names[code] for code in self.following.zones.unsettled],
            "relaxations_unsettled": [names[code] for code in self.following.relaxations.unsettled],
            "scopes_unsettled": [
                {"account": grant.user.username, "unit": names[code]} for grant, code in self.following.scopes[1]
            ],
        }


@signed
def carry_out(plan: Plan, *, chosen: Mapping[int, str] | None = None, by: User | None) -> Done:
    """Do it: units end and open; posts, zones, relaxations, days of data and scopes go along.

    `chosen`: key of an official of a split commune → code of the successor; who is not named goes to the main one.
    Raises ReorganisationRefused, with nothing written, where not everybody would be there afterwards.
    """
    with act(Act.Kind.REORGANISATION, by=by, reason=plan.decision, **{REORGANISED_ON: plan.day.isoformat()}):
        # Whoever reorganises the same units waits here; then nobody is left to be moved.
        list(Unit.objects.select_for_update(no_key=True).filter(versions__in=plan.old.values()).order_by("pk"))
        before = Appointment.objects.as_of(plan.eve).lasting_to(plan.day).filter(is_primary=True).count()
        came_by_themselves = primary_posts(plan.day).filter(start_date=plan.day).count()
        following = Following(plan)
        scopes, _ = following.scopes  # of the units as they were, as what follows
        rows_touched = touched(plan)
        units = _open_units(plan)
        posts = _posts_going(plan, units, chosen or {})
        moved = registry.carry_over(posts, day=plan.day, decision=plan.decision, by=by)
        RosterDay.objects.bulk_create(RosterDay(unit_id=units[code], day=plan.day) for code in following.data_begin)
        for model, said, column in (
            (UnitZone, following.zones, "zone"),
            (UnitRelaxation, following.relaxations, "is_relaxed"),
        ):
            _follow(model, column, said.agreed, plan, units)
        for dated in (UnitZone, UnitRelaxation, UnitClass):
            rows = dated.objects.filter(unit__in=following.ending).begun_by(plan.eve).lasting_to(plan.day)
            rows.update(end_date=plan.eve)
        with for_nobody():  # who reorganises need not be an administrator, and gives nobody more than there was
            for grant, code in scopes:
                RoleGrant.objects.create(
                    user=grant.user, role=grant.role, unit_id=units[code], start_date=plan.day, end_date=grant.end_date
                )
        after = primary_posts(plan.day).count() - came_by_themselves
        if before != after:
            raise ReorganisationRefused(
                [f"Trước có {before} người, sau có {after}: chưa ghi gì. Hãy báo người quản trị hệ thống."]
            )
        return Done(plan, following, rows_touched, moved, before, after)


def _open_units(plan: Plan) -> dict[str, int]:
    """End what ends, open what opens, tie them; code of a successor → key of its unit."""
    renewed = {code for code, opening in plan.opening.items() if opening.unit}
    stopping = (version for code, version in plan.old.items() if code in plan.moving or code in renewed)
    ending = [version for version in stopping if not version.has_ended(plan.day)]
    for version in ending:
        version.end_date = plan.eve
    UnitVersion.objects.bulk_update(ending, ["end_date"])
    units = {code: unit.pk for code, unit in plan.there.items()}
    new = [code for code, opening in plan.opening.items() if opening.unit is None]
    units |= {code: opening.unit.pk for code, opening in plan.opening.items() if opening.unit}
    units |= {code: unit.pk for code, unit in zip(new, Unit.objects.bulk_create(Unit() for _ in new), strict=True)}
    above = UnitVersion.objects.as_of(plan.day).filter(code__in={opening.parent for opening in plan.opening.values()})
    parents = dict(above.values_list("code", "unit"))
    UnitVersion.objects.bulk_create(
        UnitVersion(
            unit_id=units[code], code=code, name=opening.name, kind=opening.kind, start_date=plan.day,
            cluster_id=plan.cluster_of(code), parent_id=parents[opening.parent], decision=plan.decision,
        )
        for code, opening in plan.opening.items()
    )  # fmt: skip
    UnitSuccession.objects.bulk_create(
        (
            UnitSuccession(
                predecessor_id=plan.old[line.predecessor].unit_id,
                successor_id=units[line.successor],
                effective_on=plan.day,
                decision=line.decision or plan.decision,
                confidence=line.confidence,
            )
            for line in plan.lines
            if not plan.goes_on(line.predecessor)
        ),
        ignore_conflicts=True,  # that are on record already
    )
    return units


def _posts_going(plan: Plan, units: Mapping[str, int], chosen: Mapping[int, str]) -> dict[int, int]:
    """Key of a post that goes along → key of the unit to which it goes."""
    going = {plan.old[code].unit_id: units[after] for code, after in plan.moving.items()}
    return {
        post: units[chosen[official]] if official in chosen else going[unit]
        for post, official, unit in plan.going().values_list("pk", "official", "unit")
    }


def _follow(model: Any, column: str, agreed: Mapping[str, Any], plan: Plan, units: Mapping[str, int]) -> None:
    """Say of the successors what decisions say of all that they follow, for as long."""
    model.objects.bulk_create(
        model(
            unit_id=units[code],
            start_date=plan.day,
            end_date=row.end_date,
            decision=row.decision,
            **{column: getattr(row, column)},
        )
        for code, row in agreed.items()
    )


# ---------------------------------------------------------------- back


def done_on(day: date) -> "Act | None":
    """The last reorganisation carried out on the day that has not been taken back."""
    # One change of it restored (which is named beside the act) leaves it done.
    whole = Act.objects.filter(kind=Act.Kind.TAKE_BACK, context__change__isnull=True)
    taken_back = whole.values_list("context__act", flat=True)
    acts = Act.objects.filter(kind=Act.Kind.REORGANISATION, **{f"context__{REORGANISED_ON}": day.isoformat()})
    return acts.exclude(pk__in=[key for key in taken_back if key]).first()


def people_carried(done: Act) -> int:
    """How many people a reorganisation took along."""
    return done.changes.filter(table_name=POSTS, operation="I", after__is_primary=True).count()


@taking_back
def take_back_of(day: date, *, reason: str, by: User | None) -> int:
    """Undo the last reorganisation of the day, as an act of its own; returns how many people went back.

    Raises ValidationError where there is none, and where something that it wrote has been changed since.
    """
    done = done_on(day)
    if done is None:
        raise ValidationError(f"Chưa có lần sắp xếp nào vào ngày {day:%d/%m/%Y} để hoàn lại.")
    with act(act=done.pk):
        refuse_changed_since(done)
        people, last = people_carried(done), done.changes.latest("pk")
        registry.take_back_carried(done, by=by)
        with for_nobody():  # the grants too
            put_back([former for former in former_rows(done) if former.table != POSTS], since=last)
    return people
