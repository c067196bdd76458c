"""The training catalogue and the list of classes, on screen, in and out."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cadres import roles
from cadres.models import User
from courses.access import institutions_of
from courses.models import (
    CostNorm,
    Institution,
    InstitutionAccount,
    Programme,
    Room,
    SubjectArea,
    Trainer,
    TrainingClass,
    UnitDistance,
)
from tests.builders import level_of, make_class, make_institution, make_programme, make_trainer, make_unit
from tests.cadres.test_catalogues import workbook
from tests.conftest import client_of, make_user, unit_of

PROGRAMMES = reverse("admin:courses_programme_changelist")
CLASSES = reverse("admin:courses_trainingclass_changelist")
NO_MODULES = {"modules-TOTAL_FORMS": "0", "modules-INITIAL_FORMS": "0"}
NO_ACCOUNTS = {"accounts-TOTAL_FORMS": "0", "accounts-INITIAL_FORMS": "0"}


def upload(client, model: str, *rows):
    return client.post(reverse(f"admin:courses_{model}_import"), {"table": workbook(*rows)})


@pytest.fixture
def institution_account(db) -> User:
    """An account of Trường Chính trị."""
    account = make_user("truong-chinh-tri", roles.TRAINING_INSTITUTION)
    InstitutionAccount.objects.create(user=account, institution=Institution.objects.get(code="TCT"))
    return account


@pytest.fixture
def training_class(db) -> TrainingClass:
    return TrainingClass.objects.create(
        code="LLCT-K12",
        programme=Programme.objects.filter(kind="degree").first(),
        place=unit_of("085"),
        start_date=date(2016, 3, 2),
        end_date=date(2016, 11, 30),
        seats=40,
        state=TrainingClass.State.OPEN,
    )


def test_the_list_of_classes_says_when_where_and_how_many(training_class, leader):
    page = client_of(leader).get(CLASSES).content.decode()

    for text in ("LLCT-K12", "Đang mở đăng ký", "02/03/2016", "30/11/2016", "Huyện Bắc Hà", "40"):
        assert text in page
    assert reverse("courses:class-detail", args=[training_class.pk]) in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"state": "open"}, True),
        ({"state": "ended"}, False),
        ({"programme__kind": "degree"}, True),
        ({"nam": "2016"}, True),
        ({"q": "llct-k12"}, True),
        ({"q": "không có lớp này"}, False),
    ],
    ids=str,
)
def test_classes_are_filtered(training_class, leader, query, found):
    page = client_of(leader).get(CLASSES, query).content.decode()

    assert ("LLCT-K12" in page.split('id="count"')[1]) is found


def test_classes_are_filtered_by_district(training_class, leader):
    for code, found in (("085", True), ("083", False)):
        page = client_of(leader).get(CLASSES, {"huyen": unit_of(code).pk}).content.decode()
        assert ("LLCT-K12" in page.split('id="count"')[1]) is found
    assert client_of(leader).get(CLASSES, {"huyen": "nonsense"}).status_code == 400


def test_programmes_are_listed_with_what_they_lead_to(leader):
    page = client_of(leader).get(PROGRAMMES, {"kind": "degree"}).content.decode()

    for programme in Programme.objects.filter(kind="degree").select_related("raises_to"):
        assert programme.title in page
        assert not programme.raises_to or programme.raises_to.name in page


def test_nobody_adds_or_changes_a_class_on_the_list_to_look_at(training_class, province_staff):
    client = client_of(province_staff)
    change = reverse("admin:courses_trainingclass_change", args=[training_class.pk])

    assert client.get(change).status_code == 200
    assert client.post(reverse("admin:courses_trainingclass_add"), {}).status_code == 403
    assert client.post(change, {"code": "KHAC"}).status_code == 403
    training_class.refresh_from_db()
    assert training_class.code == "LLCT-K12"


def test_an_institution_finds_its_own_classes_only(training_class, institution_account):
    client = client_of(institution_account)
    own = make_class(institution=Institution.objects.get(code="TCT"))

    page = client.get(CLASSES).content.decode()

    assert own.code in page
    assert "LLCT-K12" not in page
    foreign = reverse("admin:courses_trainingclass_change", args=[training_class.pk])
    assert client.get(foreign).status_code == 404


# Programmes


def test_a_level_is_named_with_its_dimension(province_staff):
    page = client_of(province_staff).get(reverse("admin:courses_programme_add")).content.decode()

    for dimension in ("Lý luận chính trị", "Trình độ chuyên môn"):
        assert f">{dimension}: Trung cấp</option>" in page  # to raise to
        assert f"<label>{dimension}</label>" in page  # to have before: boxes below the name of the dimension
    boxes = page.split('id="id_prerequisites"')[1]
    assert f'value="{level_of("political_theory", "TC").pk}"' in boxes
    assert f'value="{level_of("political_theory", "CHUA").pk}"' not in boxes


def test_a_programme_cannot_demand_what_it_leads_to(province_staff):
    programme = Programme.objects.get(code="TC-LUAT")
    data = {
        "code": programme.code,
        "title": programme.title,
        "kind": programme.kind,
        "subject_area": programme.subject_area_id,
        "form": programme.form,
        "hours": "1200",
        "raises_to": level_of("professional", "TC").pk,
        "prerequisites": [level_of("professional", "CD").pk],
        **NO_MODULES,
    }
    change = reverse("admin:courses_programme_change", args=[programme.pk])
    client = client_of(province_staff)

    page = client.post(change, data).content.decode()

    assert "Chương trình nâng lên “Trung cấp” thì không thể đòi phải có trước “Cao đẳng”." in page
    allowed = {**data, "prerequisites": [level_of("professional", "SC").pk, level_of("education", "THPT").pk]}
    assert client.post(change, allowed).status_code == 302
    assert {level.code for level in programme.prerequisites.all()} == {"SC", "THPT"}


def test_a_code_given_twice_is_told(province_staff):
    data = {"code": "TCT", "name": "Trường thứ hai", **NO_ACCOUNTS}

    page = client_of(province_staff).post(reverse("admin:courses_institution_add"), data).content.decode()

    assert "Cơ sở đào tạo có Mã đã tồn tại." in page
    assert not Institution.objects.filter(name="Trường thứ hai").exists()


PROGRAMME_TITLES = (
    *("Mã", "Tên chương trình", "Loại hình", "Mã lĩnh vực", "Nâng lên mức", "Số tiết", "Chức danh được học"),
    "Phải có trước",
)


def test_programmes_come_in_as_a_table(province_staff):
    client = client_of(province_staff)
    row = ("TC-TY", "Trung cấp Thú y", "Đào tạo", "CM", "professional:TC", 1200, "CT_HND; DC_XD", "education:THCS")

    preview = upload(client, "programme", PROGRAMME_TITLES, row).content.decode()

    assert "Thêm 1" in preview
    assert not Programme.objects.filter(code="TC-TY").exists()
    client.post(reverse("admin:courses_programme_import_confirm"))
    programme = Programme.objects.get(code="TC-TY")
    assert (programme.raises_to, programme.days) == (level_of("professional", "TC"), 150)
    assert {position.code for position in programme.target_positions.all()} == {"CT_HND", "DC_XD"}
    assert list(programme.prerequisites.all()) == [level_of("education", "THCS")]


@pytest.mark.parametrize(
    ("column", "value", "told"),
    [
        ("Nâng lên mức", "professional:XX", "Không có mức “professional:XX”."),
        ("Phải có trước", "education:THCS;it:Z", "Không có mức it:Z."),
        ("Mã lĩnh vực", "KHAC", "Không có lĩnh vực đào tạo mang mã “KHAC”."),
        ("Loại hình", "Học nghề", "Các giá trị dùng được: Đào tạo, Bồi dưỡng, Tập huấn."),
        ("Số tiết", "nhiều", "“nhiều” không phải là số nguyên."),
        ("Số tiết", 0, "Số tiết phải lớn hơn 0."),
    ],
)
def test_a_wrong_cell_of_a_programme_is_told(province_staff, column, value, told):
    row = dict(zip(PROGRAMME_TITLES, ("X1", "Chương trình", "Đào tạo", "CM", "", 40, "", ""), strict=True))

    page = upload(client_of(province_staff), "programme", PROGRAMME_TITLES, tuple({**row, column: value}.values()))

    assert told in page.content.decode()


# Institutions and their accounts


def test_an_account_is_given_an_institution_on_the_page_of_the_institution(province_staff):
    account = make_user("truong-moi", roles.TRAINING_INSTITUTION)
    school = Institution.objects.get(code="BDCT-085")
    data = {
        "code": school.code,
        "name": school.name,
        "place": school.place_id,
        "head": "Nguyễn Văn Hiệu",
        **NO_ACCOUNTS,
        "accounts-TOTAL_FORMS": "1",
        "accounts-0-user": account.pk,
        "accounts-0-start_date": "",
    }
    client = client_of(province_staff)

    answer = client.post(reverse("admin:courses_institution_change", args=[school.pk]), data)

    assert answer.status_code == 302, answer.content.decode()
    assert list(institutions_of(account)) == [school]
    own_page = client.get(reverse("cadres:account-detail", args=[account.pk])).content.decode()
    assert school.name in own_page
    assert "ở danh mục Cơ sở đào tạo" in own_page


def test_only_accounts_of_training_institutions_are_offered(province_staff, district_officer, institution_account):
    page = client_of(province_staff).get(reverse("admin:courses_institution_add")).content.decode()

    choices = page.split('name="accounts-0-user"')[1].split("</select>")[0]
    assert institution_account.username in choices
    assert district_officer.username not in choices


def test_an_institution_is_not_given_twice_for_the_same_days(province_staff, institution_account):
    school = Institution.objects.get(code="TCT")
    given = school.accounts.get()
    data = {
        "code": school.code,
        "name": school.name,
        "place": school.place_id,
        **NO_ACCOUNTS,
        "accounts-TOTAL_FORMS": "2",
        "accounts-INITIAL_FORMS": "1",
        "accounts-0-id": given.pk,
        "accounts-0-user": institution_account.pk,
        "accounts-1-user": institution_account.pk,
        "accounts-1-start_date": "01/01/2015",
    }

    page = client_of(province_staff).post(reverse("admin:courses_institution_change", args=[school.pk]), data)

    assert "Tài khoản này đã được giao cơ sở đó trong khoảng thời gian đó." in page.content.decode()


def test_who_may_not_give_accounts_does_not_see_them(institution_account, leader, province_staff):
    list_page = reverse("admin:courses_institution_changelist")
    page = reverse("admin:courses_institution_change", args=[Institution.objects.get(code="TCT").pk])

    assert institution_account.username in client_of(province_staff).get(list_page).content.decode()
    for address in (list_page, page):
        assert institution_account.username not in client_of(leader).get(address).content.decode()


def test_a_training_institution_lands_on_what_it_has_to_do_with_the_way_to_its_classes(institution_account):
    page = client_of(institution_account).get(reverse("reports:home")).content.decode()
    assert "Việc cần làm" in page
    assert reverse("courses:class-list") in page
    assert reverse("cadres:official-list") not in page


def test_institutions_come_in_with_the_code_of_their_place(province_staff):
    client = client_of(province_staff)
    titles = ("Mã", "Tên", "Mã địa bàn", "Người đứng đầu")

    upload(client, "institution", titles, ("N1", "Trung tâm dạy nghề", 85, "Lý A Páo"), ("N2", "Trường xa", "", ""))
    client.post(reverse("admin:courses_institution_import_confirm"))

    assert Institution.objects.get(code="N1").place == unit_of("085")
    assert Institution.objects.get(code="N2").place is None
    page = upload(client, "institution", titles, ("N3", "Trường lạ", "99999", "")).content.decode()
    assert "Không có đơn vị nào mang mã “99999”." in page


def test_a_place_whose_code_was_used_again_is_the_unit_that_bears_it_now(province_staff):
    make_unit("district", code="T77", name="Huyện cũ", end_date=date(2014, 12, 31))
    new = make_unit("district", code="T77", name="Huyện mới", start_date=date(2015, 1, 1))
    client = client_of(province_staff)

    upload(client, "institution", ("Mã", "Tên", "Mã địa bàn"), ("N1", "Trung tâm", "T77"))
    client.post(reverse("admin:courses_institution_import_confirm"))

    assert Institution.objects.get(code="N1").place == new


# Trainers


def test_trainers_are_found_without_diacritics_and_by_what_they_teach(province_staff):
    party, law = SubjectArea.objects.get(code="XDD"), SubjectArea.objects.get(code="TP")
    school = Institution.objects.get(code="TCT")
    make_trainer("Đỗ Thị Hạnh", institution=school, subjects=(party,))
    make_trainer("Lù Seo Dơ", kind=Trainer.Kind.DISTRICT_LEADER, post="Phó Chủ tịch UBND huyện", subjects=(law,))
    client = client_of(province_staff)
    trainers = reverse("admin:courses_trainer_changelist")

    for query, found in (
        ({"q": "do thi hanh"}, {"Đỗ Thị Hạnh"}),
        ({"q": "Đỗ Thị"}, {"Đỗ Thị Hạnh"}),
        ({"kind": "district_leader"}, {"Lù Seo Dơ"}),
        ({"institution": school.pk}, {"Đỗ Thị Hạnh"}),
        ({"subjects": law.pk}, {"Lù Seo Dơ"}),
    ):
        page = client.get(trainers, query).content.decode().split('id="count"')[1]
        assert {name for name in ("Đỗ Thị Hạnh", "Lù Seo Dơ") if name in page} == found, query


def test_a_second_trainer_of_the_same_name_is_pointed_out(province_staff):
    make_trainer("Đỗ Thị Hạnh", post="Sở Tư pháp")
    data = {"full_name": "Đỗ Thị Hạnh", "kind": "expert"}

    answer = client_of(province_staff).post(reverse("admin:courses_trainer_add"), data, follow=True)

    assert "Danh mục đã có người cùng họ tên: Đỗ Thị Hạnh (Sở Tư pháp)." in answer.content.decode()
    assert Trainer.objects.count() == 2


def test_trainers_come_in_as_a_table_and_go_out_the_same(province_staff):
    client = client_of(province_staff)
    titles = ("Họ và tên", "Loại", "Mã cơ sở", "Chức vụ, nơi công tác", "Mã lĩnh vực dạy", "Điện thoại")
    rows = (
        ("Đỗ Thị Hạnh", "Giảng viên cơ hữu", "TCT", "", "LLCT;XDD", "0214 3840 000"),
        ("Lù Seo Dơ", "Kiêm chức: lãnh đạo huyện", "", "UBND huyện Bắc Hà", "TP", ""),
    )

    upload(client, "trainer", titles, *rows)
    client.post(reverse("admin:courses_trainer_import_confirm"))

    assert {area.code for area in Trainer.objects.get(folded_name="do thi hanh").subjects.all()} == {"LLCT", "XDD"}
    exported = client.get(reverse("admin:courses_trainer_export"))
    again = SimpleUploadedFile("bang.xlsx", exported.getvalue())
    page = client.post(reverse("admin:courses_trainer_import"), {"table": again}).content.decode()
    assert "Không đổi 2" in page
    make_trainer("Lù Seo Dơ")
    twice = upload(client, "trainer", titles, rows[1]).content.decode()
    assert "Cơ sở này có nhiều giảng viên tên “Lù Seo Dơ”" in twice


# Rooms, norms, regulations


def test_a_room_stands_once_at_a_place(province_staff):
    place = unit_of("085")
    Room.objects.create(name="Hội trường A", place=place)

    page = client_of(province_staff).post(
        reverse("admin:courses_room_add"), {"name": "Hội trường A", "place": place.pk, "seats": "60"}
    )

    assert "Đơn vị này đã có phòng học tên đó." in page.content.decode()


NORM = {"kind": "degree", "per_trainee_day": "60000", "start_date": "01/01/2011", "decision": "QĐ 1"}


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"end_date": "31/12/2010"}, "Ngày kết thúc phải từ ngày bắt đầu trở đi."),
        ({"start_date": "31/12/2012"}, "Loại hình này đã có định mức trong khoảng thời gian đó."),
        ({"start_date": "01/01/2013"}, ""),
        ({"kind": "workshop"}, ""),
    ],
    ids=str,
)
def test_cost_norms_of_a_kind_do_not_overlap(province_staff, changed, told):
    CostNorm.objects.create(
        kind="degree", per_trainee_day=55_000, start_date=date(2010, 1, 1), end_date=date(2012, 12, 31)
    )

    answer = client_of(province_staff).post(reverse("admin:courses_costnorm_add"), {**NORM, **changed})

    assert told in answer.content.decode()
    assert CostNorm.objects.count() == (1 if told else 2)


def test_a_norm_of_a_programme_stands_under_its_kind(province_staff):
    programme = Programme.objects.get(code="TH-A")
    data = {**NORM, "programme": programme.pk}
    client = client_of(province_staff)

    refused = client.post(reverse("admin:courses_costnorm_add"), data).content.decode()

    assert "là chương trình bồi dưỡng. Hãy chọn “Bồi dưỡng”." in refused
    client.post(reverse("admin:courses_costnorm_add"), {**data, "kind": "certificate"})
    client.post(reverse("admin:courses_costnorm_add"), NORM)
    assert CostNorm.objects.count() == 2
    again = client.post(reverse("admin:courses_costnorm_add"), {**data, "kind": "certificate"}).content.decode()
    assert "Chương trình này đã có định mức trong khoảng thời gian đó." in again


def test_a_new_decision_on_cost_norms_comes_in_as_a_table(province_staff):
    CostNorm.objects.create(kind="workshop", per_trainee_day=100_000, start_date=date(2011, 1, 1))
    titles = ("Loại hình", "Mã chương trình", "Đồng một học viên một ngày", "Từ ngày", "Đến ngày", "Văn bản")
    client = client_of(province_staff)

    overlapping = upload(client, "costnorm", titles, ("Tập huấn", "", 150000, "01/01/2014", "", "QĐ 2"))
    assert "Loại hình này đã có định mức" in overlapping.content.decode()
    upload(
        client,
        "costnorm",
        titles,
        ("Tập huấn", "", 100000, "01/01/2011", "31/12/2013", "QĐ 1"),
        ("Tập huấn", "", 150000, "01/01/2014", "", "QĐ 2"),
        ("Bồi dưỡng", "TH-A", 90000, "01/01/2014", "", "QĐ 2"),
    )
    client.post(reverse("admin:courses_costnorm_import_confirm"))

    norms = CostNorm.objects.order_by("start_date", "kind").values_list("kind", "per_trainee_day", "end_date")
    assert list(norms) == [
        ("workshop", 100_000, date(2013, 12, 31)),
        ("certificate", 90_000, None),
        ("workshop", 150_000, None),
    ]
    exported = client.get(reverse("admin:courses_costnorm_export"))
    again = SimpleUploadedFile("bang.xlsx", exported.getvalue())
    page = client.post(reverse("admin:courses_costnorm_import"), {"table": again}).content.decode()
    assert "Không đổi 3" in page


def test_regulations_do_not_overlap(province_staff):
    data = {
        "decree": "Nghị định mới",
        "start_date": "01/01/2024",
        "yearly_hours": "40",
        "commitment_factor": "2",
        "reduction_percent": "1",
        "reduction_percent_favoured": "1,5",
    }

    page = client_of(province_staff).post(reverse("admin:courses_trainingregulation_add"), data).content.decode()

    assert "Khoảng thời gian này đã có quy định." in page


def test_a_list_costs_the_same_for_any_number_of_rows(province_staff):
    client = client_of(province_staff)
    models = ("programme", "institution", "trainer", "room", "costnorm", "subjectarea", "unitdistance")
    queries: list[dict[str, int]] = []
    for start in range(2):
        for number in range(start * 4, start * 4 + 4):
            school = make_institution()
            school.place = unit_of("085")
            school.save()
            InstitutionAccount.objects.create(
                user=make_user(f"cs-{number}", "training_institution"), institution=school
            )
            make_trainer(f"Giảng viên {number}", institution=school, subjects=SubjectArea.objects.all()[:2])
            Room.objects.create(name=f"Phòng {number}", place=unit_of("085"))
            programme = make_programme("it:B", prerequisites=("it:A", "education:THPT"))
            CostNorm.objects.create(kind=programme.kind, programme=programme, per_trainee_day=1)
            day = date(2010 + number, 1, 1)
            UnitDistance.objects.create(unit=unit_of("02842"), place=unit_of("085"), km=9, start_date=day, end_date=day)
        queries.append({})
        for model in models:
            with CaptureQueriesContext(connection) as captured:
                assert client.get(reverse(f"admin:courses_{model}_changelist")).status_code == 200
            queries[-1][model] = len(captured)

    assert queries[0] == queries[1]
    assert max(queries[0].values()) <= 20
