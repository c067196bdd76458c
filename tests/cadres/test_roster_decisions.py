"""What a person decides about a staged roster: who is meant, who is missing and why, what words and columns mean."""

from datetime import date
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from openpyxl import Workbook

from cadres import roles
from cadres.models import Appointment, ColumnMapping, ImportBatch, ImportRow, Official, Qualification, ValueSpelling
from cadres.roster.batch import BatchStateError, commit, import_file, read_file, stage
from cadres.roster.decisions import (
    another_person,
    choose_day_and_unit,
    decide_missing,
    decide_rows,
    differences,
    learn_spellings,
    map_columns,
    same_as_twin,
    same_person,
    unknown_values,
)
from tests.cadres.workbooks import content_of, flat
from tests.conftest import client_of, make_user
from tests.forms import form_on
from tests.lists import act_on, begin_act, finish_act

pytestmark = pytest.mark.django_db
LATER = "Tính đến 31/12/2016"
DO = {"Họ và tên": "Giàng A Dơ", "Ngày sinh": "05/08/1979", "Dân tộc": "Mông"}


@pytest.fixture(autouse=True)
def _uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def bring(*people: dict, **options) -> ImportBatch:
    return import_file(read_file("a.xlsx", flat(*people, **options)), by=None)


def staged(*people: dict, by=None, unit_code: str = "", **options) -> ImportBatch:
    return stage(read_file("b.xlsx", flat(*people, **options), by=by, unit_code=unit_code), by=by)


def outcomes(batch: ImportBatch) -> list[str]:
    return list(batch.rows.order_by("pk").values_list("outcome", flat=True))


# Who is meant


def open_question() -> tuple[Official, ImportBatch]:
    """A row that looks like somebody in the registry, but with another ethnic group."""
    bring(DO)
    return Official.objects.get(), staged(DO | {"Dân tộc": "Dao", "Tôn giáo": "Không"}, title=LATER)


def test_the_same_person_takes_what_the_file_says_but_for_the_fields_kept(province_staff):
    official, batch = open_question()
    row = batch.rows.get()
    assert (row.outcome, row.candidates) == ("review", [official.pk])
    assert [change.field for change in differences(row, official)] == ["ethnic_group", "religion"]
    decide_rows(batch, {row.pk: same_person(official, keep=["ethnic_group"])}, by=province_staff)
    row.refresh_from_db()
    assert (row.outcome, row.official, row.decided_by) == ("updated", official, province_staff)
    assert [change["field"] for change in row.changes] == ["religion"]
    commit(batch, by=None)
    official.refresh_from_db()
    assert (official.ethnic_group.name, official.religion) == ("Mông", "Không")


def test_another_person_is_created_beside_the_first(province_staff):
    _, batch = open_question()
    decide_rows(batch, {batch.rows.get().pk: another_person()}, by=province_staff)
    assert outcomes(batch) == ["created"]
    commit(batch, by=None)
    assert Official.objects.filter(full_name="Giàng A Dơ").count() == 2


def test_a_decision_can_be_taken_back():
    official, batch = open_question()
    row = batch.rows.get()
    decide_rows(batch, {row.pk: same_person(official)}, by=None)
    decide_rows(batch, {row.pk: {}}, by=None)
    assert outcomes(batch) == ["review"]


def test_an_undecided_row_is_not_written():
    official, batch = open_question()
    commit(batch, by=None)
    assert list(Official.objects.all()) == [official]


def test_a_row_equal_to_another_is_the_same_person_with_another_post():
    batch = staged(DO, DO | {"Chức danh": "Chủ tịch HĐND"})
    assert outcomes(batch) == ["created", "review"]
    second = batch.rows.order_by("pk").last()
    decide_rows(batch, {second.pk: same_as_twin()}, by=None)
    commit(batch, by=None)
    posts = Official.objects.get().appointments.values_list("position__code", "is_primary")
    assert set(posts) == {("CT_UBND", True), ("CT_HDND", False)}


def test_two_rows_are_never_given_to_one_official():
    bring(DO)
    official = Official.objects.get()
    batch = staged(DO | {"Dân tộc": "Dao"}, {"Họ và tên": "Lù Seo Pao"}, title=LATER)
    rows = list(batch.rows.order_by("pk"))
    with pytest.raises(ValidationError, match="cùng một người"):
        decide_rows(batch, {row.pk: same_person(official) for row in rows}, by=None)
    assert not batch.rows.exclude(decision={}).exists()


def test_a_new_person_who_resembles_a_missing_one_can_be_that_one():
    bring(DO)
    official = Official.objects.get()
    batch = staged(DO | {"Họ và tên": "Giàng A Do Lử"}, title=LATER)
    row = batch.rows.get()
    assert (row.outcome, row.candidates) == ("created", [official.pk])
    decide_rows(batch, {row.pk: same_person(official)}, by=None)
    commit(batch, by=None)
    official.refresh_from_db()
    assert official.full_name == "Giàng A Do Lử"


def test_a_number_of_somebody_else_is_not_written_for_another_person():
    bring(DO | {"Số CMND": "063111111"})
    batch = staged({"Họ và tên": "Lù Seo Pao", "Ngày sinh": "01/01/1990", "Số CMND": "063111111"}, title=LATER)
    assert outcomes(batch) == ["review"]
    decide_rows(batch, {batch.rows.get().pk: another_person()}, by=None)
    assert outcomes(batch) == ["created"]
    commit(batch, by=None)
    assert not Official.objects.get(full_name="Lù Seo Pao").identifiers.exists()


def test_a_written_batch_takes_no_decisions():
    _, batch = open_question()
    row = batch.rows.get()
    commit(batch, by=None)
    with pytest.raises(BatchStateError):
        decide_rows(batch, {row.pk: another_person()}, by=None)


# Who is missing


def with_missing() -> tuple[Official, ImportBatch]:
    bring(DO, {"Họ và tên": "Lù Seo Pao"})
    return Official.objects.get(full_name="Lù Seo Pao"), staged(DO, title=LATER)


def test_a_missing_person_keeps_the_post_until_somebody_ends_it(province_staff):
    pao, batch = with_missing()
    assert list(batch.missing.values_list("official", flat=True)) == [pao.pk]
    decide_missing(batch, [pao.pk], end_date=date(2016, 6, 30), end_reason="retired", by=province_staff)
    assert pao.appointments.get().end_date is None  # not before the roster is written
    commit(batch, by=None)
    post = pao.appointments.get()
    assert (post.end_date, post.end_reason) == (date(2016, 6, 30), "retired")


def test_an_end_can_be_taken_back_before_it_is_written():
    pao, batch = with_missing()
    decide_missing(batch, [pao.pk], end_date=date(2016, 6, 30), end_reason="retired", by=None)
    decide_missing(batch, [pao.pk], end_date=None, end_reason="", by=None)
    commit(batch, by=None)
    assert pao.appointments.get().end_date is None


@pytest.mark.parametrize(
    ("day", "reason", "message"),
    [
        (date(2016, 6, 30), "", "Hãy chọn lý do"),
        (date(2017, 1, 1), "retired", "trở về trước"),
        (date(2015, 12, 30), "retired", "bắt đầu sau ngày này"),
    ],
)
def test_an_end_that_cannot_be_is_refused(day, reason, message):
    pao, batch = with_missing()
    with pytest.raises(ValidationError, match=message):
        decide_missing(batch, [pao.pk], end_date=day, end_reason=reason, by=None)
    assert batch.missing.get().end_date is None


# Words and columns


@pytest.mark.parametrize(
    ("title", "word", "field", "code"),
    [
        ("Trình độ chuyên môn", "Thợ cả", "professional", "SC"),
        ("Dân tộc", "Hơ Mông Xanh", "ethnic_group", "08"),
        ("Chức danh", "Trưởng xã", "position", "CT_UBND"),
        ("Xã", "Phố Bản", "commune", "02866"),
    ],
)
def test_a_word_resolved_by_hand_is_understood_in_every_later_file(province_staff, title, word, field, code):
    batch = staged(DO | {title: word})
    (value,) = [value for value in unknown_values(batch) if value.field == field]
    assert (value.value, value.rows) == (word, 1)
    learn_spellings(batch, [(field, word, code)], by=province_staff)
    assert unknown_values(batch) == []
    learnt = ValueSpelling.objects.get(spelling=word)
    assert (learnt.code, learnt.learnt_by) == (code, province_staff)
    assert learnt.learnt_at is not None
    later = staged(DO | {"Họ và tên": "Lù Seo Pao", title: word})
    assert (outcomes(later), unknown_values(later)) == (["created"], [])


def test_a_word_is_not_taught_a_code_that_its_field_does_not_have():
    batch = staged(DO | {"Trình độ chuyên môn": "Thợ cả"})
    with pytest.raises(ValidationError, match="Không có giá trị"):
        learn_spellings(batch, [("professional", "Thợ cả", "KHONG_CO")], by=None)
    assert not ValueSpelling.objects.filter(spelling="Thợ cả").exists()


def test_a_column_declared_by_hand_is_remembered_for_the_layout(province_staff):
    batch = staged(DO | {"Nghề gốc": "Đại học"})
    (sheet,) = batch.summary["sheets"]
    column = next(column for column in sheet["columns"] if column["title"] == "Nghề gốc")
    assert column["field"] == ""
    map_columns(batch, {(sheet["key"], column["key"]): "professional"}, by=province_staff)
    assert batch.rows.get().understood["levels"]["professional"] == "DH"
    assert ColumnMapping.objects.get().decided_by == province_staff
    later = staged(DO | {"Họ và tên": "Lù Seo Pao", "Nghề gốc": "Trung cấp"})
    assert later.rows.get().understood["levels"]["professional"] == "TC"
    map_columns(later, {(sheet["key"], column["key"]): None}, by=province_staff)
    assert "professional" not in later.rows.get().understood.get("levels", {})


def test_the_day_and_the_unit_can_be_chosen_after_the_upload():
    batch = staged(DO)
    choose_day_and_unit(batch, as_of=date(2014, 12, 31), unit_code="085", by=None)
    batch.refresh_from_db()
    assert (batch.as_of, batch.chosen_unit, batch.unit.name_on(batch.as_of)) == (
        date(2014, 12, 31), "085", "Huyện Bắc Hà",
    )  # fmt: skip


def test_decisions_survive_another_reading_of_the_file():
    official, batch = open_question()
    decide_rows(batch, {batch.rows.get().pk: same_person(official)}, by=None)
    choose_day_and_unit(batch, as_of=None, unit_code="085", by=None)
    assert outcomes(batch) == ["updated"]


# On screen


def page(client, name: str, *args, **query) -> str:
    response = client.get(reverse(f"cadres:{name}", args=args), query)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_a_question_is_decided_on_its_page(province_staff):
    official, batch = open_question()
    row = batch.rows.get()
    client = client_of(province_staff)
    text = page(client, "import-row", batch.pk, row.pk)
    assert "Là Giàng A Dơ trong hồ sơ" in text
    assert "Dân tộc" in text
    answer = {"quyet_dinh": official.pk, f"giu-{official.pk}-ethnic_group": "ho-so"}
    client.post(reverse("cadres:import-row", args=[batch.pk, row.pk]), answer)
    row.refresh_from_db()
    assert row.decision == {"official": official.pk, "keep": ["ethnic_group"]}
    assert row.outcome == "updated"
    client.post(reverse("cadres:import-row", args=[batch.pk, row.pk]), {"quyet_dinh": "bo"})
    row.refresh_from_db()
    assert (row.decision, row.outcome) == ({}, "review")


def test_who_decides_a_row_that_another_has_decided_meanwhile_sees_both_and_decides_again(province_staff):
    official, batch = open_question()
    row = batch.rows.get()
    client = client_of(province_staff)
    address = reverse("cadres:import-row", args=[batch.pk, row.pk])
    first, second = (form_on(client, address, "quyet_dinh") for _ in range(2))
    first.send({"quyet_dinh": "nguoi_moi"})

    told = " ".join(client.get(second.send({"quyet_dinh": str(official.pk)})["Location"]).content.decode().split())

    row.refresh_from_db()
    assert row.decision == {"official": None}
    assert "vừa quyết định dòng này: là người khác, thêm mới. Bạn chọn: là Giàng A Dơ." in told
    form_on(client, address, "quyet_dinh").send({"quyet_dinh": str(official.pk)})
    row.refresh_from_db()
    assert row.decision["official"] == official.pk


def test_somebody_else_is_found_by_name_without_diacritics(province_staff):
    _, batch = open_question()
    bring({"Họ và tên": "Vàng Thị Mỷ", "Giới tính": "Nữ"})
    assert "Vàng Thị Mỷ" in page(client_of(province_staff), "import-row", batch.pk, batch.rows.get().pk, q="vang thi")


def test_many_questions_are_decided_at_once(province_staff):
    official, batch = open_question()
    client = client_of(province_staff)
    row = batch.rows.get()
    address = reverse("cadres:import-batch", args=[batch.pk]) + "?ket_qua=review"
    asked = begin_act(client, address, [row.pk], "nguoi_da_co")
    assert "Là Giàng A Dơ" in asked.context["plan"].done[0].outcome
    assert outcomes(batch) == ["review"]
    finish_act(client, asked)
    row.refresh_from_db()
    assert (row.outcome, row.official) == ("updated", official)
    client.post(reverse("cadres:import-row", args=[batch.pk, row.pk]), {"quyet_dinh": "bo"})
    act_on(client, address, [row.pk], "nguoi_moi")
    assert outcomes(batch) == ["created"]


def test_a_row_decided_meanwhile_is_left_out_and_asked_about_again(province_staff):
    official, batch = open_question()
    row = batch.rows.get()
    address = reverse("cadres:import-batch", args=[batch.pk]) + "?ket_qua=review"
    client = client_of(province_staff)
    asked = begin_act(client, address, [row.pk], "nguoi_moi")
    decide_rows(batch, {row.pk: same_person(official)}, by=None)

    again = finish_act(client, asked)

    assert "số liệu vừa thay đổi" in again.content.decode()
    assert "không còn cần xem xét" in again.context["plan"].left_out[0].why_not
    assert outcomes(batch) == ["updated"]


def test_the_lists_of_an_import_sort_by_each_column_and_leave_as_files(province_staff):
    _, batch = with_missing()
    client = client_of(province_staff)
    address = reverse("cadres:import-batch", args=[batch.pk])
    for outcome, sorts in {
        "": ("dong", "-ten", "chuc_danh", "ket_qua"),
        "missing": ("ten", "sinh", "chuc_danh", "-xa", "quyet_dinh"),
    }.items():
        for sort in sorts:
            assert client.get(address, {"ket_qua": outcome, "sap_xep": sort}).status_code == 200
    file = client.get(address, {"ket_qua": "missing", "tep": "csv"}).content.decode("utf-8-sig")
    assert "Lù Seo Pao" in file.splitlines()[1]
    assert len(client.get(address, {"tep": "csv"}).content.decode().splitlines()) == 1 + batch.rows.count()


def test_an_officer_is_never_offered_somebody_of_another_district(district_officer):
    bring(DO | {"Huyện": "Mường Khương", "Xã": "Pha Long", "Số CMND": "063111222"})
    foreign = Official.objects.get()
    batch = staged(DO | {"Số CMND": "063111222"}, by=district_officer, unit_code="085", title=LATER)
    row = batch.rows.get()
    assert row.outcome == "review"
    client = client_of(district_officer)
    text = page(client, "import-row", batch.pk, row.pk, q="giang")
    assert "Pha Long" not in text
    assert f'value="{foreign.pk}"' not in text
    answer = client.post(reverse("cadres:import-row", args=[batch.pk, row.pk]), {"quyet_dinh": foreign.pk})
    assert answer.status_code == 404
    review = reverse("cadres:import-batch", args=[batch.pk]) + "?ket_qua=review"
    asked = begin_act(client, review, [row.pk], "nguoi_da_co")
    assert asked.context["plan"].done == []
    assert "Pha Long" not in asked.content.decode()
    assert outcomes(batch) == ["review"]


def test_the_missing_are_decided_on_their_page(province_staff):
    pao, batch = with_missing()
    client = client_of(province_staff)
    address = reverse("cadres:import-batch", args=[batch.pk]) + "?ket_qua=missing"
    asked = begin_act(client, address, [pao.pk], "thoi")
    assert "Thôi giữ chức danh: 1 người" in asked.content.decode()
    assert "Hãy ghi ngày cuối cùng" in finish_act(client, asked).content.decode()
    finish_act(client, asked, end_date="2016-06-30", end_reason="retired")
    assert "ngày cuối 30/06/2016: nghỉ hưu" in page(client, "import-batch", batch.pk, ket_qua="missing")
    assert "<strong>1</strong> người không có trong danh sách thôi giữ" in page(client, "import-confirm", batch.pk)


def test_words_and_columns_are_taught_on_the_page_of_the_file(province_staff):
    batch = staged(DO | {"Trình độ chuyên môn": "Thợ cả", "Nghề gốc": "Luật"})
    client = client_of(province_staff)
    assert "“Thợ cả”" in page(client, "import-reading", batch.pk)
    client.post(reverse("cadres:import-words", args=[batch.pk]), {"viet-0": "Thợ cả", "tu-0": "SC"})
    assert batch.rows.get().understood["levels"]["professional"] == "SC"
    (sheet,) = batch.summary["sheets"]
    column = next(column for column in sheet["columns"] if column["title"] == "Nghề gốc")
    client.post(reverse("cadres:import-reading", args=[batch.pk]), {f"0-{column['index']}": "field_of_study"})
    assert batch.rows.get().understood["field_of_study"] == "Luật"
    assert "chọn ngày" in page(client, "import-reading", batch.pk)


def test_two_who_say_what_columns_are_lose_nothing(province_staff):
    """What the second left alone stays as the first chose; where both chose, the second is told."""
    batch = staged(DO | {"Nghề gốc": "Luật", "Quê": "Bắc Hà"})
    client = client_of(province_staff)
    (sheet,) = batch.summary["sheets"]
    field = {column["title"]: f"0-{column['index']}" for column in sheet["columns"]}
    address = reverse("cadres:import-reading", args=[batch.pk])
    first, second = (form_on(client, address, field["Quê"]) for _ in range(2))
    first.send({field["Nghề gốc"]: "field_of_study"})
    told = second.send({field["Nghề gốc"]: "religion", field["Quê"]: "religion"})

    assert sorted(ColumnMapping.objects.values_list("field", flat=True)) == ["field_of_study", "religion"]
    assert "“Nghề gốc”: họ chọn Chuyên ngành, bạn chọn Tôn giáo" in client.get(told["Location"]).content.decode()


def test_an_officer_decides_what_words_mean_without_help(district_officer):
    batch = staged(DO | {"Trình độ chuyên môn": "Thợ cả"}, by=district_officer, unit_code="085")
    client = client_of(district_officer)
    assert "“Thợ cả”" in page(client, "import-reading", batch.pk)
    client.post(reverse("cadres:import-words", args=[batch.pk]), {"viet-0": "Thợ cả", "tu-0": "SC"})
    assert batch.rows.get().understood["levels"]["professional"] == "SC"


def test_a_suggested_position_is_accepted_with_one_click_on_the_preview_for_all_its_rows(district_officer):
    people = [DO | {"Chức danh": "Chủ tịhc UBND", "Họ và tên": f"Giàng A {name}"} for name in ("Dơ", "Sử", "Pao")]
    batch = staged(*people, by=district_officer, unit_code="085")
    client = client_of(district_officer)
    assert "Có phải Chủ tịch UBND?" in page(client, "import-batch", batch.pk)
    posted = {"viet-0": "Chủ tịhc UBND", "tu-0": "", "nhan": "0", "xem_truoc": "1"}
    answer = client.post(reverse("cadres:import-words", args=[batch.pk]), posted)
    assert answer["Location"] == reverse("cadres:import-batch", args=[batch.pk])
    assert [row.understood["positions"] for row in batch.rows.all()] == [["CT_UBND"]] * 3
    assert "Có phải" not in page(client, "import-batch", batch.pk)


def test_a_file_whose_header_nobody_knows_is_read_after_its_columns_were_declared(province_staff):
    workbook = Workbook()
    sheet = workbook.active
    sheet["A1"] = "Tính đến 31/12/2015"
    rows = [("Mục", "Ai", "Lúc nào", "Ở đâu", "Làm gì"), (1, "Giàng A Dơ", "05/08/1979", "Bản Phố", "Chủ tịch UBND")]
    rows += [
        (number, f"Lù Seo {name}", "01/02/1980", "Bản Phố", "Trưởng Công an")
        for number, name in enumerate(("Pao", "Lử", "Sì"), start=2)
    ]
    for number, cells in enumerate(rows, start=3):
        for column, value in enumerate(cells, start=1):
            sheet.cell(number, column, value)
    file = BytesIO(content_of(workbook))
    file.name = "la.xlsx"
    client = client_of(province_staff)
    client.post(reverse("cadres:import-list"), {"file": file})
    batch = ImportBatch.objects.get()
    assert batch.state == "failed"
    fields = ("full_name", "birth_date", "commune", "position")
    answers = {f"0-{index}": name for index, name in enumerate(fields, start=1)}
    client.post(reverse("cadres:import-reading", args=[batch.pk]), answers)
    batch.refresh_from_db()
    assert batch.state == "staged"
    assert sorted(row.understood["full_name"] for row in batch.rows.all())[0] == "Giàng A Dơ"


def test_an_undo_is_shown_before_it_is_done(province_staff):
    batch = bring(DO)
    client = client_of(province_staff)
    assert "Trở lại như trước 1" in page(client, "import-undo", batch.pk)
    assert Official.objects.exists()
    client.post(reverse("cadres:import-undo", args=[batch.pk]))
    assert not Official.objects.exists()
    assert "Đã hoàn tác" in page(client, "import-batch", batch.pk)
    assert client.get(reverse("cadres:import-undo", args=[batch.pk])).status_code == 403


def test_a_leader_looks_and_decides_nothing():
    _, batch = open_question()
    leader = client_of(make_user("lanh-dao-2", roles.LEADER))
    page(leader, "import-batch", batch.pk)
    for name in ("import-missing", "import-confirm"):
        assert leader.get(reverse(f"cadres:{name}", args=[batch.pk])).status_code == 403


def test_the_pages_take_few_queries(province_staff, django_assert_max_num_queries):
    bring(*(DO | {"Họ và tên": f"Giàng A {number}"} for number in range(40)))
    batch = staged(*(DO | {"Họ và tên": f"Giàng A {number}", "Dân tộc": "Dao"} for number in range(20)), title=LATER)
    client = client_of(province_staff)
    row = batch.rows.filter(outcome="review").first()
    for name, args in (
        ("import-batch", [batch.pk]),
        ("import-reading", [batch.pk]),
        ("import-missing", [batch.pk]),
        ("import-confirm", [batch.pk]),
    ):
        with django_assert_max_num_queries(20):
            client.get(reverse(f"cadres:{name}", args=args))
    with django_assert_max_num_queries(40):  # a few for each candidate compared
        client.get(reverse("cadres:import-row", args=[batch.pk, row.pk]))


def test_everything_decided_is_kept_with_its_author(province_staff):
    official, batch = open_question()
    row = batch.rows.get()
    decide_rows(batch, {row.pk: same_person(official)}, by=province_staff)
    assert ImportRow.objects.get(pk=row.pk).decided_by == province_staff
    assert Qualification.objects.count() == 0
    assert Appointment.objects.count() == 1
