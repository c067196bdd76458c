"""Classes beside the people of the small province (tests/province.py), whose figures can be counted by hand.

Money in đồng, central + local:

| class | programme                  | days                  | completed               | others       | spent       |
|-------|----------------------------|-----------------------|-------------------------|--------------|-------------|
| law   | degree, professional:DH    | 1/3/2011–30/6/2014    | Sử, Hùng                | Lan failed   | 1.000 + 300 |
| agri  | degree, professional:TC    | 3/9/2012–29/8/2014    | Páo                     |              | 0 + 90      |
| lead  | certificate, none, KNLD    | 2/3/2015–6/3/2015     | Sử, Lan, Dơ             | Mỷ absent    | 100 + 200   |
| it    | certificate, it:A, TH      | 4/5/2015–8/5/2015     | Ánh, Hùng, Sùng A Páo   |              | 0 + 31      |
| party | workshop, none, XDD        | 1/6/2015–2/6/2015     | nobody                  | Sử absent    | 0 + 7       |

9 turns of 7 people for 1.100 + 628 = 1.728 đồng.
"""

from datetime import date

from cadres.models import Official
from courses.models import ClassFunding, Enrolment, FundingSource, Programme, TrainingClass
from tests.builders import make_class, make_enrolment, make_programme

FROM, TO = date(2010, 1, 1), date(2015, 12, 31)
COMPLETED, FAILED, ABSENT = Enrolment.State.COMPLETED, Enrolment.State.FAILED, Enrolment.State.ABSENT


def build(people: dict[str, Official]) -> dict[str, TrainingClass]:
    """Write the classes of the table; returns them by the names there."""
    degree, workshop = Programme.Kind.DEGREE, Programme.Kind.WORKSHOP
    named = people.__getitem__
    return {
        "law": run_class(
            make_programme("professional:DH", kind=degree, area="CM"),
            date(2011, 3, 1),
            date(2014, 6, 30),
            completed=[named("Giàng A Sử"), named("Nguyễn Văn Hùng")],
            others={named("Lý Thị Lan"): FAILED},
            money=(1000, 300),
        ),
        "agri": run_class(
            make_programme("professional:TC", kind=degree, area="CM"),
            date(2012, 9, 3),
            date(2014, 8, 29),
            completed=[named("Hoàng Văn Páo")],
            money=(0, 90),
        ),
        "lead": run_class(
            make_programme(area="KNLD"),
            date(2015, 3, 2),
            date(2015, 3, 6),
            completed=[named("Giàng A Sử"), named("Lý Thị Lan"), named("Lù Seo Dơ")],
            others={named("Vàng Thị Mỷ"): ABSENT},
            money=(100, 200),
        ),
        "it": run_class(
            make_programme("it:A", area="TH"),
            date(2015, 5, 4),
            date(2015, 5, 8),
            completed=[named("Trần Thị Ánh"), named("Nguyễn Văn Hùng"), named("Sùng A Páo")],
            money=(0, 31),
        ),
        "party": run_class(
            make_programme(kind=workshop, area="XDD"),
            date(2015, 6, 1),
            date(2015, 6, 2),
            completed=[],
            others={named("Giàng A Sử"): ABSENT},
            money=(0, 7),
        ),
    }


def fund(training_class: TrainingClass, central: int, local: int) -> None:
    for source, spent in ((FundingSource.CENTRAL, central), (FundingSource.LOCAL, local)):
        if spent:
            ClassFunding.objects.create(
                training_class=training_class,
                source=source,
                committed=spent,
                spent=spent,
                settled_on=training_class.end_date,
            )


def run_class(
    programme: Programme,
    start_date: date,
    end_date: date,
    *,
    completed: list[Official],
    others: dict[Official, str] | None = None,
    money: tuple[int, int] = (0, 0),
) -> TrainingClass:
    """A class that has ended."""
    run = make_class(programme, state=TrainingClass.State.ENDED, start_date=start_date, end_date=end_date)
    for official in completed:
        make_enrolment(official, run, COMPLETED)
    for official, state in (others or {}).items():
        make_enrolment(official, run, state)
    fund(run, *money)
    return run
