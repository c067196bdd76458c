"""People who study for long, of two districts: for what they owe and what follows."""

from datetime import date

from cadres.models import Official
from courses.models import Programme, TrainingClass
from tests.builders import begin_data, make_appointment, make_class, make_official, make_programme, position_of
from tests.conftest import unit_of

TA_VAN_CHU, MUONG_KHUONG = "02851", "02779"  # communes of Bắc Hà and of Mường Khương


def hire(name: str = "Giàng A Dơ", commune: str = TA_VAN_CHU, start_date: date = date(2012, 1, 1), **facts) -> Official:
    unit = unit_of(commune)
    if not unit.roster_days.exists():
        begin_data(unit, date(2010, 1, 1))
    official = make_official(name, **facts)
    make_appointment(official, position_of("CT_UBND"), unit, start_date=start_date)
    return official


def degree_class(start: date = date(2012, 1, 1), end: date = date(2013, 12, 31), **columns) -> TrainingClass:
    """A class of đào tạo of two years."""
    return make_class(make_programme(kind=Programme.Kind.DEGREE, hours=1200), start_date=start, end_date=end, **columns)
