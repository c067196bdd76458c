"""The papers from the needs of a unit to the settlement of a class: who signs, what they rest on, who prints them."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from docx.oxml.ns import qn

from courses.documents import papers_of_class, papers_of_person, papers_of_units, rendering
from courses.documents.default_templates import default_template
from courses.documents.kinds import Kind
from courses.documents.letterhead import cited, number_and_day, number_in_words
from courses.documents.samples import sample
from courses.documents.word_templates import word_document
from courses.models import Commitment, DistrictSubmission, Enrolment, NeedCampaign, Programme, Repayment, TrainingClass
from courses.obligations.commitments import record_repayment
from tests.builders import make_class, make_institution, make_programme, make_qualification, make_session
from tests.conftest import DAY, client_of, unit_of
from tests.courses.documents.test_documents import BAC_HA, MUONG_KHUONG, certify, lines_of, open_word, sit
from tests.trained_province import fund

pytestmark = pytest.mark.django_db
State = Enrolment.State
BY_DEPARTMENT = "của Giám đốc Sở Nội vụ tỉnh Lào Cai"
DECREE = "Nghị định số 18/2010/NĐ-CP ngày 05 tháng 3 năm 2010 của Chính phủ về đào tạo, bồi dưỡng công chức"


@pytest.fixture
def school():
    return make_institution("Trường Chính trị tỉnh", head="Nguyễn Văn Hiệu")


@pytest.fixture
def training_class(school):
    programme = make_programme(title="Bồi dưỡng quản lý nhà nước", kind=Programme.Kind.CERTIFICATE, hours=40)
    return make_class(programme, institution=school, place=unit_of("085"), decision="QĐ 45/QĐ-SNV ngày 01/02/2015")


@pytest.fixture
def degree(school):
    """Of 10 months: a commitment of 20."""
    programme = make_programme(title="Đại học Luật", kind=Programme.Kind.DEGREE)
    return make_class(programme, institution=school, start_date=date(2014, 3, 1), end_date=date(2014, 12, 31))


def text_of(content) -> str:
    return "\n".join(lines_of(open_word(word_document(content))))


def paper(training_class, kind, query="", file_type="docx") -> str:
    return reverse("courses:class-document", args=[training_class.pk, kind, file_type]) + query


# ---------------------------------------------------------------- words


def test_what_a_decision_rests_on_has_day_issuer_and_subject():
    for text, words in (
        (
            "QĐ 45/QĐ-SNV ngày 01/02/2015",
            f"Quyết định số 45/QĐ-SNV ngày 01 tháng 02 năm 2015 {BY_DEPARTMENT} về việc X",
        ),
        ("45/QĐ-UBND, 9/11/2015", "45/QĐ-UBND, ngày 09 tháng 11 năm 2015 của Ủy ban nhân dân tỉnh Lào Cai về việc X"),
        ("QĐ 7/QĐ-BCT của Ban Tổ chức về việc Y", "Quyết định số 7/QĐ-BCT của Ban Tổ chức về việc Y"),
        ("QĐ 7/QĐ-SNV ngày 31/2/2015", f"Quyết định số 7/QĐ-SNV ngày 31/2/2015 {BY_DEPARTMENT} về việc X"),
        ("Kết luận của Giám đốc", "Kết luận của Giám đốc về việc X"),
    ):
        assert cited(text, "X") == words
    assert number_and_day("QĐ số 45/QĐ-SNV ngày 01/02/2015") == ("45/QĐ-SNV", date(2015, 2, 1))
    assert number_and_day("Kết luận của Giám đốc") == ("", None)


def test_amounts_are_written_out_as_they_are_said():
    for number, words in (
        (0, "không"),
        (5, "năm"),
        (10, "mười"),
        (11, "mười một"),
        (15, "mười lăm"),
        (21, "hai mươi mốt"),
        (25, "hai mươi lăm"),
        (101, "một trăm linh một"),
        (110, "một trăm mười"),
        (1_005, "một nghìn không trăm linh năm"),
        (5_202_500, "năm triệu hai trăm linh hai nghìn năm trăm"),
        (10**9, "một tỷ"),
        (7_200_000_000, "bảy tỷ hai trăm triệu"),
        (10**9 + 5, "một tỷ không trăm linh năm"),
        (1_234_000_000_000, "một nghìn hai trăm ba mươi bốn tỷ"),
    ):
        assert number_in_words(number) == words


# ---------------------------------------------------------------- a signature does not stand alone


def test_the_last_rows_and_words_go_to_the_page_of_the_signature():
    """In every paper what stands before the signatures is kept with them, and two rows of a table before that."""
    for kind in Kind:
        document = open_word(rendering.render(default_template(kind), sample(kind)).document)
        (signed, *_) = [
            table._tbl
            for table in reversed(document.tables)
            if "Nguyễn Văn Mẫu" in table._tbl.xml or "(Ký, ghi rõ họ tên)" in table._tbl.xml
        ]
        assert signed.find(f".//{qn('w:cantSplit')}") is not None, kind
        before = signed.getprevious()
        while before is not None and before.tag == qn("w:p") and not "".join(before.itertext()).strip():
            assert before.find(f"{qn('w:pPr')}/{qn('w:keepNext')}") is not None, kind
            before = before.getprevious()
        kept = [before] if before.tag == qn("w:p") else list(before.iter(qn("w:p")))[-1:]
        assert all(one.find(f"{qn('w:pPr')}/{qn('w:keepNext')}") is not None for one in kept), kind


# ---------------------------------------------------------------- the unit asks


@pytest.fixture
def submission(training_class):
    """Of Bắc Hà, for 2016, with one need of a person of the district."""
    campaign = NeedCampaign.objects.create(year=2016, title="Đợt 1", opens_on=DAY, closes_on=date(2016, 1, 31))
    submission = campaign.submissions.create(district=unit_of("085"), deadline=date(2016, 1, 31))
    official = sit(training_class, "Lý A Sì").official
    submission.needs.create(official=official, programme=training_class.programme, priority=1, reason="chưa học")
    return submission


def test_the_registration_is_the_unit_s_own_paper(submission, district_officer, foreign_officer):
    path = reverse("courses:submission-document", args=[submission.campaign_id, submission.pk, "docx"])
    content = papers_of_units.registration(submission, day=DAY)
    text = text_of(content)

    for words in ("UBND HUYỆN BẮC HÀ", "PHÒNG NỘI VỤ", "TRƯỞNG PHÒNG", "Bắc Hà, ngày", "Lý A Sì", "Gấp", "chưa học"):
        assert words in text
    assert content.data["dong_phu"][1] == "(Đợt 1; dự thảo)"
    assert content.data["tong_ket"] == "Đăng ký 1 lượt học của 1 người, 1 chương trình./."
    submission.state = DistrictSubmission.State.SUBMITTED
    assert papers_of_units.registration(submission, day=DAY).data["dong_phu"][1] == "(Đợt 1)"
    assert client_of(district_officer).get(path).status_code == 200
    assert client_of(district_officer).get(path.replace("docx", "xlsx")).status_code == 200
    assert client_of(foreign_officer).get(path).status_code == 404

    submission.needs.all().delete()
    answer = client_of(district_officer).get(path)
    assert (answer.status_code, "chưa có nhu cầu nào" in answer.content.decode()) == (400, True)


def test_a_unit_asks_for_its_own_people_as_long_as_the_class_is_to_come(district_officer):
    training_class = make_class(state=TrainingClass.State.OPEN)
    for name, commune, state in (
        ("Lý A Sì", BAC_HA, State.NOMINATED),
        ("Vàng A Vụ", BAC_HA, State.APPROVED),
        ("Chờ Chỗ", BAC_HA, State.WAITING),
        ("Đã Rút", BAC_HA, State.WITHDRAWN),
        ("Sùng A Út", MUONG_KHUONG, State.NOMINATED),
    ):
        sit(training_class, name, commune=commune, state=state)
    client = client_of(district_officer)
    page = client.get(reverse("courses:class-documents", args=[training_class.pk])).content.decode()

    (unit, people), *others = papers_of_units.units_that_propose(training_class, district_officer)
    assert (unit, people, others) == (unit_of("085"), 2, [])
    assert "Tờ trình cử người: Huyện Bắc Hà" in page
    content = papers_of_units.proposal(training_class, unit, user=district_officer, day=DAY)
    assert [line["ho_ten"] for line in content.data["danh_sach"]] == ["Lý A Sì", "Vàng A Vụ"]
    text = text_of(content)
    for words in (
        "UBND HUYỆN BẮC HÀ",
        "TỜ TRÌNH",
        f"Căn cứ {DECREE};",
        "cử 2 cán bộ, công chức cấp xã của huyện Bắc Hà",
    ):
        assert words in text
    assert client.get(paper(training_class, Kind.PROPOSAL)).status_code == 200
    assert client.get(paper(training_class, Kind.PROPOSAL, f"?don_vi={unit_of('083').pk}")).status_code == 404


def test_a_commune_of_two_levels_signs_for_its_committee(province_staff):
    two_levels = date(2025, 7, 1)
    issuer = papers_of_units.issuer_unit(unit_of("02647", two_levels), two_levels)
    assert (issuer.above, issuer.name, issuer.place) == ("UBND TỈNH LÀO CAI", "UBND PHƯỜNG LÀO CAI", "Lào Cai")
    assert issuer.head == "TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH"


# ---------------------------------------------------------------- the class


def test_the_decision_on_a_class_is_of_whom_its_sign_names_and_a_draft_before(training_class, province_staff):
    training_class.quotas.create(district=unit_of("085"), seats=12)
    fund(training_class, 0, 5_000_000)
    content = papers_of_class.opening(training_class, day=DAY)
    text = text_of(content)

    for words in (
        "SỞ NỘI VỤ",
        "Số: 45/QĐ-SNV",
        "Lào Cai, ngày 01 tháng 02 năm 2015",
        "GIÁM ĐỐC SỞ NỘI VỤ TỈNH LÀO CAI",
        f"Căn cứ {DECREE};",
        "Số học viên: 40 người",
        "là 5.000.000 đồng, do ngân sách địa phương bảo đảm",
        "- UBND tỉnh (b/c);",
        "Huyện Bắc Hà",
        "12",
    ):
        assert words in text
    assert "DỰ THẢO" not in text

    training_class.decision = "QĐ số 128/QĐ-UBND ngày 09/10/2015"
    text = text_of(papers_of_class.opening(training_class, day=DAY))
    assert "ỦY BAN NHÂN DÂN TỈNH LÀO CAI" in text
    assert "Chánh Văn phòng Ủy ban nhân dân tỉnh, Giám đốc Sở Nội vụ" in text
    assert "SỞ NỘI VỤ" not in text.replace("Giám đốc Sở Nội vụ", "")
    assert "(b/c)" not in text

    training_class.decision = ""
    draft = papers_of_class.opening(training_class, day=DAY)
    assert "DỰ THẢO" in text_of(draft)
    assert draft.stem.startswith("du-thao-")


def test_the_summons_calls_whom_a_decision_sends_to_the_first_session(training_class, province_staff):
    sit(training_class, "Lý A Sì", state=State.DECIDED)
    sit(training_class, "Vàng A Vụ", state=State.APPROVED)
    decision = training_class.sending_decisions.get()
    decision.number, decision.signed_on = "125", date(2015, 2, 5)
    decision.save()
    make_session(training_class)
    content = papers_of_class.summons(training_class, user=province_staff, day=DAY)
    text = text_of(content)

    for words in (
        "TRƯỜNG CHÍNH TRỊ TỈNH",
        f"Căn cứ Quyết định số 125/QĐ-SNV ngày 05 tháng 02 năm 2015 {BY_DEPARTMENT} về việc cử cán bộ, công chức",
        "có mặt lúc 08 giờ 00, ngày 02 tháng 3 năm 2015",
        "Trường Chính trị tỉnh triệu tập 1 ông (bà)",
        "HIỆU TRƯỞNG",
        "Nguyễn Văn Hiệu",
        "Lý A Sì",
    ):
        assert words in text
    assert "Vàng A Vụ" not in text


def test_results_are_recognised_of_whoever_completed(training_class, province_staff, district_officer):
    done = sit(training_class, "Lý A Sì", state=State.COMPLETED, grade=Enrolment.Grade.GOOD)
    sit(training_class, "Vàng A Vụ", state=State.FAILED)
    certify(done, "7")
    content = papers_of_class.recognition(training_class, user=province_staff, day=DAY)
    text = text_of(content)

    for words in ("HIỆU TRƯỞNG TRƯỜNG CHÍNH TRỊ TỈNH", "cấp chứng chỉ cho 1 học viên", "Lý A Sì", "Khá", "CC-7"):
        assert words in text
    assert "Vàng A Vụ" not in text
    assert "mở lớp Bồi dưỡng quản lý nhà nước;" in text
    assert client_of(district_officer).get(paper(training_class, Kind.RECOGNITION)).status_code == 403


def test_a_certificate_is_a_page_of_its_own_until_it_is_withdrawn(training_class, degree, province_staff):
    first, second = (certify(sit(training_class, n, state=State.COMPLETED), n[-1]) for n in ("Lý A 1", "Lý A 2"))
    content = papers_of_class.certificate_sheets(training_class, user=province_staff)
    document = open_word(word_document(content))
    assert document.element.xml.count("<w:pageBreakBefore/>") == 1  # between two pages, and none after the last
    text = "\n".join(lines_of(document))
    for words in (
        "CHỨNG CHỈ",
        "Lý A 1",
        "Lý A 2",
        "Số hiệu: CC-1",
        "Số vào sổ: 2",
        "Lào Cai, ngày 20 tháng 3 năm 2015",
    ):
        assert words in text

    one = papers_of_class.certificate_sheets(training_class, user=province_staff, only=second.pk)
    assert [sheet["ho_ten"] for sheet in one.data["cac_giay"]] == ["Lý A 2"]
    first.withdrawn_on, first.withdrawn_because = DAY, "ghi sai"
    first.save()
    with pytest.raises(ValidationError, match="còn giá trị"):
        papers_of_class.certificate_sheets(training_class, user=province_staff, only=first.pk)
    with pytest.raises(ValidationError, match="phôi"):
        papers_of_class.certificate_sheets(degree, user=province_staff)


def test_the_settlement_adds_up_by_source_and_says_the_sum_in_words(training_class, district_officer, province_staff):
    client = client_of(province_staff)
    assert client.get(paper(training_class, Kind.SETTLEMENT)).status_code == 400
    for name in ("Lý A Sì", "Vàng A Vụ"):
        sit(training_class, name, state=State.COMPLETED)
    fund(training_class, 1_000_000, 5_500_000)
    data = papers_of_class.settlement(training_class, day=DAY).data

    assert data["tong"] == {"da_giao": 6_500_000, "quyet_toan": 6_500_000, "con_lai": 0}
    assert [line["quyet_toan"] for line in data["danh_sach"]] == [1_000_000, 5_500_000, 0]
    assert data["bang_chu"] == "Sáu triệu năm trăm nghìn đồng"
    assert data["mot_nguoi_mot_ngay"] == 650_000  # 2 people, 5 days
    assert client.get(paper(training_class, Kind.SETTLEMENT, file_type="xlsx")).status_code == 200
    funding = client.get(reverse("courses:class-funding", args=[training_class.pk])).content.decode()
    assert paper(training_class, Kind.SETTLEMENT) in funding
    assert client_of(district_officer).get(paper(training_class, Kind.SETTLEMENT)).status_code == 403


# ---------------------------------------------------------------- the person


def test_a_commitment_names_the_months_of_the_record_else_of_the_regulation(degree, training_class, province_staff):
    sit(degree, "Lý A Sì")
    recorded = sit(degree, "Vàng A Vụ")
    Commitment.objects.create(enrolment=recorded, signed_on=date(2014, 2, 9), months=30, cost=7_000_000)
    content = papers_of_person.commitments(degree, user=province_staff)

    assert [(sheet["ho_ten"], sheet["so_thang"]) for sheet in content.data["cac_ban"]] == [
        ("Lý A Sì", 20),
        ("Vàng A Vụ", 30),
    ]
    text = text_of(content)
    for words in ("20 (hai mươi) tháng, gấp 2 lần", "(7.000.000 đồng)", "Lào Cai, ngày 09 tháng 02 năm 2014", DECREE):
        assert words in text
    one = papers_of_person.commitments(degree, user=province_staff, only=recorded.pk)
    assert [sheet["ho_ten"] for sheet in one.data["cac_ban"]] == ["Vàng A Vụ"]
    sit(training_class, "Giàng A Dơ")
    with pytest.raises(ValidationError, match="chương trình đào tạo mới phải cam kết"):
        papers_of_person.commitments(training_class, user=province_staff)
    client = client_of(province_staff)
    assert client.get(paper(degree, Kind.COMMITMENT, file_type="xlsx")).status_code == 404  # nothing but a text
    for page in (
        reverse("courses:commitment-detail", args=[recorded.commitment.pk]),
        reverse("courses:commitment-add", args=[degree.enrolments.get(commitment=None).pk]),
    ):
        assert "ban-cam-ket.docx?luot=" in client.get(page).content.decode()


def test_a_repayment_is_drafted_from_what_is_computed_and_printed_from_what_is_kept(
    degree, province_staff, district_officer
):
    commitment = Commitment.objects.create(
        enrolment=sit(degree, "Lý A Sì", state=State.COMPLETED),
        signed_on=date(2014, 2, 9),
        starts_on=date(2015, 1, 1),
        months=20,
        cost=2_000_000,
    )
    path = reverse("courses:repayment-document", args=[commitment.pk])
    asked = (
        "?case=left_early&on=2015-06-01"  # five months served: 1.500.000, less what service before the studies takes
    )
    client = client_of(province_staff)
    shown = client.get(reverse("courses:commitment-detail", args=[commitment.pk]) + asked).content.decode()
    assert "In dự thảo quyết định đền bù" in shown
    assert client.get(path).status_code == 400
    assert client_of(district_officer).get(path + asked).status_code == 400
    draft = "\n".join(lines_of(open_word(client.get(path + asked).content)))
    for words in ("DỰ THẢO", "1.500.000 đồng", "S = F / T1 × (T1 − T2)", "Hội đồng xét đền bù", "09 tháng 02 năm 2014"):
        assert words in draft

    record = record_repayment(
        commitment,
        case=Repayment.Case.LEFT_EARLY,
        on=date(2015, 6, 1),
        decision="QĐ 9/QĐ-SNV ngày 15/6/2015",
        decided_on=date(2015, 6, 15),
        by=province_staff,
    )
    text = "\n".join(lines_of(open_word(client_of(district_officer).get(path).content)))
    assert "DỰ THẢO" not in text
    for words in ("Số: 9/QĐ-SNV", "ngày 15 tháng 6 năm 2015", "Lý A Sì"):
        assert words in text
    assert f"{record.amount:,}".replace(",", ".") in text


def test_the_training_of_a_person_holds_records_and_classes_once(
    training_class, province_staff, district_officer, foreign_officer
):
    done = sit(training_class, "Lý A Sì", state=State.COMPLETED)
    official = done.official
    record = make_qualification(official, "it", "A", awarded=date(2015, 3, 20))
    make_qualification(official, "professional", "DH", awarded=date(2008, 6, 1))
    certify(done, "7", qualification=record)
    make_qualification(official, "political_theory", "SC", awarded=date(2016, 6, 1))  # after the day
    lines = papers_of_person.transcript(official, user=province_staff, day=DAY).data["danh_sach"]

    assert [(line["noi_dung"], line["thoi_gian"]) for line in lines] == [
        ("Trình độ chuyên môn", "01/06/2008"),
        ("Bồi dưỡng quản lý nhà nước", "03/2015 – 03/2015"),
    ]
    page = reverse("courses:official-training", args=[official.pk])
    path = reverse("courses:official-training-document", args=[official.pk, "docx"])
    assert path in client_of(province_staff).get(page).content.decode()
    text = "\n".join(lines_of(open_word(client_of(district_officer).get(f"{path}?ngay={DAY}").content)))
    assert "PHÒNG NỘI VỤ" in text  # the district's own paper
    assert client_of(foreign_officer).get(path).status_code == 404
