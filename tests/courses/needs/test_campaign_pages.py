"""The pages of a campaign: the province opens and answers, a district registers its own people and hands in."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from courses.models import DistrictSubmission, NeedCampaign, Programme
from courses.needs.campaigns import open_campaign, submit
from tests import province
from tests.builders import it_is, make_appointment, make_official, make_programme, make_qualification, position_of
from tests.conftest import DAY, client_of, unit_of
from tests.lists import act_on, begin_act, finish_act, told

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province_database")]

OPENS, DEADLINE = date(2015, 12, 1), date(2016, 1, 31)


@pytest.fixture
def people(db):
    """The small province on 31/12/2015: that is the day on which one acts."""
    Programme.objects.all().delete()
    people = province.people()
    it_is(DAY)
    return people


@pytest.fixture
def programme(people) -> Programme:
    return make_programme("professional:TC", title="Trung cấp Luật")


@pytest.fixture
def campaign(programme) -> NeedCampaign:
    return open_campaign(year=2016, title="Nhu cầu 2016", opens_on=OPENS, closes_on=DEADLINE, by=None)


@pytest.fixture
def submission(campaign) -> DistrictSubmission:
    return campaign.submissions.get(district=unit_of("085"))


def page(submission: DistrictSubmission, name: str = "submission") -> str:
    return reverse(f"courses:{name}", args=[submission.campaign_id, submission.pk])


def text_of(answer) -> str:
    return answer.content.decode()


def test_the_province_opens_a_campaign_for_every_district(people, province_staff):
    client = client_of(province_staff)
    wanted = {"year": 2016, "title": "Đợt 1", "opens_on": "2015-12-01", "closes_on": "2016-01-31"}

    answer = client.post(reverse("courses:campaign-add"), wanted, follow=True)

    campaign = NeedCampaign.objects.get()
    assert f"Đã mở đợt cho {campaign.submissions.count()} đơn vị." in text_of(answer)
    assert "Huyện Bắc Hà" in text_of(answer)
    assert "Đợt 1" in text_of(client.get(reverse("courses:campaign-list")))


def test_a_campaign_that_closes_before_it_opens_is_sent_back_with_the_form(people, province_staff):
    wanted = {"year": 2016, "title": "Đợt 1", "opens_on": "2016-01-31", "closes_on": "2015-12-01"}

    answer = client_of(province_staff).post(reverse("courses:campaign-add"), wanted)

    assert "Hạn phải từ ngày mở trở đi." in text_of(answer)
    assert not NeedCampaign.objects.exists()


def test_a_district_ticks_registers_and_hands_in_and_the_province_accepts(
    submission, people, programme, district_officer, province_staff
):
    officer, staff = client_of(district_officer), client_of(province_staff)
    shown = officer.get(page(submission))
    assert "2 người có nhu cầu" in text_of(shown)
    assert "Khung nhìn" not in text_of(shown), "a view would be of this campaign only"
    assert "data-whole-page" in shown.content.decode()
    ticked = f"{people['Lý Thị Lan'].pk}-professional"

    officer.post(
        page(submission), {"chon": [ticked], f"ct-{ticked}": programme.pk, f"ut-{ticked}": "1", "den": "?muc=them"}
    )
    asked = officer.get(page(submission, "submission-register"))
    assert "Đăng ký 1 nhu cầu" in text_of(asked)
    assert "Trung cấp Luật, gấp" in text_of(asked)
    finish_act(officer, asked)
    assert list(submission.needs.values_list("official__full_name", "programme", "priority")) == [
        ("Lý Thị Lan", programme.pk, 1)
    ]
    again = officer.get(page(submission))
    assert "Đã đăng ký: gấp" in text_of(again)
    assert f'value="{ticked}"' not in again.content.decode()
    assert "Lý Thị Lan" in text_of(officer.get(page(submission), {"muc": "da-dang-ky"}))
    officer.post(page(submission, "submission-submit"), {"is_sure": "on"})

    submission.refresh_from_db()
    assert (submission.state, submission.submitted_by) == ("submitted", district_officer)
    handed_in = officer.get(page(submission))
    assert "đề nghị Sở Nội vụ trả lại" in text_of(handed_in)
    assert 'name="chon"' not in handed_in.content.decode()
    assert "data-whole-page" not in handed_in.content.decode()
    assert "Tiếp nhận</button>" in text_of(staff.get(page(submission)))
    assert "Tiếp nhận</button>" not in text_of(officer.get(page(submission)))
    staff.post(page(submission, "submission-accept"))
    assert "Tiếp nhận</button>" not in text_of(staff.get(page(submission)))
    submission.refresh_from_db()
    assert (submission.state, submission.answered_by) == ("accepted", province_staff)


def test_all_needs_of_the_district_are_registered_with_one_button(submission, district_officer):
    client = client_of(district_officer)

    asked = begin_act(client, page(submission), [], "dang_ky_het")

    assert "Đăng ký 2 nhu cầu" in text_of(asked)
    assert not submission.needs.exists()
    assert told(finish_act(client, asked))[0] == "Đã đăng ký 2 nhu cầu."
    assert submission.needs.count() == 2
    left_out = begin_act(client, page(submission), [line.key for line in asked.context["plan"].lines], "dang_ky")
    assert all("đã đăng ký" in line.why_not for line in left_out.context["plan"].lines)


def test_a_need_that_is_met_meanwhile_is_not_registered_and_asked_about_again(submission, people, district_officer):
    client = client_of(district_officer)
    asked = begin_act(client, page(submission), [], "dang_ky_het")
    make_qualification(people["Lý Thị Lan"], "professional", "DH")

    again = finish_act(client, asked)

    assert "số liệu vừa thay đổi" in text_of(again)
    assert again.context["plan"].left_out[0].why_not.startswith("Không còn là nhu cầu")
    finish_act(client, again)
    assert submission.needs.count() == 1


def test_needs_sort_by_each_column_and_leave_as_a_file(submission, district_officer):
    client = client_of(district_officer)
    for part, sorts in {
        "tinh-duoc": ("ten", "-xa", "con_thieu", "chuong_trinh", "-uu_tien"),
        "da-dang-ky": ("ten", "chuong_trinh", "-uu_tien", "ly_do"),
    }.items():
        for sort in sorts:
            assert client.get(page(submission), {"muc": part, "sap_xep": sort}).status_code == 200
        file = client.get(page(submission), {"muc": part, "sap_xep": "-ten", "tep": "csv"}).content.decode("utf-8-sig")
        names = list(dict.fromkeys(line.split(",")[1] for line in file.splitlines()[1:]))
        rows = client.get(page(submission), {"muc": part, "sap_xep": "-ten"}).context["rows"]
        assert names == list(dict.fromkeys(row[0].official.full_name for row in rows))
        act_on(client, page(submission), [], "dang_ky_het")


def test_others_are_found_by_name_and_registered_with_a_reason(submission, people, programme, district_officer):
    client = client_of(district_officer)
    found = client.get(page(submission), {"muc": "them", "tim": "giang a su"})
    assert [post.official for post in found.context["found"]] == [people["Giàng A Sử"]]
    wanted = {"official": people["Giàng A Sử"].pk, "programme": programme.pk, "priority": "2"}

    refused = client.post(page(submission, "submission-add"), wanted)
    assert refused.status_code == 200
    assert "Chưa ghi gì" in text_of(refused)
    client.post(page(submission, "submission-add"), wanted | {"reason": "Nguồn quy hoạch"})

    assert list(submission.needs.values_list("official__full_name", "reason")) == [("Giàng A Sử", "Nguồn quy hoạch")]


def test_an_officer_neither_finds_nor_registers_people_of_another_district(
    submission, people, programme, district_officer
):
    client = client_of(district_officer)
    foreign = people["Lù Seo Dơ"]

    assert client.get(page(submission), {"muc": "them", "tim": "lu seo do"}).context["found"] == []
    shown = client.get(page(submission), {"muc": "them", "nguoi": foreign.pk})
    assert "Lù Seo Dơ" not in text_of(shown)
    wanted = {"official": foreign.pk, "programme": programme.pk, "priority": "2", "reason": "x"}
    assert "Không có người này trong đơn vị" in text_of(client.post(page(submission, "submission-add"), wanted))
    ticked = f"{foreign.pk}-professional"
    assert begin_act(client, page(submission), [ticked], "dang_ky").context["plan"].lines == []
    assert not submission.needs.exists()


def test_needs_are_removed_by_ticks(submission, district_officer):
    client = client_of(district_officer)
    act_on(client, page(submission), [], "dang_ky_het")
    registered = f"{page(submission)}?muc=da-dang-ky"

    asked = begin_act(client, registered, [submission.needs.first().pk], "bo")
    assert "Bỏ 1 nhu cầu" in text_of(asked)
    finish_act(client, asked)

    assert submission.needs.count() == 1


def test_looking_at_an_earlier_day_does_not_open_a_deadline_that_has_passed(submission, district_officer):
    DistrictSubmission.objects.filter(pk=submission.pk).update(deadline=date(2015, 12, 30))
    client = client_of(district_officer)

    begin_act(client, page(submission) + "?ngay=2015-12-30", [], "dang_ky_het")
    answer = client.post(
        page(submission, "submission-submit") + "?ngay=2015-12-30", {"is_sure": "on", "is_empty": "on"}
    )

    assert "đề nghị Sở Nội vụ gia hạn" in text_of(answer)
    assert not submission.needs.exists()
    submission.refresh_from_db()
    assert submission.state == "draft"


def test_the_province_sends_back_with_a_reason_that_the_district_reads(submission, district_officer, province_staff):
    submit(submission, day=DAY, is_empty=True, by=district_officer)

    client_of(province_staff).post(page(submission, "submission-send-back"), {"reason": "Thiếu xã Bản Phố"})

    assert "Thiếu xã Bản Phố" in text_of(client_of(district_officer).get(page(submission)))


def test_the_province_extends_the_deadline_of_one_district(submission, province_staff):
    client_of(province_staff).post(page(submission, "submission-deadline"), {"deadline": "2016-02-15"})

    submission.refresh_from_db()
    assert submission.deadline == date(2016, 2, 15)


def test_handing_in_nobody_needs_to_be_meant(submission, district_officer):
    client = client_of(district_officer)

    assert "chưa có ai" in text_of(client.post(page(submission, "submission-submit"), {"is_sure": "on"}))
    client.post(page(submission, "submission-submit"), {"is_sure": "on", "is_empty": "on"})

    submission.refresh_from_db()
    assert submission.state == "submitted"


def test_an_officer_sees_the_own_district_only(campaign, district_officer):
    answer = client_of(district_officer).get(reverse("courses:campaign-detail", args=[campaign.pk]))

    assert [row.code for row in answer.context["rows"]] == ["085"]


def test_queries_do_not_grow_with_people(submission, programme, province_staff, district_officer):
    addresses = [
        (client_of(province_staff), reverse("courses:campaign-detail", args=[submission.campaign_id])),
        (client_of(district_officer), page(submission)),
        (client_of(district_officer), page(submission) + "?muc=da-dang-ky"),
        (client_of(district_officer), page(submission) + "?muc=them&tim=nguoi"),
    ]

    def queries() -> list[int]:
        found = []
        for client, address in addresses:
            client.get(address)
            with CaptureQueriesContext(connection) as asked:
                assert client.get(address).status_code == 200
            found.append(len(asked))
        return found

    act_on(client_of(district_officer), page(submission), [], "dang_ky_het")
    make_appointment(make_official("Người đầu"), position_of("TCA"), unit_of(province.BAN_PHO))
    before = queries()
    for number in range(8):
        official = make_official(f"Người {number}")
        make_appointment(official, position_of("TCA"), unit_of(province.BAN_PHO))
        make_qualification(official, "professional", "CDT")
    act_on(client_of(district_officer), page(submission), [], "dang_ky_het")

    assert queries() == before
    assert max(before) <= 21
