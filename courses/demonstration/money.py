"""What the classes cost: parts of what the norms allow, so that all of it is what the province reported.

More than 31 billion đồng from 2010 to 2015, of which more than 26.8 were local, the rest central.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from random import Random

from courses.demonstration.history import Run
from courses.demonstration.people import LAST_DAY
from courses.demonstration.school import friday_until
from courses.demonstration.staff import NORMS
from courses.models import ClassFunding, FundingSource, Programme, TrainingClass

SPENT = {FundingSource.LOCAL: 26_850_000_000, FundingSource.CENTRAL: 4_570_000_000}
# The part of the norm that the province pays; people in office pay for much of a degree themselves.
SHARE_PAID = {Programme.Kind.DEGREE: 0.42, Programme.Kind.CERTIFICATE: 0.95, Programme.Kind.WORKSHOP: 1.0}
THOUSAND, MILLION = 1_000, 1_000_000


def write_money(
    random: Random,
    runs: list[Run],
    classes: list[TrainingClass],
    *,
    spent_in_all: Mapping[FundingSource, int] = SPENT,
    until: date = LAST_DAY,
) -> None:
    """Write what each class was given and spent from each source; the class that has just ended is not settled."""
    shares = []
    for run in runs:
        kind = Programme.Kind(run.course.programme.kind)
        days = run.course.programme.days * len(run.turns)
        whole = days * NORMS[kind] * SHARE_PAID[kind] * random.uniform(0.9, 1.1)
        central = random.uniform(0.2, 0.7) if random.random() < 0.35 else 0.0
        shares.append({FundingSource.LOCAL: whole * (1 - central), FundingSource.CENTRAL: whole * central})
    settled = [run.issued is not None for run in runs]
    factors = {
        source: amount / sum(share[source] for share, is_settled in zip(shares, settled, strict=True) if is_settled)
        for source, amount in spent_in_all.items()
    }
    rows = []
    for run, row, share, is_settled in zip(runs, classes, shares, settled, strict=True):
        settled_on = min(friday_until(run.end + timedelta(days=random.randint(20, 60))), until)
        for source, amount in share.items():
            spent = round(amount * factors[source] / THOUSAND) * THOUSAND
            if not spent:
                continue
            committed = -(-round(spent * random.uniform(1.0, 1.04)) // MILLION) * MILLION
            funding = ClassFunding(training_class=row, source=source, committed=committed)
            if is_settled:
                funding.spent, funding.settled_on = spent, settled_on
                funding.document = f"Quyết toán số {random.randint(10, 900)}/QT ngày {settled_on:%d/%m/%Y}"
            rows.append(funding)
    ClassFunding.objects.bulk_create(rows, batch_size=2000)
