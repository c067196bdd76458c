"""The training of the demonstration province: 2010–2015 as rows, and a present to try the product on.

The people come from cadres.demonstration, with what they learnt. Here the classes are made in which they learnt it, and
what else they took part in, so that the report of the six years shows what the province reported.
"""

from collections.abc import Callable
from random import Random

from django.db import connection, transaction

from cadres import registry
from cadres.history.triggers import unrecorded
from courses.demonstration.accounts import give_institutions
from courses.demonstration.checks import check
from courses.demonstration.history import History
from courses.demonstration.money import write_money
from courses.demonstration.people import LAST_DAY, People
from courses.demonstration.present import Present
from courses.demonstration.quality import write_quality
from courses.demonstration.school import School
from courses.demonstration.staff import Staff
from courses.demonstration.writing import Writer


@transaction.atomic
def build(*, seed: int = 2015, progress: Callable[[str], None] = lambda message: None) -> None:
    """Write the training of the people of cadres.demonstration, who must be there, as must the reference data.

    `progress` is told each step in Vietnamese. The same seed makes the same rows. Raises RuntimeError where the figures
    of the province are missed.
    """
    with unrecorded():
        _build(seed, progress)


def _build(seed: int, progress: Callable[[str], None]) -> None:
    random = Random(f"training {seed}")
    progress("Tạo giảng viên, phòng học, định mức")
    staff = Staff(random)
    staff.write()
    give_institutions()
    progress("Xếp lớp đào tạo, bồi dưỡng 2010–2015")
    people, school = People.load(), School()
    runs = History(random, people, school).build()
    progress("Ghi lớp, kết quả, chứng chỉ, kinh phí")
    classes = Writer(random, school, staff).write(runs)
    registry.drop_statements_overtaken(by=None)
    write_money(random, runs, classes)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # what follows asks the rules, whose queries would be planned for empty tables
    progress("Tạo kế hoạch, nhu cầu và các lớp năm 2016")
    Present(random, people, school, staff).build()
    write_quality(seed, until=LAST_DAY)
    progress("Kiểm tra số liệu đào tạo 2010–2015")
    check()
