"""The pages of what is asked beside the standard: each figure opens exactly the people it counts."""

import io
from datetime import date

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cadres.models import Position
from courses.models import NeedRule, Programme, ProgrammeModule, RegisteredNeed, TrainingClass
from courses.needs.campaigns import open_campaign
from courses.needs.openings import openings_for
from tests import province
from tests.builders import it_is, make_class, make_enrolment, make_programme, make_qualification
from tests.conftest import DAY, client_of, unit_of
from tests.courses.needs.test_need_pages import follow, names
from tests.lists import begin_act, finish_act
from tests.reports.pages import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province_database")]

ASKED, PEOPLE = reverse("courses:asked"), reverse("courses:asked-people")
TABS = ("loai", "chuong_trinh", "can_cu", "huyen", "xa", "khu_vuc", "chuc_danh")


@pytest.fixture
def people(db):
    """The small province, of whom everybody is asked informatics, and Party secretaries a programme of their own."""
    NeedRule.objects.all().delete()
    Programme.objects.all().delete()
    people = province.people()
    it_is(DAY)
    course = make_programme("position_training:CC", title="Bồi dưỡng Bí thư", targets=("BT_DU",))
    make_programme("foreign_language:B", title="Tiếng Anh B")
    NeedRule.objects.create(code="BT", basis="programme", document="Đề án 1", programme=course)
    level = make_programme("foreign_language:A", title="Tiếng Anh A").raises_to
    NeedRule.objects.create(code="NN", basis="regulation", document="TT 9", level=level, position_group="civil_servant")
    return people


def test_every_figure_opens_a_list_of_as_many_people(people, province_staff):
    client, figures = client_of(province_staff), set()
    for by in TABS:
        page = client.get(ASKED, {"ngay": DAY.isoformat(), "theo": by})
        assert page.status_code == 200
        linked = {(address, count) for row in page.context["rows"] for count, address in row.figures if address}
        assert len(linked) >= 2, by
        assert page.context["people"] > 2
        figures |= linked | {(page.context["everybody"], page.context["people"])}
    follow(client, figures)


def test_an_officer_counts_the_own_people_only(people, district_officer, province_staff):
    own, all_ = (
        client_of(user).get(ASKED, {"ngay": DAY.isoformat()}).context["people"]
        for user in (district_officer, province_staff)
    )

    assert 0 < own < all_
    assert client_of(district_officer).get(PEOPLE, {"ngay": DAY.isoformat(), "huyen": "083"}).status_code == 400


def test_each_row_names_the_text_that_asks_and_how_far_it_has_been_compared(people, province_staff):
    text = text_of(
        client_of(province_staff).get(PEOPLE, {"ngay": DAY.isoformat(), "loai": "foreign_language"}).content.decode()
    )

    assert "Ngoại ngữ: TT 9 (chưa đối chiếu)" in text
    assert "Tiếng Anh A và 1 chương trình khác" in text
    assert "Đề án 1" not in text


def test_the_file_has_a_row_for_each_need_and_the_table_a_row_for_each_group(people, province_staff):
    client = client_of(province_staff)
    of_people = client.get(PEOPLE, {"ngay": DAY.isoformat(), "tep": "xlsx"})
    sheet = openpyxl.load_workbook(io.BytesIO(of_people.getvalue())).active
    cells = [[cell for cell in row if cell is not None] for row in sheet.iter_rows(values_only=True)]

    assert any("Đề án 1 (chưa đối chiếu)" in row for row in cells)
    of_kinds = client.get(reverse("courses:asked-file", args=["csv"]), {"ngay": DAY.isoformat()})
    assert "Ngoại ngữ" in of_kinds.getvalue().decode("utf-8-sig")


@pytest.mark.parametrize("address", [ASKED, PEOPLE])
def test_the_number_of_queries_grows_neither_with_people_nor_with_rules(people, province_staff, address):
    client = client_of(province_staff)

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get(address, {"ngay": DAY.isoformat()}).status_code == 200
        return len(asked)

    queries()
    before = queries()
    for number in range(4):
        NeedRule.objects.create(code=f"X{number}", basis="programme", document="Đề án 2", programme=make_programme())
    assert queries() <= before
    assert before <= 25


def test_who_has_finished_a_module_is_told_so_and_offered_no_class_of_it(people, province_staff):
    """A need by the standard; one beside it is told by the same pieces."""
    NeedRule.objects.all().delete()
    course = make_programme(title="Chương trình ba phần", hours=120)
    modules = [
        ProgrammeModule.objects.create(programme=course, number=number, title=f"Phần {number}", hours=40)
        for number in (1, 2, 3)
    ]
    NeedRule.objects.create(code="M", basis="programme", document="Đề án 3", programme=course)
    taught = make_class(course, state=TrainingClass.State.ENDED)
    taught.modules.add(modules[0])
    make_enrolment(people["Lý Thị Lan"], taught, "completed")
    for module in modules[:2]:
        coming = make_class(
            course, code=f"MO-{module.number}", state=TrainingClass.State.OPEN, start_date=DAY, end_date=DAY
        )
        coming.modules.add(module)

    query = {"ngay": DAY.isoformat(), "q": "Lý Thị Lan"}
    answer = client_of(province_staff).get(PEOPLE, query)

    assert "đã học xong 1/3 học phần, còn thiếu học phần 2, 3" in text_of(answer.content.decode())
    ((_, ((need, _),)),) = answer.context["rows"]
    ((_, found),) = openings_for([need], DAY)
    assert [opening.training_class.code for opening in found] == ["MO-2"]


def test_who_holds_the_level_is_not_in_the_list(people, province_staff):
    client = client_of(province_staff)
    before = names(client, PEOPLE, ngay=DAY.isoformat(), loai="foreign_language")
    make_qualification(people[before[0]], "foreign_language", "B")

    assert names(client, PEOPLE, ngay=DAY.isoformat(), loai="foreign_language") == before[1:]


def test_the_page_of_a_person_tells_what_is_asked_beside_the_standard(people, province_staff):
    client = client_of(province_staff)
    name = names(client, PEOPLE, ngay=DAY.isoformat(), loai="foreign_language")[0]
    held = people[name].appointments.values("position")
    for document, positions in (
        ("Đề án 2", Position.objects.filter(pk__in=held)),
        ("Đề án 3", Position.objects.exclude(pk__in=held)),
    ):
        rule = NeedRule.objects.create(
            code=document, basis="programme", document=document, programme=Programme.objects.get(title="Tiếng Anh A")
        )
        rule.positions.set(positions)
    text = text_of(client.get(reverse("courses:official-training", args=[people[name].pk])).content.decode())

    assert "Phải học theo chương trình, quy định" in text
    assert "Tiếng Anh A; TT 9 (chưa đối chiếu)" in text
    assert "Đề án 2" in text
    assert "Đề án 3" not in text


def test_a_class_of_what_a_rule_asks_offers_those_who_need_it_and_says_by_which_text(people, province_staff):
    course = Programme.objects.get(title="Tiếng Anh A")
    coming = make_class(course, state=TrainingClass.State.OPEN, start_date=date(2016, 3, 1), end_date=date(2016, 3, 5))
    client = client_of(province_staff)
    needing = set(names(client, PEOPLE, ngay=DAY.isoformat(), loai="foreign_language"))

    answer = client.get(reverse("courses:class-enrol", args=[coming.pk]))

    assert {row["post"].official.full_name for row in answer.context["rows"]} == needing != set()
    assert "Theo TT 9 (chưa đối chiếu)" in text_of(answer.content.decode())


def test_a_unit_registers_what_is_asked_of_its_people_and_it_waits_for_the_plan_with_its_priority(
    people, district_officer
):
    NeedRule.objects.filter(code="NN").update(priority=RegisteredNeed.Priority.LATER)
    opens, closes = date(2015, 12, 1), date(2016, 1, 31)
    campaign = open_campaign(year=2016, title="Nhu cầu 2016", opens_on=opens, closes_on=closes, by=None)
    own = campaign.submissions.get(district=unit_of("085"))
    address = reverse("courses:submission", args=[campaign.pk, own.pk]) + "?muc=theo-quy-dinh"
    client = client_of(district_officer)
    rows = client.get(address).context["rows"]
    key = next(line.key for _, (line,) in rows if line.need.kind.code == "foreign_language")

    asked = begin_act(client, address, [key], "dang_ky")
    assert "Tiếng Anh A, khi có chỉ tiêu (Ngoại ngữ: Chứng chỉ A: TT 9)" in text_of(asked.content.decode())
    finish_act(client, asked)

    need = own.needs.get()
    assert f"{need.official_id}-{need.programme_id}" == key
    assert (need.priority, need.reason) == (RegisteredNeed.Priority.LATER, "Ngoại ngữ: Chứng chỉ A: TT 9")
    again = begin_act(client, address, [key], "dang_ky")
    assert [line.why_not for line in again.context["plan"].lines] == ["Ngoại ngữ: Chứng chỉ A: TT 9: đã đăng ký"]
    make_qualification(need.official, "foreign_language", "B")
    gone = begin_act(client, address, [key], "dang_ky")
    assert [line.why_not for line in gone.context["plan"].lines] == ["Không còn là nhu cầu: hồ sơ vừa thay đổi"]
    foreign = {post.district_name for post, _ in rows}
    assert foreign == {"Huyện Bắc Hà"}
