"""Which lines of the law were compared with it: ticked in bulk, told beside the rate, in its files and on a person."""

from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from cadres.models import AcceptedField, Official, Requirement, Standard, User
from cadres.reference_data import load_standards
from cadres.standards.checking import compared_on, lines_that_count, posts_without_fields
from reports.rates import rate_on
from tests import province
from tests.builders import criterion_of, dimension_of, level_of, make_requirement, make_standard, position_of
from tests.conftest import client_of
from tests.lists import act_on, told

pytestmark = pytest.mark.django_db

DAY = province.DAY
AT = f"?ngay={DAY}"
COPY = "Công báo số 1, ngày 01/03/2004"


def text_of_page(client: Client, name: str, *keys: int, query: str = "") -> str:
    response = client.get(reverse(name, args=keys) + AT + query)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def check(client: Client, lines: list[int], deed: str = "ghi", **answers: str) -> Any:
    return act_on(client, reverse("cadres:requirement-list") + AT, lines, deed, **answers)


def test_what_counts_on_a_day_is_what_its_texts_and_local_rules_ask_of_the_posts_of_their_group():
    def codes() -> set[str]:
        return set(lines_that_count(DAY).values_list("standard__code", flat=True))

    assert codes() == {"R2004", "R2012"}
    before = compared_on(DAY)
    base = Standard.objects.get(code="R2004")
    rules = make_standard(over=base)
    make_requirement(rules, position_of("BT_DU"), "it", "A")
    of_another = make_standard(over=Standard.objects.get(code="R2023_CB"))
    make_requirement(of_another, position_of("BT_DU"), "it", "A")
    make_requirement(base, position_of("VP_TK"), "it", "B")  # of another group than the text's: asks nothing
    assert codes() == {"R2004", "R2012", rules.code}
    assert compared_on(DAY).lines == before.lines + 1


def test_lines_are_said_to_be_compared_in_bulk_with_what_was_read_and_by_whom(province_staff: User):
    client = client_of(province_staff)
    first, second, third = lines_that_count(DAY).order_by("pk")[:3]
    before = compared_on(DAY)
    assert before.unchecked == before.lines
    page = check(client, [first.pk, second.pk], source=COPY, article="Điều 5")
    assert told(page) == ["Đã ghi 2 yêu cầu là đã đối chiếu."]
    for line in (first, second):
        line.refresh_from_db()
        assert (line.source, line.article, line.checked_by) == (COPY, "Điều 5", province_staff)
        assert line.checked_at
    third.refresh_from_db()
    assert third.checked_at is None
    assert compared_on(DAY).unchecked == before.unchecked - 2
    shown = text_of_page(client, "cadres:requirement-list", query="&tinh_trang=da")
    assert "2 yêu cầu" in shown
    assert COPY in shown
    assert "2 yêu cầu" in text_of_page(client, "cadres:requirement-list", query="&q=dieu 5")
    assert "Không có yêu cầu nào khớp" in text_of_page(client, "cadres:requirement-list", query="&q=điều 99")

    check(client, [first.pk, third.pk], "bo")  # of the third there is nothing to take back
    first.refresh_from_db()
    assert (first.checked_at, first.checked_by, first.article) == (None, None, "Điều 5")
    assert compared_on(DAY).unchecked == before.unchecked - 1


def test_without_saying_what_was_read_nothing_is_compared(province_staff: User):
    line = lines_that_count(DAY).first()
    check(client_of(province_staff), [line.pk], source=" ")
    line.refresh_from_db()
    assert line.checked_at is None


def test_who_only_reads_sees_the_list_and_ticks_nothing(district_officer: User):
    client = client_of(district_officer)
    assert 'name="chon"' not in text_of_page(client, "cadres:requirement-list")
    assert client.post(reverse("cadres:requirement-list")).status_code == 405
    assert client.post(reverse("cadres:requirement-check")).status_code == 403


def test_a_rate_says_on_how_many_lines_it_rests_that_nobody_has_compared(province_staff: User):
    province.build()
    client, compared = client_of(province_staff), compared_on(DAY)
    said = f"{compared.lines} yêu cầu tiêu chuẩn, {compared.unchecked} yêu cầu chưa được đối chiếu"
    for name in ("reports:home", "reports:rates", "reports:definition"):
        page = text_of_page(client, name)
        assert said in page
        assert f"{reverse('cadres:requirement-list')}?ngay={DAY}&amp;tinh_trang=chua" in page
    assert "chưa được đối chiếu" in notes_of_file(client)
    check(client, list(lines_that_count(DAY).values_list("pk", flat=True)), source=COPY)
    for name in ("reports:home", "reports:rates", "reports:definition"):
        assert "chưa được đối chiếu" not in text_of_page(client, name)
    assert "chưa được đối chiếu" not in notes_of_file(client)


def notes_of_file(client: Client) -> str:
    content = client.get(reverse("reports:rates-file", args=["xlsx"]) + AT).content
    head = load_workbook(BytesIO(content)).active.iter_rows(max_row=7, values_only=True)
    return " ".join(str(row[0]) for row in head)


def test_where_the_lines_of_the_law_stand_is_told_to_an_installation_that_has_them_and_its_own_words_stay(db):
    before = rate_on(DAY, criterion=criterion_of("FULL"))
    line, own, changed = Requirement.objects.filter(standard__code="R2012", position__code="VP_TK").order_by("pk")
    Requirement.objects.filter(pk__in=[line.pk, changed.pk]).update(article="", source="")
    Requirement.objects.filter(pk=own.pk).update(article="Điều 7", source="")
    Requirement.objects.filter(pk=changed.pk).update(minimum=level_of("it", "B"))
    load_standards()
    for row in (line, own, changed):
        row.refresh_from_db()
    assert (line.article, bool(line.source)) == ("Điều 2 TT 06/2012/TT-BNV", True)
    assert (own.article, own.source) == ("Điều 7", "")
    assert (changed.article, changed.source, changed.minimum.code) == ("", "", "B")
    assert rate_on(DAY, criterion=criterion_of("FULL")) == before


def test_no_line_that_comes_with_the_software_says_that_somebody_has_compared_it(db):
    assert not Requirement.objects.exclude(checked_at=None).exists()
    assert not Requirement.objects.filter(source="").exists()


def test_that_no_field_of_study_is_named_for_a_post_is_said_beside_its_verdict(province_staff: User):
    clerk = province.build()["Nguyễn Văn Hùng"]
    client, says = client_of(province_staff), "ngành phù hợp chưa được xét"
    assert says in text_of_page(client, "cadres:official-detail", clerk.pk)
    assert "Văn phòng - thống kê" in without_fields(client)
    head = Official.objects.get(full_name="Giàng A Sử")  # of a cadre the law asks none
    assert says not in text_of_page(client, "cadres:official-detail", head.pk)

    AcceptedField.objects.create(
        position=position_of("VP_TK"), dimension=dimension_of("professional"), field_of_study="Luật"
    )
    assert position_of("VP_TK") not in posts_without_fields(DAY)
    assert says not in text_of_page(client, "cadres:official-detail", clerk.pk)
    assert "Văn phòng - thống kê" not in without_fields(client)


def without_fields(client: Client) -> str:
    page = text_of_page(client, "reports:definition")
    return page.partition("Ngành phù hợp chưa được xét")[2].partition("</li>")[0]
