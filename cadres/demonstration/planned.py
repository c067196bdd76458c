"""Who is planned for the post above: some deputies, for the heads of their commune; invented."""

from datetime import date
from random import Random

from cadres.models import Appointment, PlannedPost, Position

# The post planned for → the post whose holders are.
WAYS = {"BT_DU": "PBT_DU", "CT_UBND": "PCT_UBND", "CT_MTTQ": "CT_HND"}
SHARE = 0.4


def write_planned_posts(seed: object, *, day: date, term: str, end_date: date) -> None:
    """Plan some deputies of the day for the post above, from a decision of its year on to the end of the term."""
    random = Random(f"planned {seed}")
    positions = {position.code: position for position in Position.objects.as_of(day).filter(code__in=WAYS)}
    planned = []
    for code, below in WAYS.items():
        deputies = Appointment.objects.as_of(day).filter(position__code=below, is_primary=True)
        for post in deputies.order_by("pk") if code in positions else ():
            if random.random() < SHARE:
                planned.append(
                    PlannedPost(
                        official_id=post.official_id,
                        position=positions[code],
                        unit_id=post.unit_id,
                        start_date=date(day.year, 3, 1),
                        end_date=end_date,
                        term=term,
                        decision=f"QĐ số {random.randint(100, 900)}-QĐ/HU (minh họa)",
                    )
                )
    PlannedPost.objects.bulk_create(planned)
