"""A list of names, pasted or from a workbook: each line means somebody, or says why not and what to add to it."""

from datetime import date
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook

from cadres.models import Official, OfficialIdentifier
from cadres.periods import PartialDate
from courses.lists.names import LINES_AT_MOST, named_in_text
from courses.models import Enrolment, TrainingClass
from tests.builders import (
    begin_data,
    it_is,
    make_appointment,
    make_class,
    make_official,
    make_programme,
    position_of,
)
from tests.conftest import DAY, client_of, unit_of
from tests.lists import told
from tests.province import BAC_HA_TOWN, THANH_BINH

pytestmark = pytest.mark.django_db

NUMBER = "063080001234"


def person(name: str, born: date = date(1980, 5, 20), commune: str = BAC_HA_TOWN) -> Official:
    official = make_official(name, sex="M", birth=PartialDate(born))
    make_appointment(official, position_of("BT_DU"), unit_of(commune))
    return official


@pytest.fixture
def people() -> dict[str, Official]:
    """Two of one name, one with a number, one of another district."""
    it_is(DAY)
    for code in (BAC_HA_TOWN, THANH_BINH):
        begin_data(unit_of(code), date(2014, 12, 31))
    numbered = person("Lù Văn Páo")
    OfficialIdentifier.objects.create(official=numbered, kind="CCCD", number=NUMBER)
    return {
        "1980": person("Giàng A Dơ"),
        "1985": person("Giàng A Dơ", date(1985, 1, 2)),
        "numbered": numbered,
        "foreign": person("Ma Thị Pà", commune=THANH_BINH),
    }


@pytest.fixture
def training_class(people) -> TrainingClass:
    return make_class(make_programme(), state="open", start_date=date(2016, 3, 1), end_date=date(2016, 3, 31))


@pytest.fixture
def officer(district_officer) -> Client:
    return client_of(district_officer)


def page(training_class: TrainingClass) -> str:
    return reverse("courses:class-names", args=[training_class.pk]) + f"?ngay={DAY}"


def read(client: Client, training_class: TrainingClass, text: str = "", file=None):
    return client.post(page(training_class), {"names": text, "doc": "1"} | ({"file": file} if file else {}))


def meant(answer) -> dict[int, list[int]]:
    return {row["line"].number: [one.id for one, _ in row["people"]] for row in answer.context["rows"]}


def problems(answer) -> dict[int, str]:
    return {row["line"].number: row["line"].problem for row in answer.context["rows"]}


@pytest.mark.parametrize(
    ("line", "who"),
    [
        ("Giàng A Dơ, 20/5/1980", "1980"),
        ("1. giang a do (sinh năm 1985)", "1985"),
        ("3\tGIÀNG A DƠ\t02/01/1985\tTT Bắc Hà", "1985"),
        ("Giàng A Dơ 1980", "1980"),
        ("Lù Văn Páo", "numbered"),
        (f"Lù Văn Páo; {NUMBER}", "numbered"),
        ("Lù Văn Páo – 063 080 001 234", "numbered"),
    ],
)
def test_a_line_means_the_one_whom_name_and_birth_or_number_tell(training_class, people, officer, line, who):
    answer = read(officer, training_class, line)
    assert meant(answer) == {1: [people[who].pk]}, problems(answer)
    assert problems(answer) == {1: ""}


def test_each_line_that_is_not_sure_is_told_with_its_number_and_what_to_do(training_class, people, officer):
    text = "Giàng A Dơ\n\nNguyễn Văn Không\nMa Thị Pà\nLù Văn Páo\n5. Lù Văn Páo\n12345\nLù Văn Páo, 1961"
    answer = read(officer, training_class, text)

    assert answer.status_code == 200
    said = problems(answer)
    assert set(said) == {1, 3, 4, 5, 6, 7, 8}
    assert meant(answer)[1] == [people["1980"].pk, people["1985"].pk]
    assert said[1] == "Có 2 người trùng họ tên. Hãy ghi thêm ngày sinh, xã hoặc số định danh."
    assert said[3].startswith("Không tìm thấy trong hồ sơ.")
    assert meant(answer)[4] == []
    assert said[5] == ""
    assert said[6] == "Cùng một người với dòng 5."
    assert said[7].startswith("Không đọc được họ tên ở dòng này.")
    assert said[8].startswith("Có người cùng họ tên nhưng ngày sinh")
    assert meant(answer)[8] == [people["numbered"].pk]
    assert "Ma Thị Pà" in answer.content.decode()  # as it was typed
    assert "02/01/1985" in answer.content.decode()
    assert "1 dòng rõ người, 6 dòng cần xem lại" in answer.content.decode()


def test_those_chosen_stand_among_the_ticked_and_nothing_is_written(training_class, people, officer):
    answer = officer.post(page(training_class), {"chon": [people["1985"].pk, "x"], "them": "1"}, follow=True)

    assert told(answer) == ["Đã thêm 1 người vào danh sách cử. Hãy xem lại rồi bấm Cử."]
    assert [post.official for post in answer.context["basket"]] == [people["1985"]]
    assert not Enrolment.objects.exists()


def test_who_is_of_another_unit_is_not_named_whatever_is_posted(training_class, people, officer):
    answer = officer.post(page(training_class), {"chon": [people["foreign"].pk], "them": "1"}, follow=True)
    assert answer.context["basket"] == []
    assert "Ma Thị Pà" not in answer.content.decode()


def test_a_namesake_of_another_unit_is_offered_to_nobody(training_class, people):
    """Asked as the owner of the database, who is shown everybody: the list keeps to the officials given."""
    own = Official.objects.exclude(pk=people["foreign"].pk)
    lines = named_in_text("Ma Thị Pà, 1961\nMa Thị Pà", training_class, day=DAY, officials=own)
    assert [line.people for line in lines] == [[], []]
    assert "ngoài phạm vi" in lines[1].problem


def workbook(*rows: list) -> SimpleUploadedFile:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    stream = BytesIO()
    book.save(stream)
    return SimpleUploadedFile("danh-sach.xlsx", stream.getvalue())


def test_a_workbook_is_read_by_its_heads_or_as_one_column_of_names(training_class, people, officer):
    with_heads = workbook(["DANH SÁCH"], ["STT", "Họ và tên", "Ngày sinh"], [1, "Giàng A Dơ", date(1980, 5, 20)])
    assert meant(read(officer, training_class, file=with_heads)) == {3: [people["1980"].pk]}
    of_names = workbook(["Lù Văn Páo"], ["Giàng A Dơ, 1985"])
    assert meant(read(officer, training_class, file=of_names)) == {1: [people["numbered"].pk], 2: [people["1985"].pk]}
    pasted = "STT\tHọ và tên\tNăm sinh\n1\tGiàng A Dơ\t1980"
    assert meant(read(officer, training_class, pasted)) == {2: [people["1980"].pk]}


def test_nothing_to_read_and_too_much_are_said_and_a_closed_class_takes_no_names(training_class, people, officer):
    for text, said in (
        ("", "Hãy dán danh sách hoặc chọn tệp."),
        (" \n ", "Hãy dán danh sách hoặc chọn tệp."),
        ("A\n" * (LINES_AT_MOST + 1), "Hãy chia thành nhiều lần."),
    ):
        answer = read(officer, training_class, text)
        assert (answer.status_code, said in answer.content.decode()) == (400, True)
    assert (
        "không phải là bảng tính"
        in read(officer, training_class, file=SimpleUploadedFile("a.xlsx", b"\x00\x01 no table")).content.decode()
    )
    TrainingClass.objects.update(state="planned")
    assert "không mở đăng ký" in told(officer.get(page(training_class), follow=True))[0]
