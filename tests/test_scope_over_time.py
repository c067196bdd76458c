"""Scope over time: who has left a unit, or come into it; a commune that went to another district.

Lý Thị Lan leaves thị trấn Bắc Hà (huyện Bắc Hà) for Thanh Bình (huyện Mường Khương); the commune Bản Phố goes from the
one district to the other. What the officer of Bắc Hà, who has lost both, may still see and do, and what the one of
Mường Khương, who has got them.
"""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cadres import registry
from cadres.models import ImportBatch, Official, UnitVersion, User
from cadres.roster.batch import commit, compare_again, keep_file, read_file, stage
from cadres.roster.decisions import another_person, decide_rows, differences, same_person
from courses.models import DistrictSubmission, Enrolment, NeedCampaign, RegisteredNeed, TrainingClass
from courses.needs.campaigns import register_needs, unregister
from tests import province
from tests.builders import it_is, make_class, make_enrolment, make_programme, make_qualification, position_of
from tests.cadres.workbooks import flat
from tests.conftest import DAY, client_of, unit_of
from tests.lists import begin_act
from tests.province import BAN_PHO, THANH_BINH

pytestmark = pytest.mark.django_db

LEFT = date(2015, 5, 31)
MOVED = LEFT + timedelta(days=1)


@pytest.fixture
def people(db) -> dict[str, Official]:
    people = province.build()
    it_is(DAY)
    return people


@pytest.fixture
def lan(people) -> Official:
    """Who has left Bắc Hà."""
    lan = people["Lý Thị Lan"]
    registry.transfer(lan, position_of("CT_UBND"), unit_of(THANH_BINH), start_date=MOVED, by=None)
    return lan


@pytest.fixture
def ban_pho(people) -> UnitVersion:
    """The commune as it is since it lies in Mường Khương."""
    there = UnitVersion.objects.as_of(DAY).get(code=BAN_PHO)
    end, there.end_date = there.end_date, LEFT
    there.save()
    there.pk, there.parent, there.start_date, there.end_date = None, unit_of("083"), MOVED, end
    there.save()
    return there


@pytest.fixture
def former(district_officer) -> Client:
    return client_of(district_officer)


@pytest.fixture
def present(foreign_officer) -> Client:
    return client_of(foreign_officer)


def open_class(**columns) -> TrainingClass:
    start = columns.setdefault("start_date", date(2016, 3, 1))
    columns.setdefault("end_date", start + timedelta(days=4))
    return make_class(state=TrainingClass.State.OPEN, **columns)


def enrolled(official: Official, by: User | None, *, on: date = date(2015, 12, 1), **columns) -> Enrolment:
    queued_at = datetime(on.year, on.month, on.day, 3, tzinfo=UTC)
    nominated = Enrolment.State.NOMINATED
    return make_enrolment(official, open_class(**columns), nominated, nominated_by=by, queued_at=queued_at)


def status(client: Client, path: str, **posted) -> int:
    return (client.post(path, posted) if posted else client.get(path)).status_code


# ---------------------------------------------------------------- writing


def test_who_has_left_is_withdrawn_by_the_present_district_only(lan, former, present, foreign_officer):
    enrolment = enrolled(lan, foreign_officer)
    page = f"/dao-tao/lop/{enrolment.training_class_id}/luot/{enrolment.pk}/rut/"
    assert status(former, page) == 404
    assert status(former, page, reason="work", on="2015-12-31") == 404
    enrolment.refresh_from_db()
    assert enrolment.state == Enrolment.State.NOMINATED
    assert status(present, page) == 200
    of_class = f"/dao-tao/lop/{enrolment.training_class_id}/"
    assert [page in client.get(of_class).content.decode() for client in (former, present)] == [False, True]


def test_who_has_left_is_nominated_by_the_present_district_only(lan, former, present):
    page = f"/dao-tao/lop/{open_class().pk}/cu-nguoi/?ngay={DAY}&ai=moi"
    for client, offered in ((former, []), (present, [lan.pk])):
        shown = [row["post"].official_id for row in client.get(page).context["rows"]]
        assert [key for key in shown if key == lan.pk] == offered
        plan = begin_act(client, page, [lan.pk], "cu").context["plan"]
        assert [line.key for line in plan.lines] == offered


def test_a_workbook_of_nominations_speaks_of_people_of_today_only(lan, former, present):
    roster = flat({"Họ và tên": lan.full_name, "Ngày sinh": "1960", "Xã": "Thanh Bình"})
    page = f"/dao-tao/lop/{open_class().pk}/danh-sach/"
    for client, is_known in ((former, False), (present, True)):
        file = SimpleUploadedFile("ds.xlsx", roster)
        answer = client.post(page, {"subject": "nominations", "file": file}, follow=True)
        assert [bool(item["official"]) for item in answer.context["rows"]] == [is_known]


@pytest.fixture
def submissions(people) -> dict[str, DistrictSubmission]:
    campaign = NeedCampaign.objects.create(
        year=2016, title="Đợt 2016", opens_on=date(2015, 5, 1), closes_on=date(2016, 1, 31)
    )
    return {
        code: DistrictSubmission.objects.create(campaign=campaign, district=unit_of(code), deadline=campaign.closes_on)
        for code in ("085", "083")
    }


def test_needs_of_who_has_left_are_registered_and_dropped_by_the_present_district_only(
    submissions, lan, district_officer, foreign_officer
):
    entry = (lan, make_programme(), 2, "cần")
    with pytest.raises(ValidationError):
        register_needs(submissions["085"], [entry], day=DAY, by=district_officer)
    (need,) = register_needs(submissions["083"], [entry], day=DAY, by=foreign_officer)
    own = RegisteredNeed.objects.create(submission=submissions["085"], official=lan, programme=entry[1])
    assert unregister(submissions["085"], [own.pk], day=DAY, by=district_officer) == 0
    assert unregister(submissions["083"], [need.pk], day=DAY, by=foreign_officer) == 1


def test_people_of_a_commune_that_left_are_nominated_by_the_present_district_only(people, ban_pho, former, present):
    page = f"/dao-tao/lop/{open_class().pk}/cu-nguoi/?ngay={DAY}&ai=moi"
    su = people["Giàng A Sử"].pk
    for client, offered in ((former, []), (present, [su])):
        plan = begin_act(client, page, [su], "cu").context["plan"]
        assert [line.key for line in plan.lines] == offered


@pytest.mark.usefixtures("ban_pho")
def test_pages_of_writing_are_of_the_present_district_only(lan, people, former, present):
    for official in (lan, people["Giàng A Sử"]):
        for page in ("sua", "gop", "so-dinh-danh/them", "bo-nhiem", "dieu-dong", "van-bang/them"):
            path = f"/can-bo/{official.pk}/{page}/"
            assert [status(client, path) for client in (former, present)] == [404, 200], path


def test_posts_of_another_district_are_put_right_by_sonoivu_only(lan, present, province_staff):
    before, after = lan.appointments.order_by("start_date")
    # Whoever has got somebody by a wrong transfer is led back to the person, and told who takes it back.
    for client, found, told in ((present, 404, 302), (client_of(province_staff), 200, 200)):
        for page in ("dinh-chinh", "nhap-sai"):
            assert status(client, f"/can-bo/{lan.pk}/chuc-danh/{before.pk}/{page}/") == found
            assert status(client, f"/can-bo/{lan.pk}/chuc-danh/{after.pk}/{page}/") == 200
        assert status(client, f"/can-bo/{lan.pk}/chuc-danh/{after.pk}/go-dieu-dong/") == told


# ---------------------------------------------------------------- reading


def shown_to(client: Client, path: str) -> str:
    page = client.get(path)
    assert page.status_code == 200
    return page.content.decode()


def test_the_former_district_sees_of_who_has_left_what_was_up_to_that_day(lan, former, present):
    make_qualification(lan, "it", "B", as_of=LEFT)
    make_qualification(lan, "foreign_language", "C", as_of=MOVED)
    registry.issue_identifier(lan, kind="CMND", number="063000111", start_date=MOVED, by=None)
    page = f"/can-bo/{lan.pk}/?ngay={DAY}"
    later = ("Thanh Bình", "063000111", "Chứng chỉ C")
    assert [word in shown_to(present, page) for word in later] == [True] * 3
    seen = shown_to(former, page)
    assert [word in seen for word in later] == [False] * 3
    assert "Chứng chỉ B" in seen
    assert "hồ sơ đến hết ngày 31/05/2015" in seen


def test_the_history_of_who_has_left_is_seen_up_to_that_day(lan, former, present, foreign_officer):
    registry.correct_facts(lan, reason="sau", by=foreign_officer)
    make_qualification(lan, "it", "B", as_of=MOVED)
    page = f"/can-bo/{lan.pk}/lich-su/"
    assert "Thanh Bình" in shown_to(present, page)
    seen = shown_to(former, page)
    assert "Lý Thị Lan" in seen
    assert "Thanh Bình" not in seen
    assert "Tin học" not in seen


@pytest.mark.usefixtures("people")
def test_training_of_who_has_left_is_seen_up_to_that_day_and_where_the_district_sent(
    lan, former, present, district_officer, foreign_officer
):
    before = enrolled(lan, None, on=date(2015, 1, 5), start_date=date(2015, 3, 2))
    own = enrolled(lan, district_officer, on=MOVED, start_date=date(2015, 9, 1))
    later = enrolled(lan, foreign_officer, on=MOVED, start_date=date(2015, 10, 1))
    codes = [enrolment.training_class.code for enrolment in (before, own, later)]
    page = f"/dao-tao/nguoi/{lan.pk}/"
    assert [code in shown_to(present, page) for code in codes] == [True, True, True]
    assert [code in shown_to(former, page) for code in codes] == [True, True, False]
    in_class = f"/dao-tao/lop/{later.training_class_id}/"
    assert [lan.full_name in shown_to(client, in_class) for client in (former, present)] == [False, True]


def test_a_turn_is_in_the_figures_of_the_district_of_the_class_s_first_day(lan, former, present):
    for start in (date(2015, 3, 2), date(2015, 9, 1)):
        ended = {"start_date": start, "end_date": start, "state": TrainingClass.State.ENDED}
        make_enrolment(lan, make_class(**ended), Enrolment.State.COMPLETED)
    for period, seen in (("01-01&den=2015-05-31", [True, False]), ("06-01&den=2015-12-31", [False, True])):
        page = f"/bao-cao/dao-tao/luot/?tu=2015-{period}"
        assert [lan.full_name in shown_to(client, page) for client in (former, present)] == seen


def test_an_enrolment_is_of_the_day_of_the_nomination(lan, former):
    """The class begins after she has left: who sent her is not known, the day is."""
    enrolment = enrolled(lan, None, on=LEFT, start_date=date(2015, 9, 1))
    assert enrolment.training_class.code in shown_to(former, f"/dao-tao/nguoi/{lan.pk}/")


def test_a_day_is_in_the_figures_of_the_district_in_which_the_commune_lay_then(people, ban_pho, former, present):
    for day, seen in ((LEFT, [True, False]), (MOVED, [False, True])):
        for page in ("/can-bo/", "/can-bo/xuat/"):
            answers = [client.get(f"{page}?ngay={day}") for client in (former, present)]
            if page == "/can-bo/":
                assert ["Giàng A Sử" in answer.content.decode() for answer in answers] == seen
        rates = [client.get(f"/ty-le/?ngay={day}&theo=commune").content.decode() for client in (former, present)]
        assert ["Bản Phố" in page for page in rates] == seen


# ---------------------------------------------------------------- rosters


BACK_DATED = date(2014, 12, 31)
CALLED_OTHERWISE = {
    "Họ và tên": "Lý Thị Liên", "Ngày sinh": "1961", "Giới tính": "Nữ", "Dân tộc": "Tày", "Xã": "TT Bắc Hà",
    "Số CMND": "063000222", "Chức danh": "Bí thư Đảng ủy", "Tin học": "B",
}  # fmt: skip
AS_ON_FILE = CALLED_OTHERWISE | {"Họ và tên": "Lý Thị Lan", "Ngày sinh": "1960"}


def sent(by: User | None, *rows: dict, day: date = BACK_DATED, unit: str = "085", district="Bắc Hà") -> ImportBatch:
    content = flat(*rows, title="", district=district)
    return stage(read_file("cu.xlsx", content, as_of=day, unit_code=unit, by=by), by=by)


def on_file(official: Official) -> tuple:
    official.refresh_from_db()
    facts = (official.full_name, official.birth, official.sex, official.ethnic_group_id, official.phone)
    numbers = list(official.identifiers.values_list("number", flat=True))
    levels = sorted(official.qualifications.values_list("level__dimension__code", "level__code", "start_date"))
    posts = list(official.appointments.order_by("start_date").values_list("position__code", "start_date", "end_date"))
    return facts, numbers, levels, posts


@pytest.mark.parametrize("row", [AS_ON_FILE, CALLED_OTHERWISE], ids=["as-on-file", "called-otherwise"])
def test_a_roster_of_an_earlier_day_leaves_who_has_left_to_sonoivu(row, lan, district_officer):
    registry.issue_identifier(lan, kind="CMND", number="063000222", start_date=date(2010, 1, 1), by=None)
    before = on_file(lan)
    batch = sent(district_officer, row)
    (read,) = batch.rows.all()
    assert read.outcome == "review"
    commit(batch, by=district_officer, accepts_alarms=True)
    assert on_file(lan) == before


def test_sonoivu_is_proposed_what_a_roster_says_of_its_time_and_not_who_somebody_is(
    lan, district_officer, province_staff
):
    before = on_file(lan)
    batch = sent(district_officer, AS_ON_FILE)
    (row,) = batch.rows.all()
    assert [issue["code"] for issue in row.issues] == ["left_scope"]
    assert row.candidates == [lan.pk]
    assert [change["field"] for change in row.changes] == ["it"]
    row.batch = batch
    assert [change.field for change in differences(row, lan)] == ["it"]

    with pytest.raises(ValidationError):
        decide_rows(batch, {row.pk: same_person(lan)}, by=district_officer)
    decide_rows(batch, {row.pk: same_person(lan)}, by=province_staff)
    row.refresh_from_db()
    assert row.outcome == "updated"
    with pytest.raises(ValidationError):
        decide_rows(batch, {row.pk: another_person()}, by=district_officer)
    commit(batch, by=district_officer, accepts_alarms=True)  # what Sở has decided stands, whoever writes the file

    facts, numbers, levels, posts = on_file(lan)
    assert (facts, numbers, posts) == (before[0], before[1], before[3])
    assert set(levels) - set(before[2]) == {("it", "B", BACK_DATED)}


def test_sonoivu_that_opens_the_file_of_a_district_does_not_take_the_row_over_unasked(
    lan, district_officer, province_staff
):
    batch = sent(district_officer, AS_ON_FILE)
    compare_again(batch, by=province_staff)
    assert [row.outcome for row in batch.rows.all()] == ["review"]
    assert [row.outcome for row in sent(province_staff, AS_ON_FILE).rows.all()] == ["updated"]


def test_nobody_who_has_left_is_missing_from_a_roster_of_the_former_district(lan, people, district_officer):
    batch = sent(district_officer, {"Họ và tên": "Hoàng Văn Páo", "Ngày sinh": "1950", "Xã": "TT Bắc Hà"})
    missing = set(batch.missing.values_list("official__full_name", flat=True))
    assert "Trần Thị Ánh" in missing
    assert "Lý Thị Lan" not in missing


def test_a_roster_of_a_commune_that_has_left_writes_nothing_without_sonoivu(people, ban_pho, district_officer):
    su = people["Giàng A Sử"]
    before = on_file(su)
    row = {"Họ và tên": "Giàng A Sử", "Ngày sinh": "1985", "Tin học": "B", "Chức danh": "Chủ tịch UBND"}
    batch = sent(district_officer, row, {"Họ và tên": "Sùng A Mới"})
    assert [(row.outcome, row.issues[0]["code"]) for row in batch.rows.order_by("pk")] == [("review", "left_scope")] * 2
    assert [change["field"] for change in batch.rows.order_by("pk").first().changes] == ["it"]
    commit(batch, by=district_officer, accepts_alarms=True)
    assert on_file(su) == before
    assert not Official.objects.filter(full_name="Sùng A Mới").exists()


@pytest.mark.usefixtures("ban_pho")
def test_rosters_of_a_commune_are_the_present_district_s_from_the_day_it_has_the_commune(
    former, present, district_officer, foreign_officer
):
    own = sent(district_officer, {"Họ và tên": "Giàng A Cũ"}, day=LEFT, unit=BAN_PHO)
    later = sent(foreign_officer, {"Họ và tên": "Giàng A Sau"}, day=DAY, unit=BAN_PHO, district="Mường Khương")
    unread = keep_file("sau.xlsx", b"", by=foreign_officer, unit_code=BAN_PHO, unit=unit_of(BAN_PHO))
    of_province = sent(None, {"Họ và tên": "Giàng A Sau"}, day=LEFT, unit=BAN_PHO)
    pages = ("", "tep-goc/", "tep-danh-dau/", "cach-doc/", "bo/", "ho-ten/", "xac-nhan/")
    for batch in (later, unread):
        for page in pages:
            assert status(former, f"/nhap-danh-sach/{batch.pk}/{page}") == 404, page
        assert status(former, f"/nhap-danh-sach/{batch.pk}/bo/", sure="1") == 404
    assert [status(present, f"/nhap-danh-sach/{later.pk}/{page}") for page in pages] == [200] * len(pages)
    assert status(former, f"/nhap-danh-sach/{own.pk}/") == 200
    assert status(former, f"/nhap-danh-sach/{own.pk}/bo/") == 200
    assert status(former, f"/nhap-danh-sach/{of_province.pk}/") == 200  # of its time, to be looked at
    assert status(former, f"/nhap-danh-sach/{of_province.pk}/bo/", sure="1") == 404
    names = {batch.pk for batch in former.get("/nhap-danh-sach/").context["page"].object_list}
    assert names == {own.pk, of_province.pk}
