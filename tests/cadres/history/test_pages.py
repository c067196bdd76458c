"""The history in words: of a person, a class, a standard; and the log of Sở Nội vụ."""

from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from django.db import connection
from django.urls import reverse
from django.utils.timezone import localtime
from openpyxl import load_workbook

from cadres import registry, roles
from cadres.history import act
from cadres.history.triggers import unrecorded
from cadres.history.words import told
from cadres.models import Act, Change, EthnicGroup, Level, Official, Position, Standard, Unit, User, Visit
from cadres.periods import PartialDate
from cadres.roster.batch import import_file, read_file
from courses.models import Attendance, Enrolment
from tests.builders import make_class, make_commune, make_enrolment, make_institution, make_session
from tests.conftest import DAY, client_of, make_user, unit_of
from tests.reports.pages import read, text_of

COMMUNE = "02851"  # Lùng Cải, of Bắc Hà


@pytest.fixture
def person(db) -> Official:
    """Somebody of Bắc Hà, who was there before any history."""
    with unrecorded():
        official = Official.objects.create(
            full_name="Lý Thị Liên", sex="F", birth_date=date(1979, 8, 1), birth_precision="month"
        )
        registry.appoint(
            official, Position.objects.get(code="CT_UBND"), unit_of(COMMUNE), start_date=date(2012, 7, 1), by=None
        )
    return official


def rename(person: Official, name: str, *, by: User | None, reason: str = "") -> None:
    with act(Act.Kind.CORRECTION, reason=reason):
        person.full_name = name
        registry.record_facts(person, by=by)


def page_of(person: Official) -> str:
    return reverse("cadres:official-history", args=[person.pk])


def words_of(model: type) -> list[tuple[str, str, str]]:
    """The lines of the last change of a table: label, before, after."""
    change = Change.objects.filter(table_name=model._meta.db_table).order_by("-pk")[0]
    return [(line.label, line.old, line.new) for line in told([change])[0].lines]


# ---------------------------------------------------------------- in words


def test_only_what_differs_is_told_by_the_names_of_the_fields(person):
    group = EthnicGroup.objects.get(code="10")
    person.full_name, person.sex, person.ethnic_group, person.is_party_member = "Lý Thị Liễn", "M", group, False
    registry.record_facts(person, by=None)
    assert words_of(Official) == [
        ("Họ và tên", "Lý Thị Liên", "Lý Thị Liễn"),
        ("Giới tính", "Nữ", "Nam"),
        ("Dân tộc", "", str(group)),
        ("Đảng viên", "", "Không"),
    ]


@pytest.mark.parametrize(
    ("day", "precision", "shown"),
    [(date(1979, 1, 1), "year", "1979"), (date(1979, 8, 1), "day", "01/08/1979"), (None, "", "")],
)
def test_a_date_is_told_as_far_as_it_is_known(person, day, precision, shown):
    person.birth_date, person.birth_precision = day, precision
    registry.record_facts(person, by=None)
    assert words_of(Official) == [("Ngày sinh", "08/1979", shown)]


def test_a_new_row_tells_what_is_in_it_and_what_it_belongs_to(person):
    level = Level.objects.get(dimension__code="professional", code="TC")
    record = registry.record_qualification(
        person, level, as_of=DAY, by=None, awarded=PartialDate(date(2009, 1, 1), "year"), field_of_study="Kế toán"
    )
    change = Change.objects.get(table_name=record._meta.db_table)
    one = told([change])[0]
    assert (one.operation, one.kind, one.person, one.row) == (
        "Thêm",
        "văn bằng, chứng chỉ",
        "Lý Thị Liên",
        str(level.name),
    )
    lines = {line.label: line.new for line in one.lines}
    assert lines["Chuyên ngành"] == "Kế toán"
    assert lines["Ngày cấp"] == "2009"
    assert not {"Id", "Field key", "Batch"} & lines.keys()


def test_a_unit_is_called_by_its_last_name_and_what_is_gone_by_what_it_was_called(person):
    room_place = make_commune(name="Nậm Lúc")
    change = Change.objects.filter(table_name="cadres_rosterday").order_by("-pk")[0]
    assert told([change])[0].kind == "ngày có số liệu của xã"
    group = EthnicGroup.objects.create(code="Z1", name="Thử")
    person.ethnic_group = group
    registry.record_facts(person, by=None)
    person.ethnic_group = None
    registry.record_facts(person, by=None)
    group.delete()
    assert words_of(Official) == [("Dân tộc", "Thử (đã xóa)", "")]
    assert room_place.pk


def test_what_django_does_not_know_any_more_is_told_by_its_name_in_the_database(person):
    rename(person, "Lý Thị Liễn", by=None)
    change = Change.objects.order_by("-pk")[0]
    change.before["so_cu"], change.after["so_cu"] = 1, 25_000
    assert [(line.label, line.old, line.new) for line in told([change])[0].lines][-1] == ("So_cu", "1", "25.000")
    change.table_name = "bang_cu"
    assert told([change])[0].kind == "bang_cu"


def test_a_secret_is_told_as_changed(db):
    user = User.objects.create_user("can-bo", password="một")
    user.set_password("hai")
    user.save()
    assert words_of(User)[0][2] == "đã đổi"


# ---------------------------------------------------------------- a person


def test_so_finds_the_name_that_a_district_changed_with_who_when_and_why(person, district_officer, province_staff):
    rename(person, "Lý Thị Liễn", by=district_officer, reason="theo giấy khai sinh")
    text = text_of(read(client_of(province_staff), page_of(person)))
    for told_there in ("Lý Thị Liên", "→ Lý Thị Liễn", "bac-ha", "theo giấy khai sinh", "Đính chính"):
        assert told_there in text
    assert "Name order" not in text


def test_the_person_s_page_says_who_changed_it_last_and_leads_to_the_history(person, district_officer, province_staff):
    page = reverse("cadres:official-detail", args=[person.pk])
    assert "Sửa lần cuối" not in read(client_of(province_staff), page)
    rename(person, "Lý Thị Liễn", by=district_officer)
    content = read(client_of(province_staff), page)
    assert "Sửa lần cuối bởi bac-ha" in content
    assert page_of(person) in content


def test_everything_about_a_person_is_there_parts_too_of_what_was_there_before_any_history(person, province_staff):
    with unrecorded():
        training_class = make_class()
        enrolment = make_enrolment(person, training_class)
        session = make_session(training_class)
    registry.issue_identifier(person, kind="CCCD", number="010185000123", start_date=DAY, by=None)
    Attendance.objects.create(enrolment=enrolment, session=session, mark="present")
    text = text_of(read(client_of(province_staff), page_of(person)))
    assert "010185000123" in text
    assert "điểm danh" in text


def test_nothing_of_somebody_else_is_there(person, province_staff):
    with unrecorded():
        training_class, other = make_class(), Official.objects.create(full_name="Sùng Seo Lạ")
    make_enrolment(other, training_class)
    rename(other, "Sùng Seo Lả", by=None)
    text = text_of(read(client_of(province_staff), page_of(person)))
    assert "Sùng Seo" not in text
    assert "Chưa có thay đổi nào" in text


def test_the_history_is_narrowed_by_kind_and_by_what_is_typed(person, province_staff):
    client = client_of(province_staff)
    rename(person, "Lý Thị Liễn", by=None)
    registry.issue_identifier(person, kind="CCCD", number="010185000123", start_date=DAY, by=None)
    by_kind = text_of(read(client, page_of(person) + "?loai=cadres_officialidentifier"))
    assert "010185000123" in by_kind
    assert "→ Lý Thị Liễn" not in by_kind
    by_field = text_of(read(client, page_of(person) + "?q=ho+va+ten"))
    assert "→ Lý Thị Liễn" in by_field
    assert "010185000123" not in by_field
    assert "khớp với bộ lọc" in text_of(read(client, page_of(person) + "?q=khong+co+gi"))
    assert client.get(page_of(person) + "?loai=auth_user").status_code == 400


def test_the_history_goes_out_as_a_file_and_that_is_told(person, district_officer, province_staff):
    rename(person, "Lý Thị Liễn", by=district_officer, reason="theo giấy khai sinh")
    response = client_of(province_staff).get(page_of(person) + "?tep=xlsx")
    rows = load_workbook(BytesIO(response.content)).active.values
    assert ("Họ và tên", "Lý Thị Liên", "Lý Thị Liễn") in [row[-3:] for row in rows]
    assert Visit.objects.latest("pk").kind == Visit.Kind.EXPORT
    csv = client_of(province_staff).get(page_of(person) + "?tep=csv").content.decode()
    assert "theo giấy khai sinh" in csv
    assert client_of(province_staff).get(page_of(person) + "?tep=exe").status_code == 404


def test_another_district_does_not_read_the_history_of_a_person(person, foreign_officer):
    assert client_of(foreign_officer).get(page_of(person)).status_code == 404


def test_a_person_looked_at_through_the_history_is_told_as_looked_at(person, province_staff):
    read(client_of(province_staff), page_of(person))
    assert Visit.objects.get().person == person


# ---------------------------------------------------------------- a class, a catalogue, a commune


@pytest.mark.parametrize("address", ["courses:class-history", "admin:courses_trainingclass_history"])
def test_the_history_of_a_class_tells_a_district_of_its_own_people_only(
    address, person, district_officer, foreign_officer, monkeypatch
):
    """By itself, where no second wall stands: that hides the people of others anyhow."""
    monkeypatch.setattr("cadres.walls.can_be_asked", lambda: False)
    training_class = make_class()
    enrolment = make_enrolment(person, training_class)
    Attendance.objects.create(enrolment=enrolment, session=make_session(training_class), mark="present")
    page = reverse(address, args=[training_class.pk])
    own = text_of(read(client_of(district_officer), page))
    assert "Lý Thị Liên" in own
    assert "điểm danh" in own
    foreign = text_of(read(client_of(foreign_officer), page))
    assert training_class.code in foreign
    assert "Lý Thị Liên" not in foreign
    assert "điểm danh" not in foreign


def test_the_history_of_a_class_tells_the_institution_that_teaches_it_of_all_in_it(person):
    teacher = make_user("truong", roles.TRAINING_INSTITUTION)
    training_class = make_class(institution=make_institution(user=teacher))
    make_enrolment(person, training_class)
    page = reverse("courses:class-history", args=[training_class.pk])
    assert "Lý Thị Liên" in text_of(read(client_of(teacher), page))


def test_what_a_class_cost_is_told_to_nobody_who_may_not_see_it(person, district_officer, leader):
    training_class = make_class()
    training_class.funding.create(source="province", committed=31_060_000)
    page = reverse("courses:class-history", args=[training_class.pk])
    assert "31.060.000" in text_of(read(client_of(leader), page))
    assert "31.060.000" not in text_of(read(client_of(district_officer), page))


def test_the_history_page_of_a_catalogue_tells_what_was_changed_however_it_was(province_staff):
    standard = Standard.objects.all()[0]
    page = reverse("admin:cadres_standard_history", args=[standard.pk])
    requirement = standard.requirements.all()[0]
    requirement.article = "Điều 99"
    requirement.save()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cadres_standard SET legal_basis = 'Văn bản mới' WHERE id = %s", [standard.pk])
    text = text_of(read(client_of(province_staff), page))
    assert "→ Điều 99" in text
    assert "→ Văn bản mới" in text


def test_the_history_of_a_commune_tells_its_versions_and_zones(province_staff):
    commune: Unit = make_commune(name="Nậm Lúc")
    commune.zones.create(zone=3, decision="QĐ 582", start_date=DAY)
    text = text_of(read(client_of(province_staff), reverse("admin:cadres_unit_history", args=[commune.pk])))
    assert "Nậm Lúc" in text
    assert "QĐ 582" in text


# ---------------------------------------------------------------- the log


LOG = "/nhat-ky/"


@pytest.mark.parametrize("page", [LOG, "/nhat-ky/luot-vao/"])
def test_the_log_is_for_so_alone(page, district_officer, leader):
    assert client_of(district_officer).get(page).status_code == 403
    assert client_of(leader).get(page).status_code == 403


def test_an_act_is_one_line_which_opens_to_its_changes(person, district_officer, province_staff):
    rename(person, "Lý Thị Liễn", by=district_officer, reason="theo giấy khai sinh")
    client, last = client_of(province_staff), Act.objects.latest("pk")
    content = read(client, LOG)
    assert "Sửa cán bộ, công chức: Lý Thị Liễn" in text_of(content)
    page = reverse("cadres:act-detail", args=[last.pk])
    assert page in content
    text = text_of(read(client, page))
    assert "Lý Thị Liên → Lý Thị Liễn" in text
    assert "theo giấy khai sinh" in text


def test_the_log_is_searched_by_person_account_day_and_kind(person, district_officer, province_staff):
    rename(person, "Lý Thị Liễn", by=district_officer)
    registry.issue_identifier(person, kind="CCCD", number="010185000123", start_date=DAY, by=province_staff)
    client, today = client_of(province_staff), localtime(Act.objects.latest("pk").at).date()
    name, number = "Sửa cán bộ, công chức: Lý Thị Liễn", "Thêm số định danh: Lý Thị Liễn"
    for words, shown, hidden in (
        ("q=ly+thi+lien", {name, number}, set()),
        ("q=010185000123", {name, number}, set()),
        ("q=sung+seo", set(), {name, number}),
        (f"tai_khoan={district_officer.pk}", {name}, {number}),
        ("viec=correction", {name}, {number}),
        (f"tu={today}&den={today}", {name, number}, set()),
        ("den=2020-01-01", set(), {name, number}),
    ):
        text = text_of(read(client, f"{LOG}?{words}"))
        assert all(line in text for line in shown), words
        assert not any(line in text for line in hidden), words
    assert client.get(f"{LOG}?tai_khoan=khong-co").status_code == 400


def test_a_deleted_person_is_still_found_in_the_log(person, province_staff):
    rename(person, "Lý Thị Liễn", by=None)
    Enrolment.objects.filter(official=person).delete()
    person.delete()
    text = text_of(read(client_of(province_staff), f"{LOG}?q=lien"))
    assert "Lý Thị Liễn (đã xóa)" in text


def test_a_large_act_is_counted_to_a_bound(province_staff):
    with act(Act.Kind.BULK, by=province_staff), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO cadres_official (full_name, folded_name, name_order, sex, birth_precision, religion,"
            " party_joined_precision, recruited_precision, insurance_precision, note, changed_at)"
            " SELECT 'Người', 'nguoi', 'x', '', '', '', '', '', '', '', now() FROM generate_series(1, 1200)"
        )
    client = client_of(province_staff)
    assert "Thêm hơn 1.000 cán bộ, công chức: ít nhất 1.000 người" in text_of(read(client, LOG))
    assert "1.200 thay đổi" in text_of(read(client, reverse("cadres:act-detail", args=[Act.objects.latest("pk").pk])))
    assert "hơn 100 người khớp" in text_of(read(client, f"{LOG}?q=nguoi"))


def test_an_act_that_is_none_answers_404(province_staff):
    for number in (999_999, 10**30):
        assert client_of(province_staff).get(f"{LOG}{number}/").status_code == 404


def test_a_line_is_called_after_one_row_or_one_person_and_else_counts(person, province_staff):
    client = client_of(province_staff)
    with act(Act.Kind.BULK, by=province_staff):
        EthnicGroup.objects.create(code="Z1", name="Một")
        EthnicGroup.objects.create(code="Z2", name="Hai")
    with act(Act.Kind.CORRECTION, by=province_staff):
        EthnicGroup.objects.create(code="Z3", name="Ba")
    text = text_of(read(client, LOG))
    assert "Thêm 2 dân tộc so-noi-vu" in text
    assert "Thêm dân tộc: Ba" in text


def test_a_roster_is_one_line_that_tells_the_file_and_how_many_people(province_staff):
    content = Path("tests/data/bac-ha-2015.xlsx").read_bytes()
    import_file(read_file("bac-ha-2015.xlsx", content, unit_code="085"), by=province_staff)
    text = text_of(read(client_of(province_staff), LOG))
    people = Official.objects.count()
    assert f"Nhập danh sách bac-ha-2015.xlsx: ít nhất {people} hồ sơ, hơn 1.000 thay đổi" in text


def test_visits_are_searched_and_exported(person, district_officer, province_staff):
    read(client_of(district_officer), reverse("cadres:official-detail", args=[person.pk]))
    client = client_of(province_staff)
    text = text_of(read(client, "/nhat-ky/luot-vao/?q=lien"))
    assert "Lý Thị Liên" in text
    assert "bac-ha" in text
    file = client.get("/nhat-ky/luot-vao/?viec=person&q=lien&cot=ai&cot=ho_so&tep=xlsx").content
    rows = [[cell for cell in row if cell is not None] for row in load_workbook(BytesIO(file)).active.values]
    assert ["STT", "Tài khoản", "Hồ sơ"] in rows
    assert {row[1] for row in rows if "Lý Thị Liên" in row} == {"bac-ha"}
    assert any("Bộ lọc: Tìm: lien; Việc: " in str(row[0]) for row in rows if row)
    assert "Không có dòng nào" in text_of(read(client, "/nhat-ky/luot-vao/?viec=refused"))


@pytest.mark.parametrize("words", ["", "?q=lien", "?tai_khoan={user}&tu=2015-01-01"])
def test_the_pages_of_the_history_ask_eleven_questions_at_most(
    person, province_staff, words, django_assert_max_num_queries
):
    for number in range(30):
        rename(person, f"Lý Thị Liễn {number}", by=province_staff)
    client = client_of(province_staff)
    for page in (LOG, "/nhat-ky/luot-vao/", *([] if words else [f"{LOG}{Act.objects.latest('pk').pk}/"])):
        address = page + words.format(user=province_staff.pk)
        read(client, address)
        with django_assert_max_num_queries(13 if "q=" in words else 11):  # two count and keep that it was searched
            read(client, address)


@pytest.mark.parametrize("words", ["", "?q=lien", "?loai=cadres_official"])
def test_the_history_of_a_person_asks_ten_questions_at_most(
    person, province_staff, words, django_assert_max_num_queries
):
    for number in range(30):
        rename(person, f"Lý Thị Liễn {number}", by=province_staff)
    client = client_of(province_staff)
    read(client, page_of(person) + words)
    with django_assert_max_num_queries(12 if "q=" in words else 10):
        read(client, page_of(person) + words)
