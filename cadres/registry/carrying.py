"""Posts carried over to the unit that follows theirs: ended the day before, opened again in the successor."""

from collections.abc import Mapping
from datetime import date, timedelta

from django.db import connection

from cadres.bulk import among, insert_rows, update_rows
from cadres.history import signed
from cadres.models import Act, Appointment, User

# What a post is beside its unit and its days, which a carried one keeps.
KEPT = (
    "official_id", "position_id", "is_primary", "stated_start", "stated_start_precision", "term", "note",
    "shared_reason", "lacking_reason",
)  # fmt: skip


@signed
def carry_over(successor_of: Mapping[int, int], *, day: date, decision: str, by: User | None) -> int:
    """Carry posts over on the day: those held on the day before and on it, given with the unit that follows theirs.

    `successor_of`: key of a post → key of a unit. Each ends on the day before as followed by another (SUCCEEDED) and
    goes on in the successor to its own end, with where it came from. Of two posts of one person that would be one and
    the same there, the primary one goes on alone. Returns how many people went (primary posts).
    """
    eve = day - timedelta(days=1)
    posts = list(
        Appointment.objects.filter(pk__in=among(successor_of))
        .begun_by(eve)
        .lasting_to(day)
        .order_by("official_id", "-is_primary", "pk")
        .values("pk", "end_date", "end_reason", *KEPT)
    )
    units = set(successor_of.values())
    there = set(
        Appointment.objects.filter(unit__in=units, official__in=among(post["official_id"] for post in posts))
        .lasting_to(day)
        .values_list("official_id", "position_id", "unit_id")
    )
    rows = []
    for post in posts:
        unit = successor_of[post["pk"]]
        same = (post["official_id"], post["position_id"], unit)
        if same in there and not post["is_primary"]:
            continue
        there.add(same)
        kept = (post[name] for name in KEPT)
        rows.append((*kept, post["end_date"], post["end_reason"], post["pk"], unit))
    ended = Appointment.EndReason.SUCCEEDED.value
    update_rows(Appointment, ("id", "end_date", "end_reason"), ((post["pk"], eve, ended) for post in posts))
    insert_rows(
        Appointment,
        (*KEPT, "end_date", "end_reason", "carried_from_id", "unit_id"),
        rows,
        alike={"start_date": day, "decision": decision},
    )
    return sum(row[KEPT.index("is_primary")] for row in rows)


@signed
def take_back_carried(act: Act, *, by: User | None) -> None:
    """Undo what `carry_over` wrote in an act: the posts carried go, those that they came from get their end back."""
    opened = act.changes.filter(table_name=Appointment._meta.db_table, operation="I").values_list("key", flat=True)
    Appointment.entered.filter(pk__in=among(opened)).delete()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE cadres_appointment AS post
            SET end_date = (was.before ->> 'end_date')::date, end_reason = was.before ->> 'end_reason',
                changed_at = clock_timestamp()
            FROM history.change AS was
            WHERE was.key = post.id AND was.act_id = %s
                AND was.table_name = 'cadres_appointment' AND was.operation = 'U'
            """,
            [act.pk],
        )
