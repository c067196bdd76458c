"""The posts and texts from 1/7/2025 on, beside those that end the day before; and what pages say of them."""

import json
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse

from cadres.models import Position, Qualification, Requirement, Standard, User
from cadres.reference_data import load_standards
from cadres.standards.checking import lines_that_count, mark_checked
from reports.rates import rate_on, rates_by, uncounted_on
from tests.builders import (
    begin_data,
    criterion_of,
    level_of,
    make_appointment,
    make_official,
    make_qualification,
    position_of,
)
from tests.conftest import client_of, unit_of
from tests.reports.pages import read, text_of

pytestmark = pytest.mark.django_db

FIRST = date(2025, 7, 1)
LAST = FIRST - timedelta(days=1)
GO_ON = {"BT_DU", "PBT_DU", "CT_HDND", "PCT_HDND", "CT_UBND", "PCT_UBND", "CT_MTTQ", "CHT_QS"}


def judged_codes(day: date) -> set[str]:
    return set(Position.objects.as_of(day).exclude(group="non_specialist").values_list("code", flat=True))


def test_posts_that_go_on_are_there_on_both_days_and_the_others_on_one():
    before, after = judged_codes(LAST), judged_codes(FIRST)
    assert before & after == GO_ON
    assert (len(before), len(after)) == (17, 8 + 37)
    assert {"VP_TK", "CT_HND"} <= before - after
    assert {"CVP", "CV_TC", "PCT_MTTQ", "CV_DU"} <= after - before
    heads = Position.objects.as_of(FIRST).filter(subgroup="head", holders=1).values_list("code", flat=True)
    assert set(heads) == {"CVP", "TP_KT", "TP_VHXH", "GD_HCC", "CVP_DU", "TB_XDD", "CN_UBKT"}


def test_each_group_is_judged_by_its_text_of_the_day_and_of_the_day_after():
    codes = {day: set(Standard.objects.as_of(day).values_list("code", flat=True)) for day in (LAST, FIRST)}
    assert codes == {LAST: {"R2023_CB", "R2023_CC"}, FIRST: {"R2025_CB", "R2025_CC"}}
    assert not Requirement.objects.filter(standard__code__startswith="R2025").exclude(checked_at=None).exists()


@pytest.fixture
def people() -> None:
    """Three in Xã Bắc Hà: its secretary, before that of Bản Phố, with a degree, TC and no course for CVC; a head of a
    room with all that is asked; the head of the Party's office, of whom nothing is."""
    commune, former = unit_of("02839", FIRST), unit_of("02866", LAST)
    begin_data(commune, FIRST)
    begin_data(former, date(2020, 12, 31))
    secretary, head, of_party = (make_official(name) for name in ("Lý A Sử", "Vàng Thị Mai", "Hoàng Văn Tá"))
    held = {"education": "THPT", "professional": "DH", "political_theory": "TC"}
    for official, levels in ((secretary, held), (head, held | {"state_management": "CV"}), (of_party, held)):
        for dimension, level in levels.items():
            make_qualification(official, dimension, level)
    make_appointment(secretary, position_of("BT_DU"), former, start_date=date(2020, 7, 1), end_date=LAST)
    make_appointment(secretary, position_of("BT_DU"), commune, start_date=FIRST)
    make_appointment(head, position_of("TP_KT"), commune, start_date=FIRST)
    make_appointment(of_party, position_of("CVP_DU"), commune, start_date=FIRST)


def test_who_met_the_text_of_the_last_day_is_judged_by_the_next_on_the_first(people):
    full = criterion_of("FULL")
    then, now = rate_on(LAST, criterion=full), rate_on(FIRST, criterion=full)
    assert (then.total, then.compliant) == (1, 1)
    assert (now.total, now.compliant, now.not_compliant, now.in_transition) == (2, 1, 1, 0)
    assert {group.code: group.rate.total for group in rates_by("position", day=FIRST, criterion=full)} == {
        "BT_DU": 1,
        "TP_KT": 1,
    }
    (uncounted,) = uncounted_on(FIRST, criterion=full)
    assert (uncounted.group, uncounted.people, uncounted.titles) == ("civil_servant", 1, ("Chánh Văn phòng Đảng ủy",))
    assert uncounted_on(LAST, criterion=full) == []
    make_appointment(make_official("Giàng A Páo"), position_of("CV_NV"), unit_of("02839", FIRST), start_date=FIRST)
    (by_theory,) = uncounted_on(FIRST, criterion=criterion_of("POLITICAL"))
    assert by_theory.titles == ("Chuyên viên nội vụ", "Chánh Văn phòng Đảng ủy")


def test_the_text_of_2023_gives_time_until_it_ends_and_not_a_day_longer(people):
    Qualification.objects.filter(level__dimension__code="political_theory").update(
        level=level_of("political_theory", "SC")
    )
    full = criterion_of("FULL")
    assert (rate_on(LAST, criterion=full).not_compliant, rate_on(LAST, criterion=full).in_transition) == (1, 1)
    assert rate_on(FIRST, criterion=full).in_transition == 0
    named = rate_on(FIRST, criterion=full, standards=[Standard.objects.get(code="R2023_CB")])
    assert named.in_transition == 0


def test_pages_and_files_say_who_is_in_no_total_and_that_nothing_was_compared(people, province_staff: User):
    client = client_of(province_staff)
    addresses = [reverse(name) + f"?ngay={FIRST}" for name in ("reports:home", "reports:rates")]
    for address in addresses:
        text = text_of(read(client, address))
        assert "1 công chức không nằm trong tổng số" in text
        assert "(Chánh Văn phòng Đảng ủy)" in text
        assert "Chưa có tiêu chuẩn nào của ngày 01/07/2025 được đối chiếu với nguyên văn" in text
    assert "1 / 2 người" in text_of(read(client, addresses[0]))
    out = StringIO()
    call_command("rates", "--as-of", str(FIRST), "--json", stdout=out)
    assert json.loads(out.getvalue())["uncounted"] == 1
    mark_checked(lines_that_count(FIRST)[:1], source="Bản ký số", by=province_staff)
    for address in addresses:
        text = text_of(read(client, address))
        assert "Chưa có tiêu chuẩn nào" not in text
        assert "yêu cầu chưa được đối chiếu" in text


def test_a_text_of_the_provinces_own_is_not_joined_by_ours():
    Standard.objects.filter(code="R2025_CB").delete()
    own = Standard.objects.create(
        code="TINH", name="Của tỉnh", legal_basis="QĐ", position_group="cadre", start_date=date(2025, 9, 1)
    )
    load_standards()
    assert not Standard.objects.filter(code="R2025_CB").exists()
    own.delete()
    load_standards()
    assert Requirement.objects.filter(standard__code="R2025_CB").count() == 25
