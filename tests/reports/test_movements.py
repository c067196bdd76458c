"""Who moved the rate between two days of the small province (tests/province.py), and what made them meet the standard.

On 31/12/2014 four of eight are compliant: Sử, Hùng, Dơ and Chín; Mỷ and Ánh are undetermined, Lan and Páo are not.
"""

from collections import Counter
from datetime import date, timedelta
from io import BytesIO
from random import Random
from urllib.parse import quote

import openpyxl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from cadres import registry
from cadres.evaluation import Rulebook
from cadres.models import Appointment, Official, Qualification, SavedView
from cadres.periods import PartialDate
from courses.models import Certificate, Enrolment, TrainingClass
from reports.movements import Cause, Move, gains, movements
from reports.trends import change
from tests import province
from tests.builders import (
    criterion_of,
    level_of,
    make_accepted_field,
    make_appointment,
    make_class,
    make_commune,
    make_enrolment,
    make_institution,
    make_official,
    make_programme,
    make_qualification,
    make_relaxation,
    make_waiver,
    position_of,
)
from tests.conftest import client_of, rolled_back, unit_of
from tests.province import BAC_HA_TOWN, BAN_PHO, DATA_BEGIN, DAY
from tests.reports import naive
from tests.reports.pages import read, text_of
from tests.reports.test_invented_provinces import DAYS, invent

pytestmark = pytest.mark.usefixtures("province_database")

IN_BETWEEN = date(2015, 6, 1)
A_DAY = timedelta(days=1)
PAGE = "/ty-le/thay-doi/?ngay=2015-12-31&tu=2014-12-31"


@pytest.fixture
def people(db) -> dict[str, Official]:
    return province.people()


def moved(before: date = DATA_BEGIN, after: date = DAY, **choices):
    return movements(before, after, criterion=criterion_of(), **choices)


def counts(found) -> dict[str, int]:
    return {move.value: found.count(move) for move in Move if found.count(move)}


def gain_of(official: Official, before: date = DATA_BEGIN, after: date = DAY) -> list[tuple[str, Cause]]:
    found = gains([official.pk], before, after, criterion=criterion_of(), rulebook=Rulebook.load())
    return [(item.dimension.code, item.cause) for item in found[official.pk].settled]


def certify(official: Official, raises_to: str, *, issued_on: date = IN_BETWEEN) -> Certificate:
    """A class completed, its certificate, and the qualification that came of it."""
    run = make_class(make_programme(raises_to), state=TrainingClass.State.ENDED)
    enrolment = make_enrolment(official, run, Enrolment.State.COMPLETED)
    dimension, _, code = raises_to.partition(":")
    qualification = registry.record_qualification(
        official,
        level_of(dimension, code),
        as_of=issued_on,
        awarded=PartialDate(issued_on),
        number="CC-77",
        origin=Qualification.Origin.COURSE,
        by=None,
    )
    return Certificate.objects.create(
        enrolment=enrolment,
        institution=make_institution(),
        number="CC-77",
        book_entry="77",
        issued_on=issued_on,
        signer="Người ký",
        qualification=qualification,
    )


# ---------------------------------------------------------------- who moved


def test_nobody_moved(people):
    found = moved()
    assert counts(found) == {}
    assert (found.before.compliant, found.after.compliant, found.before.total, found.after.total) == (4, 4, 8, 8)


def test_each_move_is_counted_once_and_they_explain_the_difference(people):
    make_qualification(people["Trần Thị Ánh"], "it", "A", awarded=IN_BETWEEN)  # becomes compliant
    registry.revoke(
        people["Nguyễn Văn Hùng"].qualifications.get(level__dimension__code="it"), on=IN_BETWEEN, reason="thử", by=None
    )
    for name, reason in (("Giàng A Sử", "retired"), ("Lý Thị Lan", "resigned")):
        appointment = people[name].appointments.get()
        registry.end_appointment(appointment, end_date=IN_BETWEEN, reason=reason, by=None)
    newcomer = make_official("Cư Seo Vần")
    make_appointment(newcomer, position_of("BT_DU"), unit_of(BAN_PHO), start_date=IN_BETWEEN + A_DAY)
    ready = make_official("Ma Seo Lử")
    make_appointment(ready, position_of("TCA"), unit_of(BAC_HA_TOWN), start_date=IN_BETWEEN)
    for dimension, level in (("education", "THPT"), ("professional", "TC")):
        make_qualification(ready, dimension, level)
    found = moved()
    assert counts(found) == {
        "became": 1, "ceased": 1, "came_compliant": 1, "left_compliant": 1, "came_other": 1, "left_other": 1,
    }  # fmt: skip
    assert found.people[Move.BECAME] == [people["Trần Thị Ánh"].pk]
    assert found.people[Move.CAME_COMPLIANT] == [ready.pk]
    assert found.people[Move.LEFT_OTHER] == [people["Lý Thị Lan"].pk]
    assert found.difference == 1 - 1 + 1 - 1


@pytest.mark.parametrize(
    ("before", "after", "became"),
    [
        (DATA_BEGIN, IN_BETWEEN - A_DAY, 0),
        (DATA_BEGIN, IN_BETWEEN, 1),
        (IN_BETWEEN - A_DAY, IN_BETWEEN, 1),
        (IN_BETWEEN, IN_BETWEEN + A_DAY, 0),
    ],
)
def test_who_became_compliant_did_so_on_the_day_of_the_record(people, before, after, became):
    make_qualification(people["Trần Thị Ánh"], "it", "A", awarded=IN_BETWEEN)
    assert moved(before, after).count(Move.BECAME) == became


def test_only_communes_with_data_on_both_days_count(people):
    late = make_commune(data_begin=DAY)
    make_appointment(make_official(), position_of("BT_DU"), late)
    found = moved()
    assert counts(found) == {}
    assert found.after.total == 8


def test_moves_of_a_scope(people):
    make_qualification(people["Trần Thị Ánh"], "it", "A", awarded=IN_BETWEEN)
    town = Appointment.objects.filter(unit=unit_of(BAC_HA_TOWN))
    assert counts(moved(appointments=lambda day: town)) == {"became": 1}
    assert counts(moved(appointments=lambda day: Appointment.objects.filter(unit=unit_of(BAN_PHO)))) == {}


# ---------------------------------------------------------------- what made them


def test_a_record_that_reaches_the_minimum_made_somebody_compliant(people):
    official = people["Trần Thị Ánh"]
    certificate = certify(official, "it:A")
    found = gains([official.pk], DATA_BEGIN, DAY, criterion=criterion_of(), rulebook=Rulebook.load())[official.pk]
    assert gain_of(official) == [("it", Cause.RECORD)]
    assert found.settled[0].record == certificate.qualification_id
    assert found.is_from_class


def test_a_record_entered_by_hand_is_from_no_class(people):
    official = people["Trần Thị Ánh"]
    record = make_qualification(official, "it", "A", awarded=IN_BETWEEN)
    found = gains([official.pk], DATA_BEGIN, DAY, criterion=criterion_of(), rulebook=Rulebook.load())[official.pk]
    assert [item.record for item in found.settled] == [record.pk]
    assert not found.is_from_class


def test_a_lower_record_of_another_dimension_or_of_before_made_nothing(people):
    """Hoàng Văn Páo lacks THPT and TC: a further SC, an IT certificate and a record of before are not why."""
    official = people["Hoàng Văn Páo"]
    make_qualification(official, "education", "THPT", awarded=IN_BETWEEN)
    make_qualification(official, "professional", "SC", awarded=IN_BETWEEN)
    make_qualification(official, "it", "A", awarded=IN_BETWEEN)
    first = make_qualification(official, "professional", "TC", awarded=IN_BETWEEN)
    make_qualification(official, "professional", "DH", awarded=IN_BETWEEN + A_DAY)
    assert moved().people[Move.BECAME] == [official.pk]
    found = gains([official.pk], DATA_BEGIN, DAY, criterion=criterion_of(), rulebook=Rulebook.load())[official.pk]
    assert [item.dimension.code for item in found.settled] == ["education", "professional"]
    assert found.settled[1].record == first.pk


def test_a_record_in_another_field_of_study_is_not_why(people):
    official = people["Trần Thị Ánh"]
    make_qualification(official, "it", "A", awarded=DATA_BEGIN)
    make_accepted_field(position_of("VP_TK"), "Luật")
    official.qualifications.filter(level__dimension__code="professional").update(field_of_study="Y", field_key="y")
    make_qualification(official, "professional", "TC", awarded=IN_BETWEEN, field_of_study="Nông nghiệp")
    fitting = make_qualification(official, "professional", "TC", awarded=IN_BETWEEN + A_DAY, field_of_study="Luật")
    found = gains([official.pk], DATA_BEGIN, DAY, criterion=criterion_of(), rulebook=Rulebook.load())[official.pk]
    assert [item.record for item in found.settled] == [fitting.pk]


def test_a_waiver_a_lower_minimum_and_another_post_are_told_as_such(people):
    lan = people["Lý Thị Lan"]
    make_waiver(lan, "professional", start_date=IN_BETWEEN)
    assert gain_of(lan) == [("professional", Cause.WAIVER)]
    pao = people["Hoàng Văn Páo"]
    make_relaxation(unit_of(BAC_HA_TOWN), start_date=IN_BETWEEN)  # of education, not of professional
    assert ("education", Cause.OTHER_MINIMUM) in gain_of(pao)
    my = people["Vàng Thị Mỷ"]
    registry.transfer(my, position_of("TCA"), unit_of(BAN_PHO), start_date=IN_BETWEEN, by=None)
    assert ("political_theory", Cause.NOT_ASKED) in gain_of(my)


# ---------------------------------------------------------------- against the naive implementation


@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)
@given(seed=st.integers(0, 2**32), days=st.lists(st.sampled_from(DAYS), min_size=2, max_size=2, unique=True))
def test_moves_agree_with_naive_verdicts_on_invented_provinces(db, seed, days):
    before, after = sorted(days)
    with rolled_back():
        invent(Random(seed))
        rows = naive.Registry()
        comparable = {
            row.unit_id
            for row in rows.versions
            if naive.covers(row, before) and rows.data_have_begun(row.unit_id, before)
        } & {row.unit_id for row in rows.versions if naive.covers(row, after)}
        was, now = (
            {
                person.post.official_id: person.verdict == "compliant"
                for person in naive.judge(rows, day, criterion_of())
                if person.verdict and person.post.unit_id in comparable
            }
            for day in (before, after)
        )
        found = moved(before, after)
        expected = Counter((was.get(official), now.get(official)) for official in was.keys() | now.keys())
        for standing, move in (
            ((False, True), Move.BECAME), ((True, False), Move.CEASED), ((None, True), Move.CAME_COMPLIANT),
            ((True, None), Move.LEFT_COMPLIANT), ((None, False), Move.CAME_OTHER), ((False, None), Move.LEFT_OTHER),
        ):  # fmt: skip
            assert found.count(move) == expected[standing], move
            assert {(was.get(key), now.get(key)) for key in found.people[move]} <= {standing}
        difference = change(before, after, criterion=criterion_of())
        assert (found.before.compliant, found.after.compliant) == (
            difference.before.compliant,
            difference.after.compliant,
        )
        plus = found.count(Move.BECAME) + found.count(Move.CAME_COMPLIANT)
        assert found.difference == plus - found.count(Move.CEASED) - found.count(Move.LEFT_COMPLIANT)
        gained = gains(found.people[Move.BECAME], before, after, criterion=criterion_of(), rulebook=Rulebook.load())
        assert all(gain.settled for gain in gained.values())


# ---------------------------------------------------------------- the page


def test_page_tells_who_became_compliant_and_by_which_class(people, province_staff):
    certificate = certify(people["Trần Thị Ánh"], "it:A")
    text = text_of(read(client_of(province_staff), PAGE))
    assert "1 trong 1 người mới đạt nhờ kết quả lớp học" in text
    assert "Trần Thị Ánh" in text
    assert "số CC-77, từ 01/06/2015" in text
    assert certificate.enrolment.training_class.code in text
    assert "Đạt ngày 31/12/2014 (50,0 % của 8) 4" in text
    assert "= Đạt ngày 31/12/2015 (62,5 % của 8) 5" in text


def test_people_by_what_they_owe_it_to(people, province_staff):
    """Ánh by a class, Lan by a waiver."""
    certify(people["Trần Thị Ánh"], "it:A")
    make_waiver(people["Lý Thị Lan"], "professional", start_date=IN_BETWEEN)
    client = client_of(province_staff)
    assert "1 trong 2 người mới đạt nhờ kết quả lớp học" in text_of(read(client, PAGE))
    for through, name, other in (
        ("class", "Trần Thị Ánh", "Lý Thị Lan"),
        ("record", "Trần Thị Ánh", "Lý Thị Lan"),
        ("waiver", "Lý Thị Lan", "Trần Thị Ánh"),
    ):
        text = text_of(read(client, f"{PAGE}&nhom=became&nho={through}"))
        assert name in text
        assert other not in text


def test_every_move_has_its_list(people, province_staff):
    client = client_of(province_staff)
    registry.end_appointment(people["Giàng A Sử"].appointments.get(), end_date=IN_BETWEEN, reason="retired", by=None)
    text = text_of(read(client, f"{PAGE}&nhom=left_compliant"))
    assert "1 người" in text
    assert "Giàng A Sử" in text
    assert "từ hết ngày 01/06/2015: nghỉ hưu" in text
    for move in Move:
        read(client, f"{PAGE}&nhom={move.value}")


def test_the_list_of_a_move_is_sorted_searched_and_handed_out_as_it_is_shown(people, province_staff):
    client = client_of(province_staff)
    certificate = certify(people["Trần Thị Ánh"], "it:A")
    make_waiver(people["Lý Thị Lan"], "professional", start_date=IN_BETWEEN)

    def names(words: str) -> list[str]:
        return [row.post.official.full_name for row in client.get(f"{PAGE}&nhom=became&{words}").context["rows"]]

    assert names("") == ["Trần Thị Ánh", "Lý Thị Lan"]
    assert names("sap_xep=-ten") == ["Lý Thị Lan", "Trần Thị Ánh"]
    assert names("sap_xep=xa") == ["Lý Thị Lan", "Trần Thị Ánh"]  # Mường Khương (083) before Bắc Hà (085)
    assert names("sap_xep=-xa") == ["Trần Thị Ánh", "Lý Thị Lan"]
    assert names("q=thi lan") == ["Lý Thị Lan"]

    answer = client.get(f"{PAGE}&nhom=became&q=anh&cot=ten&cot=vi_sao&tep=xlsx")
    rows = [
        [str(cell) for cell in row if cell is not None]
        for row in openpyxl.load_workbook(BytesIO(answer.content)).active.values
    ]
    assert ["STT", "Họ và tên", "Nhờ"] in rows
    training_class = certificate.enrolment.training_class
    assert rows[-1][1] == "Trần Thị Ánh"
    assert f"lớp {training_class.programme} ({training_class.code})" in rows[-1][2]
    above = " ".join(cell for row in rows for cell in row)
    for told in (
        "Phạm vi: toàn tỉnh.",
        "Số liệu ngày 31/12/2015.",
        "Tiêu chí: ",
        "So với ngày 31/12/2014",
        "Tìm: anh.",
    ):
        assert told in above
    client.post(
        f"/khung-nhin/luu/?danh_sach=reports:movements&dia_chi={quote('nhom=became&cot=ten&cot=vi_sao')}",
        {"name": "Nhờ đâu"},
    )
    shown = client.get(f"{PAGE}&nhom=ceased&cot=ten&cot=vi_sao&khung_nhin={SavedView.objects.get().pk}")
    assert [head.column.label for head in shown.context["heads"]] == ["Họ và tên", "Còn thiếu"]


def test_home_page_leads_to_it(people, province_staff):
    page = read(client_of(province_staff), "/?ngay=2015-12-31")
    assert "/ty-le/thay-doi/?ngay=2015-12-31&amp;tu=2014-12-31" in page


def test_officer_sees_the_own_district(people, foreign_officer):
    certify(people["Trần Thị Ánh"], "it:A")
    text = text_of(read(client_of(foreign_officer), PAGE))
    assert "Trần Thị Ánh" not in text
    assert "Không có ai mới đạt chuẩn" in text


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/ty-le/thay-doi/?ngay=2015-12-31&tu=2015-12-31", 400),
        ("/ty-le/thay-doi/?ngay=2015-12-31&tu=hôm qua", 400),
        (f"{PAGE}&nhom=khong-co", 400),
        (f"{PAGE}&nho=may-man", 400),
        (f"{PAGE}&nhom=ceased&nho=class", 400),
        (f"{PAGE}&trang=2", 404),
        (f"{PAGE}&huyen=999", 400),
    ],
)
def test_a_wrong_address_is_refused(people, province_staff, address, status):
    read(client_of(province_staff), address, status=status)


def test_days_without_data_say_so(people, province_staff):
    text = text_of(read(client_of(province_staff), "/ty-le/thay-doi/?ngay=2015-12-31&tu=2013-12-31"))
    assert "Chưa so sánh được" in text


def test_number_of_queries_does_not_grow(people, province_staff, django_assert_max_num_queries):
    client = client_of(province_staff)
    for turn in range(2):
        with django_assert_max_num_queries(21):
            read(client, PAGE)
        if turn == 0:
            for number in range(12):
                official = make_official(f"Giàng A {number}")
                make_appointment(official, position_of("TCA"), unit_of(BAN_PHO))
                make_qualification(official, "education", "THPT")
                make_qualification(official, "professional", "TC", awarded=IN_BETWEEN)
            certify(people["Trần Thị Ánh"], "it:A")
