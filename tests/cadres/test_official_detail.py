"""A person's page, and what is done there: written through the registry, refused with a reason at the field."""

import re
from datetime import date
from functools import partial
from itertools import product

import pytest
from django.urls import reverse

from cadres import registry, roles
from cadres.models import (
    Act,
    Appointment,
    Dimension,
    Level,
    Official,
    OfficialIdentifier,
    Position,
    Qualification,
    RosterDay,
    UnitVersion,
    Waiver,
)
from cadres.periods import PartialDate, Precision
from cadres.review import BY_CODE, Lens, places_found_by
from cadres.web.fields import PartialDateField
from tests.cadres.test_official_list import GOOD_CADRE, LUNG_CAI, LUNG_PHINH, MUONG_KHUONG, START, hire
from tests.conftest import DAY, client_of, correct, make_user, rolled_back, unit_of
from tests.parallel import in_parallel


@pytest.fixture
def official(db) -> Official:
    """A chairman of Lùng Cải who lacks political theory."""
    return hire(
        "Giàng A Dơ", LUNG_CAI, "CT_UBND", "education:THPT", "professional:DH", "political_theory:CHUA", birth="1975"
    )


def address(name: str, official: Official, *args: int) -> str:
    return f"{reverse(f'cadres:{name}', args=[official.pk, *args])}?ngay={DAY.isoformat()}&tieu_chi=FULL"


def read(client, official: Official, day: date = DAY) -> str:
    return client.get(reverse("cadres:official-detail", args=[official.pk]), {"ngay": day.isoformat()}).content.decode()


def position(code: str) -> Position:
    return Position.objects.get(code=code)


def post_knowingly(client, page: str, data: dict):
    """Post, and once more with the tick that the page then asks for: what the person lacks for the post is known."""
    warning = client.post(page, data).content.decode()
    checkbox = re.search(r'<input type="checkbox" name="is_acknowledged" value="([^"]+)"', warning)
    return client.post(page, {**data, "is_acknowledged": checkbox[1], "lacking_reason": "Chưa có ai khác"})


# ---------------------------------------------------------------- the page


def test_the_page_says_what_is_lacking_and_what_would_change_it(official, leader):
    page = read(client_of(leader), official)

    assert "Chủ tịch UBND, Xã Lùng Cải, Huyện Bắc Hà" in page
    assert "Lý luận chính trị: học để có mức Trung cấp trở lên." in page
    assert "Đang có mức Chưa qua đào tạo, thấp hơn mức Trung cấp mà chức danh cần." in page
    assert "QĐ 04/2004/QĐ-BNV" in page


def test_a_compliant_person_lacks_nothing(official, leader):
    level = Level.objects.get(dimension__code="political_theory", code="TC")
    registry.record_qualification(official, level, as_of=DAY, by=None)

    page = read(client_of(leader), official)

    assert "Đạt mọi tiêu chuẩn mà tiêu chí này tính cho chức danh." in page


def test_an_exemption_is_told_with_its_decision(official, leader):
    Waiver.objects.create(
        official=official,
        dimension=Dimension.objects.get(code="political_theory"),
        start_date=START,
        reason="sắp nghỉ hưu",
        decision="QĐ 12/QĐ-UBND",
    )

    page = read(client_of(leader), official)

    assert "Được miễn theo QĐ 12/QĐ-UBND: sắp nghỉ hưu." in page


def test_a_dimension_without_a_record_asks_for_one(leader):
    official = hire("Lý Seo Chứ", LUNG_CAI, "VP_TK", "education:THPT", "professional:DH")

    assert "Tin học: ghi nhận văn bằng, chứng chỉ đang có (cần Chứng chỉ A" in read(client_of(leader), official)


def test_who_holds_no_post_on_the_day_is_told_so(official, leader):
    told = "Không giữ chức danh chính nào vào ngày 31/12/2011."
    assert told in read(client_of(leader), official, date(2011, 12, 31))


def test_whose_post_has_ended_is_told_so(leader):
    official = hire("Lý Seo Chứ", LUNG_CAI, "VP_TK")
    told = "Chức danh Văn phòng - thống kê không còn hiệu lực vào ngày 01/07/2025"
    assert told in read(client_of(leader), official, date(2025, 7, 1))
    assert "không còn hiệu lực" not in read(client_of(leader), official, date(2025, 6, 30))


def test_a_commune_without_data_yet_is_told(official, leader):
    Appointment.objects.filter(official=official).update(start_date=date(2010, 1, 1))

    page = read(client_of(leader), official, date(2011, 1, 1))

    assert "Xã chưa có số liệu vào ngày 01/01/2011: số liệu của xã bắt đầu từ 01/01/2012." in page


def test_a_group_without_a_standard_is_told(leader):
    official = hire("Lý Seo Chứ", LUNG_CAI, "VP_TK")

    assert "chưa có văn bản tiêu chuẩn nào áp dụng cho nhóm công chức" in read(
        client_of(leader), official, date(2012, 6, 1)
    )


def test_the_page_asks_a_bounded_number_of_questions(official, province_staff, django_assert_max_num_queries):
    client = client_of(province_staff)
    for code in ("SC", "TC", "CD"):
        level = Level.objects.get(dimension__code="professional", code=code)
        registry.record_qualification(official, level, as_of=START, by=None)

    with django_assert_max_num_queries(30):
        read(client, official)


# ---------------------------------------------------------------- who may

WRITES = (
    "official-edit",
    "official-appoint",
    "official-transfer",
    "qualification-add",
    "identifier-add",
    "official-waive",
)


def test_a_foreign_person_is_not_found_and_a_reader_is_refused(official, foreign_officer, leader):
    foreign, reading = client_of(foreign_officer), client_of(leader)
    for name, method in product(WRITES, ("get", "post")):
        refused = 403 if name == "official-waive" else 404
        assert getattr(foreign, method)(address(name, official)).status_code == refused, (name, method)
        assert getattr(reading, method)(address(name, official)).status_code == 403, (name, method)
    assert foreign.get(address("official-detail", official)).status_code == 404


def test_a_former_district_reads_and_does_not_write(official, district_officer, foreign_officer):
    registry.transfer(official, position("CT_UBND"), unit_of(MUONG_KHUONG), start_date=date(2015, 6, 1), by=None)
    before, now = client_of(district_officer), client_of(foreign_officer)

    assert "Sửa thông tin" not in read(before, official)
    assert before.get(address("official-edit", official)).status_code == 404
    assert "Sửa thông tin" in read(now, official)
    assert now.get(address("official-edit", official)).status_code == 200


@pytest.mark.parametrize("pk", ["0", "99999999999999999999"])
def test_a_nonsense_id_is_not_found(province_staff, pk):
    assert client_of(province_staff).get(f"/can-bo/{pk}/").status_code == 404


# ---------------------------------------------------------------- posts


def test_a_transfer_ends_one_post_and_opens_another(official, district_officer):
    data = {
        "unit": unit_of(LUNG_PHINH).pk,
        "position": position("BT_DU").pk,
        "start_date": "01/07/2015",
        "decision": "QĐ 5",
    }

    answer = post_knowingly(client_of(district_officer), address("official-transfer", official), data)

    assert answer.status_code == 302
    old, new = official.appointments.order_by("start_date")
    assert (old.end_date, old.end_reason) == (date(2015, 6, 30), "transferred")
    assert (new.position.code, new.unit, new.start_date) == ("BT_DU", unit_of(LUNG_PHINH), date(2015, 7, 1))


def test_a_day_before_all_records_is_refused(official, district_officer):
    data = {"unit": unit_of(LUNG_CAI).pk, "position": position("BT_DU").pk, "start_date": "0001-01-01"}

    page = client_of(district_officer).post(address("official-transfer", official), data)

    assert "Ngày phải từ năm 1900 trở đi." in page.content.decode()


def test_an_officer_puts_nobody_into_a_foreign_commune(official, district_officer):
    data = {"unit": unit_of(MUONG_KHUONG).pk, "position": position("BT_DU").pk, "start_date": "2015-07-01"}

    page = client_of(district_officer).post(address("official-transfer", official), data)

    assert "Đơn vị này không có, hoặc chưa được giao, vào ngày đang xem." in page.content.decode()
    assert official.appointments.count() == 1


def test_a_commune_that_was_not_there_yet_takes_nobody(official, province_staff):
    later = UnitVersion.objects.filter(start_date=date(2025, 7, 1), kind="ward").first()
    client = client_of(province_staff)
    data = {"unit": later.unit_id, "position": position("BT_DU").pk, "start_date": "2015-07-01"}

    page = client.post(f"{reverse('cadres:official-transfer', args=[official.pk])}?ngay=2025-07-01", data)

    assert "Đơn vị này không có, hoặc chưa được giao, vào ngày 01/07/2015: hãy chọn" in page.content.decode()


def test_a_concurrent_post_stands_beside_the_primary_one(official, district_officer):
    client = client_of(district_officer)
    data = {
        "unit": unit_of(LUNG_CAI).pk,
        "position": position("PBT_DU").pk,
        "start_date": "2015-07-01",
        "stated": "2015",
    }

    assert post_knowingly(client, address("official-appoint", official), data).status_code == 302

    concurrent = official.appointments.get(is_primary=False)
    assert concurrent.stated == PartialDate(date(2015, 1, 1), Precision.YEAR)
    assert "Kiêm nhiệm" in read(client, official)


def test_a_second_primary_post_is_refused_in_words(official, district_officer):
    data = {
        "unit": unit_of(LUNG_CAI).pk,
        "position": position("PBT_DU").pk,
        "start_date": "2015-07-01",
        "is_primary": "on",
    }

    page = client_of(district_officer).post(address("official-appoint", official), data)

    assert "Người này đã có chức danh chính khác trong thời gian đó" in page.content.decode()
    assert official.appointments.count() == 1


def test_a_post_ends_with_a_reason(official, district_officer):
    post = official.appointments.get()
    client = client_of(district_officer)
    page = address("appointment-end", official, post.pk)

    refused = client.post(page, {"end_date": "2011-01-01", "end_reason": "retired"})
    assert "Ngày kết thúc phải từ ngày bắt đầu trở đi." in refused.content.decode()
    assert "bắt buộc" in client.post(page, {"end_date": "2015-10-31"}).content.decode()
    assert client.post(page, {"end_date": "2015-10-31", "end_reason": "retired"}).status_code == 302

    post.refresh_from_db()
    assert (post.end_date, post.end_reason) == (date(2015, 10, 31), "retired")
    assert client.get(page).status_code == 404


# ---------------------------------------------------------------- a post whose required training is missing

LACKS_THEORY = "Lý luận chính trị: cần Trung cấp, đang có Chưa qua đào tạo (QĐ 04/2004/QĐ-BNV"  # and the article
CHECKBOX = 'type="checkbox" name="is_acknowledged"'


def to_post(code: str, **changes) -> dict:
    return {"unit": unit_of(LUNG_PHINH).pk, "position": position(code).pk, "start_date": "2015-07-01", **changes}


@pytest.fixture
def deputy(db) -> Official:
    """A deputy chairman of Lùng Cải who has all that a chairman needs."""
    return hire("Lý A Đủ", LUNG_CAI, "PCT_UBND", "education:THPT", "professional:DH", "political_theory:TC")


def test_a_transfer_to_a_post_whose_training_is_missing_warns_and_writes_nothing(official, district_officer):
    client = client_of(district_officer)
    assert CHECKBOX not in client.get(address("official-transfer", official)).content.decode()

    page = client.post(address("official-transfer", official), to_post("CT_UBND")).content.decode()

    assert LACKS_THEORY in page
    assert "Chuyên môn" not in page[page.index("Lý luận chính trị: cần") :]
    assert CHECKBOX in page
    assert "Đã biết, vẫn bổ nhiệm" in page
    post = official.appointments.get()
    assert (post.unit, post.end_date, post.is_primary) == (unit_of(LUNG_CAI), None, True)


def test_who_has_the_training_is_transferred_without_a_word(deputy, district_officer):
    answer = client_of(district_officer).post(address("official-transfer", deputy), to_post("CT_UBND"))

    assert answer.status_code == 302
    assert deputy.appointments.count() == 2


@pytest.mark.parametrize(("start", "status"), [("2015-07-31", 200), ("2015-08-01", 302), ("2015-08-02", 302)])
def test_the_first_day_of_the_post_decides(official, district_officer, start, status):
    level = Level.objects.get(dimension__code="political_theory", code="TC")
    registry.record_qualification(official, level, as_of=date(2015, 8, 1), by=None)

    answer = client_of(district_officer).post(
        address("official-transfer", official), to_post("CT_UBND", start_date=start)
    )

    assert answer.status_code == status


def test_a_tick_is_for_what_was_named_only(official, district_officer):
    client, page = client_of(district_officer), address("official-transfer", official)
    warning = client.post(page, to_post("CT_UBND")).content.decode()
    tick = re.search(r'name="is_acknowledged" value="([^"]+)"', warning)[1]

    other = client.post(page, to_post("VP_TK", is_acknowledged=tick)).content.decode()

    assert "Tin học: cần Chứng chỉ A" in other
    assert "hồ sơ chưa ghi mức nào" in other
    assert official.appointments.count() == 1
    told = client.post(page, to_post("CT_UBND", is_acknowledged=tick)).content.decode()
    assert "Hãy ghi lý do vẫn bổ nhiệm." in told
    assert official.appointments.count() == 1
    ticked = to_post("CT_UBND", is_acknowledged=tick, lacking_reason="Chưa có ai khác")
    assert client.post(page, ticked).status_code == 302
    assert official.appointments.get(end_date=None).lacking_reason == "Chưa có ai khác"


def test_a_concurrent_post_is_judged_like_a_primary_one_and_stays_concurrent(official, deputy, district_officer):
    client = client_of(district_officer)

    page = client.post(address("official-appoint", official), to_post("CT_HDND")).content.decode()
    answer = client.post(address("official-appoint", deputy), to_post("CT_UBND"))

    assert LACKS_THEORY in page
    assert official.appointments.get().is_primary
    assert answer.status_code == 302
    assert sorted(deputy.appointments.values_list("is_primary", flat=True)) == [False, True]


def test_an_exemption_is_no_lack(official, district_officer):
    Waiver.objects.create(
        official=official,
        dimension=Dimension.objects.get(code="political_theory"),
        start_date=START,
        reason="sắp nghỉ hưu",
        decision="QĐ 12/QĐ-UBND",
    )

    answer = client_of(district_officer).post(address("official-transfer", official), to_post("CT_UBND"))

    assert answer.status_code == 302


def test_a_newcomer_without_records_is_warned_of_and_not_entered(district_officer):
    page = client_of(district_officer).post(ADD, newcomer()).content.decode()

    assert f"{Dimension.objects.get(code='education')}: cần" in page
    assert "hồ sơ chưa ghi mức nào" in page
    assert CHECKBOX in page
    assert not Official.objects.exists()
    assert not OfficialIdentifier.objects.exists()


def test_a_commune_without_data_yet_warns_too_and_gets_none_by_it(official, district_officer):
    RosterDay.objects.filter(unit=unit_of(LUNG_PHINH)).delete()

    page = client_of(district_officer).post(address("official-transfer", official), to_post("CT_UBND"))

    assert LACKS_THEORY in page.content.decode()
    assert not RosterDay.objects.filter(unit=unit_of(LUNG_PHINH)).exists()


# ---------------------------------------------------------------- qualifications


def test_a_qualification_counts_from_what_is_known_of_its_award(official, district_officer):
    client = client_of(district_officer)
    level = Level.objects.get(dimension__code="political_theory", code="TC")
    data = {"level": level.pk, "awarded": "08/2014", "institution": "Trường Chính trị tỉnh", "known_on": "31/12/2015"}

    assert client.post(address("qualification-add", official), data).status_code == 302

    added = official.qualifications.get(level=level)
    assert (added.start_date, added.awarded_precision, added.origin) == (date(2014, 8, 31), "month", "entered")
    assert "Đạt mọi tiêu chuẩn mà tiêu chí này" in read(client, official)
    assert "Đạt mọi tiêu chuẩn mà tiêu chí này" not in read(client, official, date(2014, 8, 30))


def test_a_date_that_is_none_is_refused_at_its_field(official, district_officer):
    level = Level.objects.get(dimension__code="political_theory", code="TC")
    client = client_of(district_officer)

    for awarded, told in (
        ("31/02/2014", "“31/02/2014” không phải là ngày."),
        ("2016", "Ngày cấp ở sau ngày ghi nhận."),
    ):
        data = {"level": level.pk, "awarded": awarded, "known_on": "2015-12-31"}
        assert told in client.post(address("qualification-add", official), data).content.decode()
    assert not official.qualifications.filter(level=level).exists()


def test_a_revoked_qualification_counts_until_the_day_before(official, district_officer):
    degree = official.qualifications.get(level__code="DH")
    client = client_of(district_officer)
    page = address("qualification-revoke", official, degree.pk)

    early = client.post(page, {"on": START.isoformat(), "reason": "bằng giả"})
    assert "nếu nhập sai, hãy đánh dấu nhập sai" in early.content.decode()
    assert client.post(page, {"on": "2015-03-01", "reason": "bằng giả"}).status_code == 302

    degree.refresh_from_db()
    assert (degree.end_date, degree.note) == (date(2015, 2, 28), "bằng giả")
    assert "Thu hồi, tính đến hết 28/02/2015" in read(client, official)
    assert client.get(page).status_code == 404


def test_what_says_that_there_is_none_yet_is_no_diploma_and_is_not_taken_back(official, district_officer):
    none = official.qualifications.get(level__code="CHUA")
    client = client_of(district_officer)

    page = client.get(address("official-detail", official))

    assert none not in page.context["qualifications"]
    assert page.context["none_yet"] == [none]
    shown = page.content.decode()
    assert "Lý luận chính trị: chưa qua đào tạo" in shown
    assert reverse("cadres:qualification-revoke", args=[official.pk, none.pk]) not in shown
    assert reverse("cadres:qualification-error", args=[official.pk, none.pk]) in shown
    assert client.get(address("qualification-revoke", official, none.pk)).status_code == 404


def test_a_record_entered_in_error_never_counted(official, district_officer):
    degree = official.qualifications.get(level__code="DH")
    client = client_of(district_officer)

    correct(client, address("qualification-error", official, degree.pk), {"reason": "nhầm người"})

    degree.refresh_from_db()
    assert degree.is_error
    assert "Nhập sai, không tính" in read(client, official)


def test_a_record_of_somebody_else_is_not_found(official, district_officer):
    other = hire("Lý Seo Chứ", LUNG_CAI, "VP_TK", "education:THPT").qualifications.get()

    answer = client_of(district_officer).post(address("qualification-error", official, other.pk), {"reason": "x"})

    assert answer.status_code == 404
    assert not Qualification.objects.filter(is_error=True).exists()


def test_the_province_waives_and_a_district_does_not(official, province_staff, district_officer):
    data = {
        "dimension": Dimension.objects.get(code="political_theory").pk,
        "start_date": "2015-01-01",
        "reason": "sắp nghỉ hưu",
        "decision": "QĐ 12",
    }
    page = address("official-waive", official)

    assert client_of(district_officer).post(page, data).status_code == 403
    shown = client_of(province_staff).post(page, data)  # it moves the verdict on the person
    assert not Waiver.objects.exists()
    seen = {"anh_huong": shown.context["seen"]}
    assert client_of(province_staff).post(page, data | seen).status_code == 302
    again = client_of(province_staff).post(page, data)
    assert "Người này đã được miễn mặt tiêu chuẩn đó trong khoảng thời gian đó." in again.content.decode()
    assert Waiver.objects.count() == 1


# ---------------------------------------------------------------- the person


def person(**changes: str) -> dict[str, str]:
    return {"full_name": "Giàng A Dơ", "birth": "1975", "is_party_member": "unknown", **changes}


def test_the_person_is_corrected(official, district_officer):
    data = person(full_name="  Giàng  A Dơ ", birth="12/03/1975", sex="M", party_joined="2001")

    assert client_of(district_officer).post(address("official-edit", official), data).status_code == 302

    official.refresh_from_db()
    assert (official.full_name, official.folded_name) == ("Giàng A Dơ", "giang a do")
    assert official.birth == PartialDate(date(1975, 3, 12))
    assert (official.is_party_member, str(official.party_joined)) == (True, "2001")


def test_another_name_birth_or_sex_is_a_correction_with_its_reason(official, district_officer):
    Official.objects.filter(pk=official.pk).update(sex="M")
    client, page = client_of(district_officer), address("official-edit", official)
    for typed in ({"full_name": "Giàng A Dớ"}, {"birth": "1976"}, {"birth": ""}, {"sex": "F"}, {"sex": ""}):
        with rolled_back():
            data = person(**{"sex": "M"} | typed)
            answer = client.post(page, data)
            assert "Hãy ghi lý do: sửa họ tên, ngày sinh hoặc giới tính" in answer.content.decode(), typed
            data["reason"] = "Theo giấy khai sinh"
            shown = client.post(page, data)
            assert "<strong>Ảnh hưởng</strong>" in shown.content.decode(), typed
            assert Act.objects.filter(kind=Act.Kind.CORRECTION).count() == 0
            data["seen"] = shown.context["form"]["seen"].value()
            assert client.post(page, data).status_code == 302, typed
            (told,) = Act.objects.filter(kind=Act.Kind.CORRECTION)
            assert (told.reason, told.user) == ("Theo giấy khai sinh", district_officer)
    for typed in ({"birth": "03/1975"}, {"birth": "12/03/1975"}, {"religion": "Công giáo"}):
        with rolled_back():
            assert client.post(page, person(**{"sex": "M"} | typed)).status_code == 302, typed
            assert Act.objects.filter(kind=Act.Kind.CORRECTION).count() == 0


def test_who_is_no_member_joined_on_no_day(official, district_officer):
    data = person(is_party_member="false", party_joined="2001")

    page = client_of(district_officer).post(address("official-edit", official), data)

    assert "Chỉ đảng viên mới có ngày vào Đảng." in page.content.decode()


def test_a_new_identifier_ends_the_old_one(official, district_officer):
    OfficialIdentifier.objects.create(official=official, kind="CMND", number="063123456")
    client = client_of(district_officer)
    page = address("identifier-add", official)

    assert (
        "CMND có 9 chữ số, CCCD có 12 chữ số."
        in client.post(page, {"kind": "CCCD", "number": "123", "start_date": "2015-05-01"}).content.decode()
    )
    assert official.identifiers.get().end_date is None
    assert client.post(page, {"kind": "CCCD", "number": "010075000123", "start_date": "2015-05-01"}).status_code == 302

    old, new = official.identifiers.order_by("start_date")
    assert (old.end_date, new.number) == (date(2015, 4, 30), "010075000123")


def test_a_number_of_somebody_else_is_refused(official, district_officer):
    other = hire("Lý Seo Chứ", LUNG_CAI, "VP_TK")
    OfficialIdentifier.objects.create(official=other, kind="CMND", number="063123456")
    mine = OfficialIdentifier.objects.create(official=official, kind="CMND", number="063123457")
    client = client_of(district_officer)

    address_of_number = address("identifier-edit", official, mine.pk)
    typed = {"kind": "CMND", "number": "063123456", "reason": "ghi nhầm"}
    page = client.post(address_of_number, typed)

    assert "Số này đã thuộc người khác trong khoảng thời gian đó." in page.content.decode()
    assert correct(client, address_of_number, typed | {"number": "063123458"}).status_code == 302


def newcomer(**changes) -> dict:
    return {
        "full_name": "Thào Thị Mỷ",
        "birth": "1990",
        "sex": "F",
        "is_party_member": "unknown",
        "kind": "CMND",
        "number": "063999999",
        "unit": unit_of(LUNG_CAI).pk,
        "position": position("CT_HPN").pk,
        "start_date": "2015-07-01",
        **changes,
    }


ADD = f"{reverse('cadres:official-add')}?ngay={DAY.isoformat()}"


def test_a_new_person_comes_with_a_first_post(district_officer):
    assert post_knowingly(client_of(district_officer), ADD, newcomer()).status_code == 302

    official = Official.objects.get()
    assert official.appointments.get().position.code == "CT_HPN"
    assert official.identifiers.get().number == "063999999"


def test_a_refused_newcomer_leaves_nothing_behind(official, district_officer):
    OfficialIdentifier.objects.create(official=official, kind="CMND", number="063999999")

    page = client_of(district_officer).post(ADD, {**newcomer(), "is_another": str(official.pk)})

    assert "Số này đã thuộc người khác" in page.content.decode()
    assert Official.objects.count() == 1


def asked_about(page) -> list[str]:
    """The names of those whom a newcomer resembles, each as it leads to the person."""
    return re.findall(r'<a href="/can-bo/\d+/" target="_blank" rel="noopener">([^<]+)</a>', page.content.decode())


def test_the_number_of_somebody_in_scope_is_looked_at_first(official, district_officer):
    OfficialIdentifier.objects.create(official=official, kind="CMND", number="063999999")

    assert asked_about(client_of(district_officer).post(ADD, newcomer())) == ["Giàng A Dơ"]


def test_who_lies_outside_the_scope_is_not_named(official, foreign_officer):
    newcomer_there = newcomer(full_name="Giàng A Dơ", birth="1975", unit=str(unit_of("02779").pk))

    assert asked_about(client_of(foreign_officer).post(ADD, newcomer_there)) == []


def test_a_record_merged_into_another_is_not_asked_about(official, district_officer):
    Official.objects.filter(pk=official.pk).update(merged_into=Official.objects.create(full_name="Khác"))
    page = client_of(district_officer).post(ADD, newcomer(full_name="Giàng A Do", birth="1975"))

    assert asked_about(page) == []


def test_a_namesake_is_looked_at_first(official, district_officer):
    client = client_of(district_officer)
    same = newcomer(full_name="Giàng A Do", birth="1975")

    page = client.post(ADD, same)
    shown = " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())
    assert asked_about(page) == ["Giàng A Dơ"]
    assert "Giàng A Dơ , sinh 1975; Chủ tịch UBND, Xã Lùng Cải" in shown
    assert "Đây là người khác, vẫn thêm người mới" in shown
    assert client.post(ADD, {**same, "is_another": "on"}).status_code == 200  # a tick stands for those who were shown
    assert Official.objects.count() == 1
    assert post_knowingly(client, ADD, {**same, "is_another": str(official.pk)}).status_code == 302
    other = newcomer(full_name="Giàng A Dơ", birth="1988", number="063999998", position=position("PCT_UBND").pk)
    assert post_knowingly(client, ADD, other).status_code == 302


def test_a_leader_adds_nobody(leader):
    assert client_of(leader).get(ADD).status_code == 403
    assert client_of(leader).post(ADD, {}).status_code == 403


# ---------------------------------------------------------------- dates as they are typed


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("1975", PartialDate(date(1975, 1, 1), Precision.YEAR)),
        ("8/1975", PartialDate(date(1975, 8, 1), Precision.MONTH)),
        ("5-8-1975", PartialDate(date(1975, 8, 5))),
        (" 05.08.1975 ", PartialDate(date(1975, 8, 5))),
        ("", None),
    ],
)
def test_a_date_is_typed_as_far_as_it_is_known(typed, understood):
    field = PartialDateField(required=False)

    assert field.clean(typed) == understood
    if understood:
        assert field.clean(field.prepare_value(understood)) == understood


@pytest.mark.parametrize("typed", ["31/02/1975", "13/1975", "75", "1875", "hôm qua", "1975/08/05"])
def test_what_is_no_date_is_refused(typed):
    with pytest.raises(Exception, match="không phải là ngày"):
        PartialDateField().clean(typed)


# ---------------------------------------------------------------- a post that one person holds


def asked_about_holder(client, page: str, data: dict) -> tuple[str, str]:
    """Post; the page that comes back, and what it asks about whoever holds the post, if it does."""
    shown = client.post(page, data).content.decode()
    asked = re.search(r'name="other_asked" value="([^"]*)"', shown)
    return shown, asked[1] if asked else ""


def answered(asked: str, answer: str, **reasons: str) -> dict:
    return {"other_asked": asked, "other_holder": answer, **reasons}


def test_who_comes_into_a_post_of_one_person_is_asked_and_the_other_ends_the_day_before(
    official, deputy, district_officer
):
    client, page = client_of(district_officer), address("official-transfer", deputy)
    into = to_post("CT_UBND", unit=unit_of(LUNG_CAI).pk)

    shown, asked = asked_about_holder(client, page, into)

    assert "Giàng A Dơ giữ chức danh này từ ngày" in shown
    assert deputy.appointments.count() == 1
    again = client.post(page, into | answered(asked, "end")).content.decode()
    assert "Hãy chọn lý do thôi giữ chức danh." in again
    assert client.post(page, into | answered(asked, "end", other_end_reason="retired")).status_code == 302
    held = official.appointments.get()
    assert (held.end_date, held.end_reason) == (date(2015, 6, 30), "retired")
    assert deputy.appointments.get(end_date=None).shared_reason == ""


def test_both_stay_in_a_post_of_one_person_with_a_reason_that_the_review_shows(official, deputy, district_officer):
    client, page = client_of(district_officer), address("official-appoint", deputy)
    into = to_post("CT_UBND", unit=unit_of(LUNG_CAI).pk)  # concurrently

    _, asked = asked_about_holder(client, page, into)
    assert "Hãy ghi lý do cùng giữ." in client.post(page, into | answered(asked, "both")).content.decode()
    assert client.post(page, into | answered(asked, "both", shared_reason="Bàn giao")).status_code == 302

    assert official.appointments.get().end_date is None
    assert deputy.appointments.get(is_primary=False).shared_reason == "Bàn giao"
    (place,) = places_found_by(BY_CODE["shared_post"], Lens.of(None, DAY, now=DAY))
    assert place.told == "2 người giữ: Giàng A Dơ; Lý A Đủ (Bàn giao)"
    assert places_found_by(BY_CODE["two_holders"], Lens.of(None, DAY, now=DAY)) == []


def test_an_answer_about_one_day_is_none_about_another(official, deputy, district_officer):
    client, page = client_of(district_officer), address("official-transfer", deputy)
    _, asked = asked_about_holder(client, page, to_post("CT_UBND", unit=unit_of(LUNG_CAI).pk))
    later = to_post("CT_UBND", unit=unit_of(LUNG_CAI).pk, start_date="2015-08-01")
    assert client.post(page, later | answered(asked, "end", other_end_reason="retired")).status_code == 200
    assert official.appointments.get().end_date is None


@pytest.mark.parametrize(("start", "status"), [("2015-06-30", 200), ("2015-07-01", 302)])
def test_after_the_last_day_of_the_other_nobody_is_asked(official, deputy, district_officer, start, status):
    registry.end_appointment(official.appointments.get(), end_date=date(2015, 6, 30), reason="retired", by=None)
    into = to_post("CT_UBND", unit=unit_of(LUNG_CAI).pk, start_date=start)
    assert client_of(district_officer).post(address("official-transfer", deputy), into).status_code == status


def test_who_holds_the_post_from_the_same_day_or_later_cannot_end_before_it(official, deputy, district_officer):
    Appointment.objects.filter(official=official).update(start_date=date(2015, 7, 1))
    client, page = client_of(district_officer), address("official-transfer", deputy)
    into = to_post("CT_UBND", unit=unit_of(LUNG_CAI).pk)
    _, asked = asked_about_holder(client, page, into)
    told = client.post(page, into | answered(asked, "end", other_end_reason="retired")).content.decode()
    assert "nên không kết thúc vào ngày 30/06/2015 được. Hãy sửa ngày, hoặc giữ cả hai." in told
    assert deputy.appointments.count() == 1


def test_a_post_that_several_hold_is_no_question(official, deputy, district_officer):
    hire("Phó khác", LUNG_PHINH, "PCT_UBND")
    answer = client_of(district_officer).post(address("official-transfer", deputy), to_post("PCT_UBND"))
    assert answer.status_code == 302


def test_a_correction_into_a_post_of_one_person_asks_too_and_of_another_day_does_not(
    official, deputy, district_officer
):
    client, post = client_of(district_officer), deputy.appointments.get()
    page = address("post-correct", deputy, post.pk)
    start = {"start_date": "2015-07-01", "reason": "Ghi nhầm chức danh"}
    into = {"unit": post.unit_id, "position": position("CT_UBND").pk} | start

    _, asked = asked_about_holder(client, page, into)
    answer = answered(asked, "end", other_end_reason="retired")
    seen = client.post(page, into | answer)
    assert "Chưa xem ảnh hưởng." in str(seen.context["form"].errors)
    assert official.appointments.get().end_date is None
    done = client.post(page, into | answer | {"seen": seen.context["form"]["seen"].value()})

    assert done.status_code == 302
    assert official.appointments.get().end_date == date(2015, 6, 30)
    post.refresh_from_db()
    assert (post.position, post.start_date) == (position("CT_UBND"), date(2015, 7, 1))
    other_day = into | {"start_date": "2015-06-30", "reason": "Ghi nhầm ngày"}
    _, asked = asked_about_holder(client, page, other_day)
    assert asked  # on that day the other held it still


@pytest.mark.usefixtures("own_database")
def test_of_two_who_come_into_one_post_at_the_same_moment_the_second_is_asked():
    officer = make_user("bac-ha", roles.UNIT_OFFICER, "085")
    people = [hire(name, LUNG_CAI, "PCT_UBND", *GOOD_CADRE) for name in ("Một", "Hai")]
    into = to_post("CT_UBND", unit=unit_of(LUNG_CAI).pk)
    answers = []

    def transfer(person: Official) -> None:
        answers.append(client_of(officer).post(address("official-transfer", person), into).status_code)

    assert in_parallel(*(partial(transfer, person) for person in people)) == []
    assert sorted(answers) == [200, 302]
    assert Appointment.objects.filter(position__code="CT_UBND").count() == 1
