"""Posts that go on when their unit or position is followed by another: ended the day before, opened again there."""

from collections.abc import Mapping
from datetime import date, timedelta

from django.db import connection

from cadres.bulk import among, insert_rows, update_rows
from cadres.history import signed
from cadres.models import Act, Appointment, User

# What a post is beside its unit, its position and its days, which one that goes on keeps.
KEPT = (
    "official_id", "is_primary", "stated_start", "stated_start_precision", "term", "note", "shared_reason",
    "lacking_reason",
)  # fmt: skip


@signed
def carry_over(successor_of: Mapping[int, int], *, day: date, decision: str, by: User | None) -> int:
    """Carry posts over on the day: those held on the day before and on it, given with the unit that follows theirs.

    `successor_of`: key of a post → key of a unit. Each ends on the day before as followed by another (SUCCEEDED) and
    goes on in the successor to its own end, with where it came from. Of two posts of one person that would be one and
    the same there, the primary one goes on alone. Returns how many people went (primary posts).
    """
    became = {post: {"unit_id": unit} for post, unit in successor_of.items()}
    return _go_on(became, day=day, decision=decision, reason=Appointment.EndReason.SUCCEEDED)


@signed
def follow_positions(successor_of: Mapping[int, int], *, day: date, decision: str, by: User | None) -> int:
    """Let posts go on in the position that follows theirs from the day on, as `carry_over` does with units.

    `successor_of`: key of a post → key of a position. A post that begins on the day or later was never held in a
    position that had ended by then: it becomes one in the new position, as long as it is. Returns how many posts.
    """
    held = Appointment.objects.filter(pk__in=among(successor_of)).order_by("-is_primary", "pk")
    late, twice, there = [], [], set()
    for post in held.begun_after(day - timedelta(days=1)):
        same = (post.official_id, successor_of[post.pk], post.unit_id)
        if same in there:
            twice.append(post.pk)
        else:
            late.append((post.pk, successor_of[post.pk], decision or post.decision))
        there.add(same)
    became = {key: {"position_id": successor_of[key]} for key in held.begun_before(day).values_list("pk", flat=True)}
    Appointment.objects.filter(pk__in=among(twice)).delete()
    update_rows(Appointment, ("id", "position_id", "decision"), late)
    _go_on(became, day=day, decision=decision, reason=Appointment.EndReason.RENAMED)
    return len(late) + len(became)


def _go_on(became: Mapping[int, Mapping[str, int]], *, day: date, decision: str, reason: str) -> int:
    """End posts the day before and open them again with the columns that they have then; returns the primary ones."""
    posts = list(
        Appointment.objects.filter(pk__in=among(became))
        .order_by("official_id", "-is_primary", "pk")
        .values("pk", "position_id", "unit_id", "end_date", "end_reason", *KEPT)
    )
    ends = {post["pk"] for post in posts}
    there = set(
        Appointment.objects.filter(official__in=among(post["official_id"] for post in posts))
        .exclude(pk__in=among(ends))
        .lasting_to(day)
        .values_list("official_id", "position_id", "unit_id")
    )
    rows = []
    for post in posts:
        then = post | became[post["pk"]]
        same = (then["official_id"], then["position_id"], then["unit_id"])
        if same in there and not post["is_primary"]:
            continue
        there.add(same)
        kept = (then[name] for name in (*KEPT, "position_id", "unit_id", "end_date", "end_reason"))
        rows.append((*kept, post["pk"]))
    eve = day - timedelta(days=1)
    update_rows(Appointment, ("id", "end_date", "end_reason"), ((key, eve, reason) for key in ends))
    insert_rows(
        Appointment,
        (*KEPT, "position_id", "unit_id", "end_date", "end_reason", "carried_from_id"),
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
                position_id = (was.before ->> 'position_id')::bigint, decision = was.before ->> 'decision',
                changed_at = clock_timestamp()
            FROM history.change AS was
            WHERE was.key = post.id AND was.act_id = %s
                AND was.table_name = 'cadres_appointment' AND was.operation = 'U'
            """,
            [act.pk],
        )
