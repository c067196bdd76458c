"""What a reorganisation touches of training: quotas, classes, enrolments, submissions that still go on on its day."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from cadres.models import Official, PlannedPost, UnitVersion
from cadres.reorganisation import Line, plan, touched
from courses.models import (
    Certificate,
    ClassQuota,
    DistrictSubmission,
    Enrolment,
    NeedCampaign,
    TrainingClass,
    TrainingMeasure,
    UnitDistance,
    YearMeasure,
)
from courses.needs.campaigns import open_campaign
from tests import province
from tests.builders import (
    begin_data,
    it_is,
    make_class,
    make_enrolment,
    make_institution,
    make_programme,
    make_qualification,
    position_of,
)
from tests.cadres.reorganisation.test_reorganise import DAY, EVE, KNOWN, TWO_LEVELS, World, reorganise
from tests.conftest import client_of, rolled_back

pytestmark = pytest.mark.django_db

LINES = [Line("Dòng 2", "A", "Xã A", "N", "Xã Mới", "commune", "D1", "NQ 1")]


def counted() -> dict[str, int]:
    return {one.kind: one.count for one in touched(plan(LINES, DAY))}


@pytest.mark.parametrize(("end", "is_touched"), [(EVE, False), (DAY, True), (DAY + timedelta(days=1), True)])
def test_a_class_is_touched_that_ends_on_the_day_or_later(end, is_touched):
    world = World()
    training_class = make_class(
        place=world.units["A"], start_date=date(2018, 6, 1), end_date=end, state=TrainingClass.State.RUNNING
    )
    ClassQuota.objects.create(training_class=training_class, district=world.units["A"], seats=3)
    ClassQuota.objects.create(training_class=training_class, district=world.units["B"], seats=4)
    make_enrolment(world.people["A"], training_class)
    make_enrolment(world.people["B"], training_class)
    assert counted() == ({"lớp học": 1, "chỉ tiêu của đơn vị": 1, "lượt học": 1} if is_touched else {})


def test_what_is_over_is_not_touched_and_the_page_tells_the_rest(province_staff):
    world = World()
    cancelled = make_class(place=world.units["A"], start_date=DAY, end_date=DAY, state=TrainingClass.State.CANCELLED)
    make_enrolment(world.people["A"], cancelled, Enrolment.State.NOMINATED)
    campaign = NeedCampaign.objects.create(title="Đợt 2019", year=2019, opens_on=date(2018, 6, 1), closes_on=DAY)
    for code, state in (("A", "draft"), ("B", "draft")):
        DistrictSubmission.objects.create(campaign=campaign, district=world.units[code], deadline=DAY, state=state)
    assert counted() == {"bản đăng ký của đơn vị": 1}
    file = "effective_on,predecessor_code,successor_code,successor_name,successor_parent\n2018-07-01,A,N,Xã Mới,D1"
    sent = {"file": SimpleUploadedFile("a.csv", file.encode()), "day": "2018-07-01"}
    page = client_of(province_staff).post(reverse("cadres:reorganisation-list"), sent).content.decode()
    assert "bản đăng ký của đơn vị đang có hiệu lực" in page
    DistrictSubmission.objects.update(state="accepted")
    assert counted() == {}


def test_distances_from_and_to_a_unit_that_ends_are_named_to_be_entered_anew():
    world = World()
    UnitDistance.objects.create(unit=world.units["A"], place=world.units["B"], km=12)
    UnitDistance.objects.create(unit=world.units["B"], place=world.units["A"], km=12)
    UnitDistance.objects.create(unit=world.units["A"], place=world.units["C"], km=30, end_date=EVE)
    UnitDistance.objects.create(unit=world.units["B"], place=world.units["C"], km=7)
    told = {(one.kind, one.by, one.count) for one in touched(plan(LINES, DAY))}
    assert told == {("khoảng cách đến nơi học", "xã", 1), ("khoảng cách đến nơi học", "nơi mở lớp", 1)}


def test_lists_of_a_day_without_districts_are_narrowed_to_a_former_district(province_staff):
    province.build()
    reorganise(KNOWN, TWO_LEVELS)
    it_is(TWO_LEVELS)
    for name in ("Lý Thị Lan", "Lù Seo Dơ"):
        official = Official.objects.get(full_name=name)
        make_qualification(official, "state_management", "CHUA")
        unit = official.appointments.get(end_date=None).unit
        PlannedPost.objects.create(official=official, position=position_of("CT_UBND"), unit=unit, start_date=TWO_LEVELS)
    client = client_of(province_staff)
    lists = (
        "cadres:official-list",
        "courses:need-people",
        "courses:yearly-hours",
        "courses:planned-list",
    )
    of_figures = ("courses:needs", "cadres:review")
    for name in (*lists, *of_figures):
        page = client.get(reverse(name)).content.decode()
        assert "Huyện cũ" in page, name
        if name not in of_figures:
            assert {"Lý Thị Lan", "Lù Seo Dơ"} == {one for one in ("Lý Thị Lan", "Lù Seo Dơ") if one in page}, name
            narrowed = client.get(reverse(name), {"huyen_cu": "085"}).content.decode()
            assert ("Lý Thị Lan" in narrowed, "Lù Seo Dơ" in narrowed) == (True, False), name
            assert "Xã Mường Khương" not in narrowed, name  # no commune of another is offered either
    counted = client.get(reverse("courses:needs"), {"huyen_cu": "085"})
    assert "huyen_cu=085" in counted.context["everybody"]
    of_2015 = client.get(reverse("courses:need-people"), {"ngay": "2015-12-31"}).content.decode()
    assert "Huyện cũ" not in of_2015


LAN, DO = "Lý Thị Lan", "Lù Seo Dơ"  # of the former Bắc Hà (085), and of another former district
BOTH_ERAS = (date(2015, 3, 2), date(2025, 9, 1))


def taught_before_and_after() -> None:
    """Of each of the two, in each era and where they are then: classes, a certificate, turns to be rewarded and to be
    answered, a measure recorded, one about the tiết of the year."""
    institution = make_institution()
    for first in BOTH_ERAS:
        last = first + timedelta(days=4)
        for name in (LAN, DO):
            official = Official.objects.get(full_name=name)
            unit = official.appointments.as_of(first).get(is_primary=True).unit
            dated = {"place": unit, "start_date": first, "end_date": last, "state": TrainingClass.State.ENDED}
            where = f"{name} {first.year}"
            passed, best, failed = (make_class(make_programme(title=f"{what} {where}"), **dated) for what in "ABC")
            State = Enrolment.State  # noqa: N806
            done = make_enrolment(official, passed, State.COMPLETED, grade="good")
            make_enrolment(official, best, State.COMPLETED, grade="excellent")
            make_enrolment(official, failed, State.FAILED)
            Certificate.objects.create(
                enrolment=done, institution=institution, number=f"SH {where}", book_entry=where, issued_on=last
            )
            told = {"on": last, "decision": f"QĐ {where}", "reason": "Thử"}
            TrainingMeasure.objects.create(enrolment=done, kind="reward", **told)
            YearMeasure.objects.create(official=official, year=first.year, kind="reminder", hours=0, least=40, **told)


@pytest.fixture(scope="module")
def both_eras_taught(django_db_setup, django_db_blocker):
    """For this test and all below it in this file."""
    with django_db_blocker.unblock(), rolled_back():
        province.build()
        reorganise(KNOWN, TWO_LEVELS)
        it_is(date(2025, 12, 31))
        taught_before_and_after()
        yield


@pytest.fixture
def two_eras(both_eras_taught, province_staff):
    return client_of(province_staff)


@pytest.mark.parametrize(
    ("name", "words", "told"),
    [
        ("courses:class-list", {}, "A {} {}"),
        ("courses:enrolment-list", {}, "A {} {}"),
        ("courses:certificate-list", {"nam": "tat_ca"}, "SH {} {}"),
        ("courses:measure-list", {"loai": "khen"}, "B {} {}"),
        ("courses:measure-list", {"loai": "xu_ly"}, "C {} {}"),
        ("courses:measure-list", {"loai": "da_ghi"}, "QĐ {} {}"),
        ("courses:measure-list", {"loai": "so_tiet"}, "QĐ {} {}"),
    ],
)
def test_what_has_a_day_of_its_own_is_found_by_the_former_district_of_either_era(two_eras, name, words, told):
    def shown(**more: str) -> set[tuple[str, int]]:
        page = two_eras.get(reverse(name), words | more).content.decode()
        assert "Huyện cũ" in page
        return {(who, day.year) for who in (LAN, DO) for day in BOTH_ERAS if told.format(who, day.year) in page}

    assert shown() == {(LAN, 2015), (LAN, 2025), (DO, 2015), (DO, 2025)}
    if name != "courses:class-list":  # places of classes are told by what is above them
        assert "Đơn vị cấp xã" in two_eras.get(reverse(name), words).content.decode()
    assert shown(huyen_cu="085") == {(LAN, 2015), (LAN, 2025)}
    commune = UnitVersion.objects.as_of(TWO_LEVELS).get(name="Xã Bắc Hà").code
    assert shown(xa=commune) == {(LAN, 2015), (LAN, 2025)}
    assert two_eras.get(reverse(name), words | {"huyen_cu": "999"}).status_code == 400


def test_a_class_held_by_the_district_itself_is_of_the_former_district_and_of_no_commune_of_it(two_eras):
    district = UnitVersion.objects.as_of(BOTH_ERAS[0]).get(code="085").unit
    held = make_class(make_programme(title="Lớp ở huyện"), place=district)
    commune = UnitVersion.objects.as_of(TWO_LEVELS).get(name="Xã Bắc Hà").code

    def shown(**words: str) -> bool:
        page = two_eras.get(reverse("courses:class-list"), words)
        return held in page.context["rows"]

    assert shown()
    assert shown(huyen_cu="085")
    assert not shown(huyen_cu="085", xa=commune)
    assert shown(huyen="085", ngay="2015-12-31")
    assert not shown(huyen_cu="083")


def test_the_register_that_leaves_as_a_file_is_narrowed_and_says_to_what(two_eras):
    words = {"nam": "tat_ca", "huyen_cu": "085"}
    file = two_eras.get(reverse("courses:certificate-file", args=["xlsx"]), words).content
    cells = {cell.value for row in load_workbook(BytesIO(file)).active for cell in row}
    assert "Bộ lọc: Huyện cũ: Huyện Bắc Hà." in cells
    assert (LAN in cells, DO in cells) == (True, False)


def test_the_ticks_of_a_list_narrowed_to_a_former_district_keep_it(two_eras):
    posted = {"loc": "1", "q": "", "huyen_cu": "085", "xa": ""}
    assert "huyen_cu=085" in two_eras.post(reverse("courses:measure-list") + "?loai=khen", posted).url
    hours = two_eras.post(reverse("courses:yearly-hours"), posted | {"ket_qua": "moi"})
    assert "huyen_cu=085" in hours.url


def test_the_units_of_a_campaign_are_narrowed_to_those_of_a_former_district_with_their_sums(two_eras, province_staff):
    campaign = open_campaign(
        title="Đợt 2026", year=2026, opens_on=date(2025, 12, 1), closes_on=date(2025, 12, 31), by=province_staff
    )
    address = reverse("courses:campaign-detail", args=[campaign.pk])
    names = {row.name for row in two_eras.get(address).context["page"].paginator.object_list}
    assert {"Xã Bắc Hà", "Xã Mường Khương"} <= names
    page = two_eras.get(address, {"huyen_cu": "085"})
    of_bac_ha = {row.name for row in page.context["rows"]}
    assert "Xã Bắc Hà" in of_bac_ha < names
    assert "Xã Mường Khương" not in of_bac_ha
    assert page.context["total"]["lacking"] == sum(row.lacking for row in page.context["rows"])
    assert "Huyện cũ: Huyện Bắc Hà" in page.content.decode()
    assert [row.name for row in two_eras.get(address, {"q": "bac ha"}).context["rows"]] == ["Xã Bắc Hà"]
    assert "Không có đơn vị nào khớp" in two_eras.get(address, {"q": "khong dau co"}).content.decode()


@pytest.mark.parametrize(("by_commune", "of_the_district"), [(False, {"085"}), (True, {"02839", "02866"})])
def test_a_campaign_of_the_time_of_districts_is_narrowed_to_one_then_and_since(
    two_eras, province_staff, by_commune, of_the_district
):
    first = date(2015, 12, 1)
    campaign = open_campaign(
        title="Đợt 2016", year=2016, opens_on=first, closes_on=first, by_commune=by_commune, by=province_staff
    )
    address = reverse("courses:campaign-detail", args=[campaign.pk])

    def shown(**words: str) -> set[str]:
        return {row.code for row in two_eras.get(address, words).context["page"].paginator.object_list}

    then, since = shown(ngay="2015-12-31", huyen="085"), shown(huyen_cu="085")
    assert of_the_district <= then == since < shown()


def test_who_moved_the_rate_is_told_of_a_former_district_across_the_reorganisation(two_eras):
    address = reverse("reports:movements")
    days = {"tu": "2024-12-31", "ngay": "2025-12-31"}
    for version in UnitVersion.objects.communes().filter(unit__roster_days=None).distinct("unit").order_by("unit"):
        begin_data(version.unit, province.DATA_BEGIN)  # nobody is there, and it is known
    page = two_eras.get(address, days)
    assert "Huyện cũ" in page.content.decode()
    narrowed = two_eras.get(address, days | {"huyen_cu": "085"})
    # Five of the six (no law of 2024 counts the heads of the police) were in Bắc Hà; the three secretaries go on.
    assert (page.context["moved"].before.total, page.context["moved"].after.total) == (6, 3)
    assert (narrowed.context["moved"].before.total, narrowed.context["moved"].after.total) == (5, 2)
    assert "Ai làm thay đổi tỷ lệ: Huyện Bắc Hà" in narrowed.content.decode()
    of_2015 = {"tu": "2015-01-01", "ngay": "2015-12-31"}
    assert "Huyện cũ" not in two_eras.get(address, of_2015).content.decode()
    assert two_eras.get(address, of_2015 | {"huyen_cu": "085"}).context["moved"].after.total == 6
    assert two_eras.get(address, days | {"huyen_cu": "999"}).status_code == 400
