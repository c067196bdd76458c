"""Lists of a class as workbooks: every row is taken, or says why not; nothing is written before somebody says so.

The class of these tests ran in March 2015 with two sessions on 2 March and one on 3 March.
"""

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook

from cadres.access import visible_to
from cadres.models import Official, Qualification
from cadres.periods import PartialDate
from cadres.roster.reading import UnreadableFileError
from courses.lists.reading import session_columns, stage
from courses.lists.rows import rows_of
from courses.lists.writing import discard, write
from courses.models import Attendance, Certificate, ClassListImport, Enrolment, TrainingClass
from tests.builders import (
    begin_data,
    criterion_of,
    it_is,
    make_appointment,
    make_class,
    make_enrolment,
    make_institution,
    make_official,
    make_programme,
    make_qualification,
    make_session,
    make_zone,
    position_of,
)
from tests.conftest import DAY, client_of, unit_of
from tests.province import BAC_HA_TOWN, THANH_BINH

pytestmark = pytest.mark.django_db

Subject = ClassListImport.Subject


def workbook(columns: list, *rows: list) -> bytes:
    book = Workbook()
    sheet = book.active
    sheet.append(["DANH SÁCH HỌC VIÊN"])
    sheet.append(columns)
    for row in rows:
        sheet.append(row)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def person(name: str, *, commune: str = BAC_HA_TOWN, born: date = date(1980, 5, 20)) -> Official:
    official = make_official(name, sex="M", birth=PartialDate(born))
    make_appointment(official, position_of("VP_TK"), unit_of(commune))
    make_qualification(official, "professional", "SC")
    return official


@pytest.fixture(autouse=True)
def communes(db):
    it_is(date(2014, 12, 31))
    for code in (BAC_HA_TOWN, THANH_BINH):
        begin_data(unit_of(code), date(2014, 12, 31))
        make_zone(unit_of(code), 1)


@pytest.fixture
def running(db) -> TrainingClass:
    return make_class(make_programme("it:A"), institution=make_institution(), state="running")


@pytest.fixture
def pupils(running) -> list[Enrolment]:
    people = [person("Giàng A Dơ"), person("Vàng Seo Chứ"), person("Vàng Seo Chứ", born=date(1975, 3, 1))]
    return [make_enrolment(official, running) for official in people]


def send(training_class: TrainingClass, subject: str, content: bytes, *, by=None) -> ClassListImport:
    officials = visible_to(Official.objects.all(), by) if by else Official.objects.all()
    days = {"day": DAY, "now": DAY, "criterion": criterion_of()}
    return stage(training_class, subject, name="ds.xlsx", content=content, officials=officials, by=by, **days)


def put_in(sent: ClassListImport, *, by=None, **more):
    officials = visible_to(Official.objects.all(), by) if by else Official.objects.all()
    return write(sent, day=DAY, now=DAY, criterion=criterion_of(), officials=officials, by=by, **more)


def problems(sent: ClassListImport) -> dict[int, str]:
    return {row.row: row.problem for row in rows_of(sent) if row.problem}


# ---------------------------------------------------------------- results


def test_results_are_read_in_the_words_that_institutions_use(running, pupils):
    content = workbook(
        ["STT", "Họ và tên", "Ngày sinh", "Điểm", "Kết quả", "Xếp loại"],
        [1, "Giàng A Dơ", "20/05/1980", "8,5", "Đạt", "Giỏi"],
        [2, "vàng seo chứ", "20/05/1980", 4, "", ""],
        [3, "Vàng Seo Chứ", "01/03/1975", "", "Không đến học", ""],
    )

    sent = send(running, Subject.RESULTS, content)
    assert problems(sent) == {}
    assert not Enrolment.objects.exclude(state="attending").exists(), "nothing is written before somebody says so"
    put_in(sent)

    found = {item.pk: (item.state, item.mark, item.grade) for item in running.enrolments.all()}
    assert found == {
        pupils[0].pk: ("completed", Decimal("8.5"), "excellent"),
        pupils[1].pk: ("failed", Decimal(4), ""),
        pupils[2].pk: ("absent", None, ""),
    }


def test_what_is_not_sure_is_named_and_the_rest_is_written(running, pupils):
    person("Lù Seo Dơ")
    content = workbook(
        ["STT", "Họ và tên", "Ngày sinh", "Điểm", "Kết quả"],
        [1, "Giàng A Dơ", "20/05/1980", 7, ""],
        [2, "Vàng Seo Chứ", "", 7, ""],
        [3, "Lù Seo Dơ", "20/05/1980", 7, ""],
        [4, "Không Ai Cả", "20/05/1980", 7, ""],
        [5, "Vàng Seo Chứ", "20/05/1980", "11", ""],
        [6, "Vàng Seo Chứ", "01/03/1975", "", "khá lắm"],
    )

    sent = send(running, Subject.RESULTS, content)

    told = problems(sent)
    assert list(told) == [4, 5, 6, 7, 8]
    assert "2 người trùng họ tên" in told[4]
    assert f"Không có tên trong lớp {running.code}" in told[5]
    assert "Không tìm thấy trong hồ sơ" in told[6]
    assert "điểm" in told[7].lower()
    assert "Không hiểu kết quả “khá lắm”" in told[8]
    assert put_in(sent).rows == 1
    assert running.enrolments.filter(state="completed").get() == pupils[0]


def test_what_writing_would_refuse_is_told_of_each_row_beforehand_all_of_it(running, pupils):
    content = workbook(
        ["Họ và tên", "Ngày sinh", "Điểm", "Kết quả", "Xếp loại", "Số hiệu", "Số vào sổ"],
        ["Giàng A Dơ", "20/05/1980", "11", "lạ", "tạm", "", ""],
        ["Vàng Seo Chứ", "20/05/1980", "4", "Đạt", "", "", ""],
        ["Vàng Seo Chứ", "01/03/1975", "8", "Đạt", "", "B-1", ""],
    )
    told = problems(send(running, Subject.RESULTS, content))
    assert told[3].startswith("Điểm “11” không hợp lệ")
    assert "Không hiểu kết quả “lạ”" in told[3]
    assert "Không hiểu xếp loại “tạm”" in told[3]
    assert told[4].startswith("Điểm 4 dưới 5 thì không hoàn thành")
    assert told[5] == "Hãy ghi số vào sổ."


def test_a_result_with_a_certificate_and_a_number_given_before_are_told_beforehand(running, pupils):
    columns = ["Họ và tên", "Ngày sinh", "Điểm", "Số hiệu", "Số vào sổ"]
    first = send(running, Subject.RESULTS, workbook(columns, ["Giàng A Dơ", "20/05/1980", "8", "B-1", "1"]))
    put_in(first, issued_on=date(2015, 3, 20), signer="A")
    told = problems(
        send(
            running,
            Subject.RESULTS,
            workbook(
                columns, ["Giàng A Dơ", "20/05/1980", "9", "", ""], ["Vàng Seo Chứ", "20/05/1980", "7", "B-1", "2"]
            ),
        )
    )
    assert told[3].startswith("Đã có chứng chỉ, hãy thu hồi trước")
    assert told[4].startswith("Số hiệu B-1 đã cấp ngày 20/03/2015 cho Giàng A Dơ")


def test_a_number_that_two_rows_share_is_told_at_both(running, pupils):
    content = workbook(
        ["Họ và tên", "Ngày sinh", "Điểm", "Số hiệu", "Số vào sổ"],
        ["Giàng A Dơ", "20/05/1980", "8", "B-1", "1"],
        ["Vàng Seo Chứ", "20/05/1980", "7", "B-1", "2"],
        ["Vàng Seo Chứ", "01/03/1975", "7", "B-3", "3"],
    )
    told = problems(send(running, Subject.RESULTS, content))
    assert told == dict.fromkeys((3, 4), "Số hiệu B-1 ghi cho 2 người: Giàng A Dơ, Vàng Seo Chứ.")


def test_a_list_sent_again_issues_nothing_twice_and_another_number_is_told_beforehand(running, pupils):
    columns = ["Họ và tên", "Ngày sinh", "Điểm", "Ghi chú", "Số hiệu", "Số vào sổ"]
    row = ["Giàng A Dơ", "20/05/1980", "8.50", "Thủ khoa", "B-1", "1"]
    for _ in range(2):
        sent = send(running, Subject.RESULTS, workbook(columns, row))
        assert rows_of(sent)[0].says["mark"] == "8,5"
        put_in(sent, issued_on=date(2015, 3, 20), signer="A")
    assert Certificate.objects.get().number == "B-1"
    assert Enrolment.objects.get(pk=pupils[0].pk).note == "Thủ khoa"

    other = send(running, Subject.RESULTS, workbook(columns, [*row[:3], "", "B-9", "9"]))
    assert problems(other) == {3: "Đã có chứng chỉ số B-1 của lớp này."}


def test_what_stands_against_a_list_by_the_time_it_is_written_is_told_with_its_rows(running, pupils):
    """Book entries are of a year: whether one was given hangs on the day of issue, which is said when writing."""
    columns = ["Họ và tên", "Ngày sinh", "Điểm", "Số hiệu", "Số vào sổ"]
    TrainingClass.objects.update(start_date=date(2014, 3, 2), end_date=date(2014, 3, 6))
    running.refresh_from_db()
    first = send(running, Subject.RESULTS, workbook(columns, ["Giàng A Dơ", "20/05/1980", "8", "B-1", "1"]))
    put_in(first, issued_on=date(2014, 3, 20), signer="A")
    later = send(
        running,
        Subject.RESULTS,
        workbook(columns, ["Vàng Seo Chứ", "20/05/1980", "7", "B-2", "1"], ["Vàng Seo Chứ", "1975", "7", "B-3", "3"]),
    )
    assert problems(later) == {}
    with pytest.raises(ValidationError) as refused:
        put_in(later, issued_on=date(2014, 4, 1), signer="A")
    assert [told.split(": ")[0] for told in refused.value.messages] == ["Dòng 3, Vàng Seo Chứ"]
    assert put_in(later, issued_on=date(2015, 1, 5), signer="A").certificates == 2


def test_one_person_in_two_rows_is_taken_in_neither(running, pupils):
    content = workbook(
        ["STT", "Họ và tên", "Ngày sinh", "Điểm"],
        [1, "Giàng A Dơ", "20/05/1980", 7],
        [2, "Giàng A Dơ", "1980", 3],
    )

    assert set(problems(send(running, Subject.RESULTS, content))) == {3, 4}


def test_certificates_come_with_their_numbers_and_raise_the_level(running, pupils):
    TrainingClass.objects.update(state="ended")
    content = workbook(
        ["STT", "Họ và tên", "Ngày sinh", "Kết quả", "Số hiệu", "Số vào sổ"],
        [1, "Giàng A Dơ", "20/05/1980", "Hoàn thành", "A-01", "01/2015"],
        [2, "Vàng Seo Chứ", "20/05/1980", "Không đạt", "A-02", "02/2015"],
    )
    sent = send(running, Subject.RESULTS, content)

    done = put_in(sent, issued_on=date(2015, 3, 20), signer="Nguyễn Văn Hiệu")

    assert done.certificates == 1
    certificate = Certificate.objects.get()
    assert (certificate.enrolment, certificate.number, certificate.book_entry) == (pupils[0], "A-01", "01/2015")
    assert Qualification.objects.filter(official=pupils[0].official, level__dimension__code="it").count() == 1


def test_a_list_is_written_whole_or_not_at_all(running, pupils):
    """A number given after the file was read refuses the certificates, and with them the results of the same file."""
    TrainingClass.objects.update(state="ended")
    columns = ["STT", "Họ và tên", "Ngày sinh", "Kết quả", "Số hiệu", "Số vào sổ"]
    first, second = (
        send(running, Subject.RESULTS, workbook(columns, [1, name, "20/05/1980", "Đạt", "A-01", "01/2015"]))
        for name in ("Giàng A Dơ", "Vàng Seo Chứ")
    )
    put_in(first, issued_on=date(2015, 3, 20), signer="Nguyễn Văn Hiệu")
    with pytest.raises(ValidationError, match=r"A-01 đã cấp ngày .* cho Giàng A Dơ"):
        put_in(second, issued_on=date(2015, 3, 20), signer="Nguyễn Văn Hiệu")

    assert running.enrolments.get(pk=pupils[1].pk).state == "attending"
    assert ClassListImport.objects.filter(state="staged").count() == 1


def test_a_list_is_written_once(running, pupils):
    content = workbook(["STT", "Họ và tên", "Ngày sinh", "Điểm"], [1, "Giàng A Dơ", "20/05/1980", 7])
    sent = send(running, Subject.RESULTS, content)
    put_in(sent)

    with pytest.raises(ValidationError, match="đã ghi"):
        put_in(sent)
    with pytest.raises(ValidationError, match="đã ghi hoặc đã bỏ"):
        discard(sent, by=None)


def test_results_of_a_class_that_has_not_begun_are_refused(running):
    TrainingClass.objects.update(state="open")
    running.refresh_from_db()

    with pytest.raises(ValidationError, match="đang học hoặc đã kết thúc"):
        send(running, Subject.RESULTS, workbook(["STT", "Họ và tên", "Ngày sinh", "Điểm"], [1, "A B", "1980", 7]))


def test_a_file_without_people_is_refused(running):
    with pytest.raises(UnreadableFileError, match="không có danh sách"):
        send(running, Subject.RESULTS, workbook(["Kính gửi", "Sở Nội vụ"]))


# ---------------------------------------------------------------- attendance


def test_attendance_is_read_by_the_day_in_the_title(running, pupils):
    first = make_session(running, date(2015, 3, 2), hour=8)
    second = make_session(running, date(2015, 3, 2), hour=14)
    third = make_session(running, date(2015, 3, 3), hour=8)
    content = workbook(
        ["STT", "Họ và tên", "Ngày sinh", "Xã", "02/03 sáng", "02/03 chiều", "03/03"],
        [1, "Giàng A Dơ", "20/05/1980", "TT Bắc Hà", "x", "M", "P"],
        [2, "Vàng Seo Chứ", "20/05/1980", "TT Bắc Hà", "C", "", "K"],
        [3, "Vàng Seo Chứ", "01/03/1975", "TT Bắc Hà", "C", "?", "C"],
    )

    sent = send(running, Subject.ATTENDANCE, content)
    assert "Không hiểu “?”" in problems(sent)[5]
    put_in(sent)

    marks = {(item.enrolment_id, item.session_id): item.mark for item in Attendance.objects.all()}
    assert marks == {
        (pupils[0].pk, first.pk): "present",
        (pupils[0].pk, second.pk): "late",
        (pupils[0].pk, third.pk): "excused",
        (pupils[1].pk, first.pk): "present",
        (pupils[1].pk, third.pk): "unexcused",
    }


def test_a_session_still_to_come_is_told_of_each_row_that_marks_it(running, pupils):
    make_session(running, DAY)
    make_session(running, date(2016, 1, 1))
    columns, town = ["STT", "Họ và tên", "Ngày sinh", "Xã", f"{DAY:%d/%m}", "01/01"], "TT Bắc Hà"
    content = workbook(
        columns,
        [1, "Giàng A Dơ", "20/05/1980", town, "C", "C"],
        [2, "Vàng Seo Chứ", "20/05/1980", town, "C", ""],
    )
    told = problems(send(running, Subject.ATTENDANCE, content))
    assert list(told) == [3]
    assert "chưa diễn ra" in told[3]


def test_a_column_may_be_titled_by_the_number_of_the_session(running):
    sessions = [make_session(running, date(2015, 3, day)) for day in (2, 3, 4)]

    found = session_columns({3: "Buổi 1", 4: "3", 5: "Ghi chú", 6: "Buổi 9", 7: "09/09"}, sessions)

    assert found == {3: sessions[0], 4: sessions[2]}


# ---------------------------------------------------------------- nominations


@pytest.fixture
def open_class(db) -> TrainingClass:
    return make_class(
        make_programme("professional:TC"),
        state="open",
        start_date=date(2016, 3, 1),
        end_date=date(2016, 3, 31),
        institution=make_institution(),
    )


def test_a_district_sends_its_own_people_and_nobody_of_another(open_class, district_officer):
    own = person("Giàng A Dơ")
    person("Lù Seo Lạ", commune=THANH_BINH)
    content = workbook(
        ["STT", "Họ và tên", "Ngày sinh", "Xã"],
        [1, "Giàng A Dơ", "20/05/1980", "Thị trấn Bắc Hà"],
        [2, "Lù Seo Lạ", "20/05/1980", "Thanh Bình"],
    )

    sent = send(open_class, Subject.NOMINATIONS, content, by=district_officer)

    assert list(problems(sent)) == [4]
    assert "mỗi đơn vị chỉ cử người của mình" in problems(sent)[4]
    done = put_in(sent, by=district_officer)
    assert [enrolment.official for enrolment in done.nomination.nominated] == [own]


def test_a_nomination_by_list_meets_the_same_rules(open_class, district_officer):
    official = person("Giàng A Dơ")
    make_qualification(official, "professional", "TC")
    content = workbook(["STT", "Họ và tên", "Ngày sinh", "Xã"], [1, "Giàng A Dơ", "1980", "TT Bắc Hà"])
    assert "Đã có trình độ này" in problems(send(open_class, Subject.NOMINATIONS, content, by=district_officer))[3]

    Qualification.objects.filter(level__code="TC").delete()
    sent = send(open_class, Subject.NOMINATIONS, content, by=district_officer)
    assert rows_of(sent)[0].says == {"state": "nominated"}
    make_qualification(official, "professional", "TC")
    assert "Đã có trình độ này" in put_in(sent, by=district_officer).nomination.refused[0].reasons[0]


def test_a_list_for_a_class_that_takes_nobody_is_refused_at_once(open_class, district_officer):
    TrainingClass.objects.update(enrol_until=date(2015, 12, 30))
    open_class.refresh_from_db()
    content = workbook(["STT", "Họ và tên", "Ngày sinh", "Xã"], [1, "Giàng A Dơ", "1980", "TT Bắc Hà"])
    with pytest.raises(ValidationError, match="quá hạn đăng ký"):
        send(open_class, Subject.NOMINATIONS, content, by=district_officer)


def test_two_people_of_one_name_are_told_apart_by_the_commune(open_class, province_staff):
    person("Giàng A Dơ")
    other = person("Giàng A Dơ", commune=THANH_BINH)
    content = workbook(
        ["STT", "Họ và tên", "Ngày sinh", "Huyện", "Xã"], [1, "Giàng A Dơ", "1980", "Mường Khương", "Thanh Bình"]
    )

    sent = send(open_class, Subject.NOMINATIONS, content, by=province_staff)

    assert rows_of(sent)[0].official == other.pk


# ---------------------------------------------------------------- on screen


def upload(client, training_class: TrainingClass, subject: str, content: bytes):
    file = SimpleUploadedFile("ds.xlsx", content)
    return client.post(reverse("courses:class-lists", args=[training_class.pk]), {"subject": subject, "file": file})


def test_an_officer_uploads_looks_and_writes(open_class, district_officer):
    person("Giàng A Dơ")
    client = client_of(district_officer)
    content = workbook(
        ["STT", "Họ và tên", "Ngày sinh", "Xã"],
        [1, "Giàng A Dơ", "20/05/1980", "TT Bắc Hà"],
        [2, "Không Ai Cả", "20/05/1980", "TT Bắc Hà"],
    )

    preview = upload(client, open_class, "nominations", content)
    page = client.get(preview["Location"]).content.decode()
    assert "1 dòng ghi được, 1 dòng không nhận" in page
    assert "Không tìm thấy trong hồ sơ" in page
    assert not Enrolment.objects.exists()

    client.post(preview["Location"] + f"?ngay={DAY}", {"ghi": "1"})

    assert Enrolment.objects.get().nominated_by == district_officer


def test_an_officer_may_not_send_results_and_sees_no_list_of_others(open_class, running, pupils, district_officer,
                                                                    foreign_officer):  # fmt: skip
    content = workbook(["STT", "Họ và tên", "Ngày sinh", "Điểm"], [1, "Giàng A Dơ", "20/05/1980", 7])
    assert upload(client_of(district_officer), running, "results", content).status_code == 400
    sent = send(open_class, Subject.NOMINATIONS, content, by=district_officer)

    address = reverse("courses:class-list-import", args=[open_class.pk, sent.pk])
    assert client_of(district_officer).get(address).status_code == 200
    assert client_of(foreign_officer).get(address).status_code == 404


def test_a_bad_file_is_refused_in_vietnamese(open_class, district_officer):
    answer = upload(client_of(district_officer), open_class, "nominations", b"khong phai bang tinh")

    assert answer.status_code == 400
    assert "ds.xlsx" in answer.content.decode()
    assert not ClassListImport.objects.exists()
