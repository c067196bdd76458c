"""The review of the data: of each check somebody who fails it, and somebody who just does not."""

import json
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command

from cadres import registry
from cadres.models import (
    Appointment,
    Official,
    Qualification,
    Requirement,
    RetirementAge,
    SetAside,
    StaffQuota,
    UnitClass,
    UnitVersion,
)
from cadres.periods import PartialDate, Precision
from cadres.review import (
    BY_CODE,
    CHECKS,
    Lens,
    end_set_aside,
    people_found_by,
    places_found_by,
    review,
    review_counts,
    set_aside,
)
from tests.builders import (
    begin_data,
    make_appointment,
    make_commune,
    make_official,
    make_qualification,
    make_zone,
    position_of,
)

pytestmark = pytest.mark.django_db

DAY, TODAY = date(2015, 12, 31), date(2016, 3, 1)
A_DAY = timedelta(days=1)
BORN = PartialDate(date(1980, 3, 4))


@pytest.fixture
def commune():
    """A commune of which nothing is to be said but that its key posts are vacant."""
    unit = make_commune(data_begin=DAY)
    make_zone(unit, 3)
    return unit


def lens(day: date = DAY) -> Lens:
    return Lens.of(None, day, now=TODAY)


def found(code: str, day: date = DAY) -> list[str]:
    """The names of those whom the check finds; it counts as many."""
    rows = list(people_found_by(BY_CODE[code], lens(day)))
    assert review(lens(day)).by_check[code] == len(rows)
    assert all(BY_CODE[code].told(row, lens(day)) is not None for row in rows)
    return sorted(row.official.full_name for row in rows)


def places(code: str, day: date = DAY) -> list[str]:
    """What the check tells of each place that it finds."""
    return [place.told for place in places_found_by(BY_CODE[code], lens(day))]


def holder(name: str, commune, position: str = "VP_TK", *, birth: PartialDate | None = BORN, **facts) -> Official:
    """Somebody in post since 2010, with facts that contradict nothing."""
    appointed = {key: facts.pop(key) for key in ("start_date", "is_primary") if key in facts}
    official = make_official(name, sex=facts.pop("sex", "M"), birth=birth, ethnic=facts.pop("ethnic", "08"))
    for name_of_fact, value in facts.items():
        setattr(official, name_of_fact, value)
    official.save()
    make_appointment(official, position_of(position), commune, **appointed)
    return official


def party(day: date, precision: str = Precision.DAY) -> dict:
    return {"is_party_member": True, "party_joined_on": day, "party_joined_precision": precision}


# ---------------------------------------------------------------- people


def test_who_was_appointed_the_day_before_turning_18_is_found_and_on_that_day_not(commune):
    holder("Non", commune, start_date=date(1998, 3, 3), birth=BORN)
    holder("Đủ", commune, start_date=date(1998, 3, 4), birth=BORN)
    holder("Cùng năm", commune, start_date=date(1998, 1, 1), birth=PartialDate(date(1980, 1, 1), Precision.YEAR))
    assert found("under_18") == ["Non"]


def test_an_appointment_known_to_the_year_may_have_been_on_its_last_day(commune):
    for name, year in (("Non", 1997), ("Có thể đủ", 1998)):
        official = make_official(name, birth=BORN)
        stated = PartialDate(date(year, 1, 1), Precision.YEAR)
        registry.appoint(official, position_of("VP_TK"), commune, start_date=date(2012, 1, 1), stated=stated, by=None)
    assert found("under_18") == ["Non"]


def test_who_joined_the_party_the_day_before_turning_18_is_found_and_on_that_day_not(commune):
    holder("Non", commune, **party(date(1998, 3, 3)))
    holder("Đủ", commune, **party(date(1998, 3, 4)))
    holder("Cùng tháng", commune, **party(date(1998, 3, 1), Precision.MONTH))
    assert found("party_under_18") == ["Non"]


def test_a_record_awarded_before_birth_is_found_and_on_the_day_of_birth_not(commune):
    before = make_qualification(holder("Trước", commune), "it", "A", awarded=date(1980, 3, 4))
    make_qualification(holder("Cùng ngày", commune), "it", "A", awarded=date(1980, 3, 4))
    same_year = PartialDate(date(1980, 1, 1), Precision.YEAR)
    make_qualification(holder("Cùng năm", commune), "it", "A", awarded=same_year)
    error = make_qualification(holder("Ghi nhầm", commune), "it", "A", awarded=date(1980, 3, 4), is_error=True)
    # A birth that is corrected, or an earlier release, leaves such: the registry itself refuses them.
    Qualification.objects.filter(pk__in=(before.pk, error.pk)).update(awarded_on=date(1980, 3, 3))
    assert found("award_before_birth") == ["Trước"]
    assert found("award_in_future") == []
    (row,) = people_found_by(BY_CODE["award_before_birth"], lens())
    assert BY_CODE["award_before_birth"].told(row, lens()) == "Sinh 04/03/1980, {} cấp 03/03/1980".format(
        "Chứng chỉ A hoặc ứng dụng CNTT cơ bản"
    )


def test_a_record_awarded_tomorrow_is_found_and_today_not(commune):
    make_qualification(holder("Mai", commune), "it", "A", awarded=TODAY + A_DAY)
    make_qualification(holder("Hôm nay", commune), "it", "A", awarded=TODAY)
    assert found("award_in_future") == ["Mai"]
    assert found("award_before_birth") == []


def test_a_date_after_today_or_before_birth_is_found(commune):
    recruited = {"recruited_precision": "day"}
    holder("Mai", commune, recruited_on=TODAY + A_DAY, **recruited)
    holder("Hôm nay", commune, recruited_on=TODAY, **recruited)
    holder("Trước khi sinh", commune, recruited_on=date(1980, 3, 3), **recruited)
    holder("Ngày sinh", commune, recruited_on=date(1980, 3, 4), **recruited)
    holder("Năm sinh", commune, insurance_since=date(1980, 1, 1), insurance_precision="year")
    holder("Đảng mai", commune, **party(TODAY + A_DAY))
    assert found("impossible_date") == ["Mai", "Trước khi sinh", "Đảng mai"]


def test_twelve_digits_agree_with_birth_and_sex_or_are_found(commune):
    for name, number, sex, birth in (
        ("Nam", "010080000001", "M", date(1980, 3, 4)),
        ("Nam mang số của nữ", "010180000002", "M", date(1980, 3, 4)),
        ("Nữ", "010180000003", "F", date(1980, 3, 4)),
        ("Số của năm 1981", "010081000004", "M", date(1980, 3, 4)),
        ("Số của năm 2080", "010280000005", "M", date(1980, 3, 4)),
        ("Nam sinh năm 2001", "010201000006", "M", date(2001, 3, 4)),
        ("Nữ sinh năm 2001", "010301000007", "F", date(2001, 3, 4)),
        ("Không ngày sinh", "010081000008", "M", None),  # nothing to compare with
        ("Không giới tính", "010180000009", "", date(1980, 3, 4)),
        ("Chín chữ số", "063180000", "M", date(1980, 3, 4)),  # nine digits say nothing
    ):
        official = holder(name, commune, sex=sex, birth=PartialDate(birth) if birth else None, start_date=DAY)
        kind = "CCCD" if len(number) == 12 else "CMND"
        registry.issue_identifier(official, kind=kind, number=number, start_date=date(2014, 1, 2), by=None)
    assert found("number_contradicts") == ["Nam mang số của nữ", "Số của năm 1981", "Số của năm 2080"]
    assert found("number_missing") == []
    assert found("number_missing", date(2014, 1, 1)) == []  # before the data begin nobody is looked at


def test_a_number_is_missing_until_the_day_it_begins(commune):
    begin_data(commune, date(2014, 1, 1))
    official = holder("Người", commune)
    registry.issue_identifier(official, kind="CMND", number="063000111", start_date=date(2014, 6, 2), by=None)
    assert found("number_missing", date(2014, 6, 1)) == ["Người"]
    assert found("number_missing", date(2014, 6, 2)) == []


def test_two_records_of_one_name_and_day_of_birth_are_found_and_of_one_year_not(commune):
    holder("Lý Thị Mây", commune)
    other = holder("Lý Thị May", commune)  # folded alike
    holder("Lý Thị Mây", commune, birth=PartialDate(date(1980, 3, 5)))
    for _ in range(2):
        holder("Vàng A Sử", commune, birth=PartialDate(date(1980, 1, 1), Precision.YEAR))
    assert found("same_person") == ["Lý Thị May", "Lý Thị Mây"]
    registry.end_appointment(
        other.appointments.get(), end_date=DAY - A_DAY, reason=Appointment.EndReason.RESIGNED, by=None
    )
    assert found("same_person") == ["Lý Thị Mây"]  # the other is still on file


def test_schooling_below_what_the_profession_presupposes_is_found(commune):
    for name, schooling, profession in (
        ("TC sau tiểu học", "TH", "TC"),
        ("TC sau THCS", "THCS", "TC"),
        ("SC sau tiểu học", "TH", "SC"),
        ("ĐH sau THCS", "THCS", "DH"),
        ("ĐH sau THPT", "THPT", "DH"),
    ):
        official = holder(name, commune)
        make_qualification(official, "education", schooling)
        make_qualification(official, "professional", profession)
    make_qualification(holder("Chưa rõ học vấn", commune), "professional", "DH")
    assert found("schooling_low") == ["TC sau tiểu học", "ĐH sau THCS"]


def test_a_required_dimension_without_a_record_is_found(commune):
    full = holder("Đủ", commune)
    for dimension, level in (("education", "THPT"), ("professional", "TC"), ("it", "A")):
        make_qualification(full, dimension, level)
    lacking = holder("Thiếu", commune)
    for dimension, level in (("education", "THPT"), ("professional", "CDT")):  # known, and too low: that is no gap
        make_qualification(lacking, dimension, level)
    assert found("no_record") == ["Thiếu"]
    (row,) = people_found_by(BY_CODE["no_record"], lens())
    assert BY_CODE["no_record"].told(row, lens()) == "Tin học"


def test_what_is_not_known_of_a_person_is_found(commune):
    holder("Đủ", commune)
    holder("Không ngày sinh", commune, birth=None)
    holder("Không giới tính", commune, sex="")
    holder("Không dân tộc", commune, ethnic="")
    assert found("birth_missing") == ["Không ngày sinh"]
    assert found("sex_missing") == ["Không giới tính"]
    assert found("ethnic_group_missing") == ["Không dân tộc"]


def test_who_is_past_the_last_day_of_work_is_found_and_on_that_day_is_retiring(commune):
    begin_data(commune, date(2014, 1, 1))
    holder("Ông", commune, birth=PartialDate(date(1955, 3, 4)))  # works to 31/03/2015
    last = date(2015, 3, 31)
    assert (found("retired", last), found("retiring", last)) == ([], ["Ông"])
    assert (found("retired", last + A_DAY), found("retiring", last + A_DAY)) == (["Ông"], [])
    assert found("retiring", date(2014, 3, 31)) == ["Ông"]
    assert found("retiring", date(2014, 3, 30)) == []


def test_an_age_that_begins_within_the_year_to_come_tells_who_retires_by_it(commune):
    holder("Ông", commune, birth=PartialDate(date(1961, 10, 4)))  # 60 years 3 months in 2022, so 60 years 6 months
    assert found("retiring", date(2021, 4, 30)) == ["Ông"]
    assert found("retiring", date(2021, 4, 29)) == []


def test_the_counts_go_by_the_law_and_the_clock_as_they_are_when_asked(commune):
    old = holder("Ông", commune, birth=PartialDate(date(1955, 7, 4)))
    make_qualification(old, "education", "THPT")
    make_qualification(old, "professional", "TC")
    make_qualification(old, "it", "A", as_of=TODAY, awarded=TODAY + A_DAY)
    counted = ("retired", "no_record", "award_in_future")
    of_it = Requirement.objects.filter(dimension__code="it")
    to_come = list(of_it)
    of_it.delete()

    def counts(now: date = TODAY) -> list[int]:
        found = review(Lens.of(None, DAY, now=now)).by_check
        return [found[code] for code in counted]

    assert counts() == [1, 0, 1]
    assert counts(TODAY + A_DAY) == [1, 0, 0]
    RetirementAge.objects.update(men_years=61)
    assert counts() == [0, 0, 1]
    Requirement.objects.bulk_create(to_come)  # of a dimension for which nothing has asked so far
    assert counts() == [0, 1, 1]
    set_aside(BY_CODE["no_record"], old, until=DAY + A_DAY, reason="thử", day=DAY, by=None)
    assert counts() == [0, 0, 1]
    other = make_commune(data_begin=DAY)
    assert review_counts(DAY, [other.pk], now=TODAY)["award_in_future"] == 0


def test_a_term_has_ended_when_its_last_year_is_over(commune):
    official = holder("Bí thư", commune, "BT_DU")
    official.appointments.update(term="2010 - 2015")
    official.appointments.update(term="2010-2015")
    begin_data(commune, date(2016, 1, 1))
    assert found("term_ended", DAY) == []
    assert found("term_ended", DAY + A_DAY) == ["Bí thư"]
    official.appointments.update(term="khóa XII")
    assert found("term_ended", DAY + A_DAY) == []


def test_who_was_appointed_lacking_is_found_for_a_year_and_longer_only_with_the_reason_told(commune):
    begin_data(commune, date(2014, 1, 1))
    starts = {
        "Cũ": date(2014, 12, 31),
        "Mới": date(2015, 1, 1),
        "Đạt": date(2015, 1, 1),
        "Được xác nhận": date(2014, 1, 1),
    }
    for name, start in starts.items():
        official = holder(name, commune, start_date=start)
        for dimension, level in (("education", "THPT"), ("professional", "TC"), ("it", "A")):
            make_qualification(official, dimension, level if name == "Đạt" or dimension != "it" else "KHONG")
    assert found("appointed_lacking") == ["Mới"]
    Appointment.objects.filter(official__full_name="Được xác nhận").update(lacking_reason="Xã thiếu người")
    assert found("appointed_lacking") == ["Mới", "Được xác nhận"]
    told = {
        row.official.full_name: BY_CODE["appointed_lacking"].told(row, lens())
        for row in people_found_by(BY_CODE["appointed_lacking"], lens())
    }
    assert told["Mới"] == "Bổ nhiệm 01/01/2015, chưa đạt: Tin học; không có xác nhận"
    assert "đã xác nhận vẫn bổ nhiệm: Xã thiếu người" in told["Được xác nhận"]


def test_who_was_appointed_before_the_standard_came_into_force_was_not_appointed_lacking(commune):
    begin_data(commune, date(2012, 12, 1))
    for name, start in (("Trước", date(2012, 12, 14)), ("Sau", date(2012, 12, 15))):
        make_qualification(holder(name, commune, start_date=start), "professional", "CDT")
    assert found("appointed_lacking", date(2012, 12, 31)) == ["Sau"]


def test_who_is_left_in_a_unit_or_position_that_has_ended_is_found(commune):
    begin_data(commune, date(2023, 7, 1))
    holder("Công an", commune, "TCA")  # the position ends with 31/07/2023
    assert found("left_behind", date(2023, 7, 31)) == []
    assert found("left_behind", date(2023, 8, 1)) == ["Công an"]


# ---------------------------------------------------------------- posts and communes


def test_a_second_holder_of_a_post_of_one_person_is_found_a_concurrent_one_too(commune):
    holder("Một", commune, "CT_UBND")
    holder("Phó một", commune, "PCT_UBND")
    holder("Phó hai", commune, "PCT_UBND")
    assert places("two_holders") == []
    secretary = holder("Hai", commune, "BT_DU")
    beside = make_appointment(secretary, position_of("CT_UBND"), commune, start_date=DAY, is_primary=False)
    assert places("two_holders", DAY - A_DAY) == []
    assert places("two_holders") == ["2 người giữ: Một; Hai"]
    assert (review(lens()).by_check["two_holders"], places("shared_post")) == (1, [])
    beside.shared_reason = "Bàn giao"
    beside.save()
    assert places("two_holders") == []
    assert places("shared_post") == ["2 người giữ: Một; Hai (Bàn giao)"]
    holder("Ba", commune, "CT_UBND")
    assert places("two_holders") == ["3 người giữ: Một; Ba; Hai (Bàn giao)"]


def test_a_key_post_that_nobody_holds_is_vacant_and_one_held_concurrently_is_not(commune):
    key = ("BT_DU", "PBT_DU", "PCT_HDND", "CT_UBND", "PCT_UBND")
    assert review(lens()).by_check["vacancy"] == len(key) + 1
    people = [holder(code, commune, code) for code in key]
    assert places("vacancy") == ["Chủ tịch HĐND"]
    make_appointment(people[0], position_of("CT_HDND"), commune, start_date=DAY, is_primary=False)
    assert places("vacancy") == []
    registry.end_appointment(
        people[1].appointments.get(), end_date=DAY - A_DAY, reason=Appointment.EndReason.DIED, by=None
    )
    assert places("vacancy") == ["Phó Bí thư Đảng ủy"]
    assert review(lens()).by_check["vacancy"] == 1


def test_more_people_than_the_class_allows_are_found_and_without_a_class_none(commune):
    StaffQuota.objects.filter(kind="commune", size_class=3).update(most=2)
    for number in range(3):
        holder(f"Người {number}", commune)
    holder("Không chuyên trách", commune, "KCT")
    assert places("over_quota") == []
    given = UnitClass.objects.create(unit=commune, size_class=3, start_date=DAY)
    assert places("over_quota") == ["3 người, nhiều nhất 2"]
    assert places("over_quota", DAY - A_DAY) == []
    StaffQuota.objects.filter(kind="commune", size_class=3).update(most=3)
    assert places("over_quota") == []
    given.delete()


def test_a_zone_is_missing_until_its_first_day():
    unit = make_commune()
    make_zone(unit, 3, start_date=DAY)
    assert len(places("zone_missing", DAY - A_DAY)) == 1
    assert places("zone_missing") == []


def test_a_roster_is_old_when_it_is_more_than_twelve_months_away(commune):
    assert places("roster_old", date(2016, 12, 31)) == []
    assert places("roster_old", date(2017, 1, 1)) == ["Danh sách gần nhất ngày 31/12/2015"]


# ---------------------------------------------------------------- set aside


def test_what_is_set_aside_is_not_counted_to_the_last_day_and_then_is_again(commune, province_staff):
    begin_data(commune, date(2014, 1, 1))
    official, check = holder("Không dân tộc", commune, ethnic=""), BY_CODE["ethnic_group_missing"]
    last = DAY + timedelta(days=9)
    row = set_aside(check, official, until=last, reason="Chờ trích lục", day=DAY, by=province_staff)
    assert found(check.code, DAY - A_DAY) == ["Không dân tộc"]
    assert (found(check.code, DAY), found(check.code, last)) == ([], [])
    assert found(check.code, last + A_DAY) == ["Không dân tộc"]
    assert found("number_missing") == ["Không dân tộc"]  # only this check

    end_set_aside(row, day=DAY + A_DAY, by=province_staff)
    assert (found(check.code, DAY), found(check.code, DAY + A_DAY)) == ([], ["Không dân tộc"])
    end_set_aside(row, day=DAY, by=province_staff)
    assert not SetAside.objects.exists()


@pytest.mark.parametrize(
    ("until", "reason", "told"),
    [
        (DAY, "  ", "Hãy ghi lý do để sang một bên."),
        (DAY - A_DAY, "Chờ", "Ngày kết thúc đã qua: hãy chọn từ ngày 31/12/2015 trở đi."),
        (None, "Chờ", "Hãy ghi để sang một bên đến hết ngày nào."),
    ],
)
def test_nothing_is_set_aside_without_a_reason_or_with_an_end_in_the_past(commune, until, reason, told):
    with pytest.raises(ValidationError, match=told):
        set_aside(
            BY_CODE["sex_missing"], holder("Người", commune, sex=""), until=until, reason=reason, day=DAY, by=None
        )
    assert not SetAside.objects.exists()


# ---------------------------------------------------------------- all of them


def test_every_check_has_a_code_of_its_own_and_says_where_it_is_mended():
    assert len(BY_CODE) == len(CHECKS)
    assert all(check.mends and check.why.endswith(".") for check in CHECKS)


def test_a_province_is_reviewed_in_no_more_than_twelve_queries(commune, django_assert_max_num_queries):
    for number in range(5):
        holder(f"Người {number}", commune, sex="")
    with django_assert_max_num_queries(12):
        assert review(lens()).by_check["sex_missing"] == 5


def test_the_counts_of_some_communes_are_those_of_their_people_only(commune):
    other = make_commune(data_begin=DAY)
    holder("Ở đây", commune, sex="")
    holder("Nơi khác", other, sex="")
    counts = review_counts(DAY, [commune.pk], now=TODAY)
    assert (counts["sex_missing"], counts["zone_missing"]) == (1, 0)
    assert review_counts(DAY, [commune.pk, other.pk], now=TODAY)["sex_missing"] == 2


def test_the_command_tells_every_check_and_divides_by_district_or_commune(commune, capsys):
    version = UnitVersion.objects.get(unit=commune)
    holder("Không giới tính", commune, sex="")
    call_command("review", "--as-of", "2015-12-31", "--unit", version.code, "--by", "commune", "--json")
    told = json.loads(capsys.readouterr().out)
    assert told["as_of"] == "2015-12-31"
    assert [check["code"] for check in told["checks"]] == [check.code for check in CHECKS]
    assert {"code": "sex_missing", "name": "Chưa có giới tính", "severity": "warning", "count": 1} in told["checks"]
    (group,) = told["groups"]
    assert (group["code"], group["name"]) == (version.code, version.name)
    assert sum(check["count"] for check in group["checks"]) == sum(check["count"] for check in told["checks"])
