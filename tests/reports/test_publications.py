"""Published figures of the small province (tests/province.py): frozen as they were, withdrawn by a row of their own."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, ProgrammingError, connection, transaction

from cadres.models import (
    Criterion,
    Publication,
    PublicationWithdrawal,
    PublishedGroup,
    PublishedPost,
    Standard,
)
from reports.publications import publish, withdraw
from reports.rates import BY, rates_by
from tests import province
from tests.builders import make_appointment, make_official, position_of
from tests.conftest import unit_of

TODAY = date(2026, 11, 27)


@pytest.fixture
def small_province(db):
    return province.build()


def full() -> Criterion:
    return Criterion.objects.get(code="FULL")


def published(**other) -> Publication:
    choices = {"day": province.DAY, "criterion": full(), "decision": "QĐ 12/QĐ-UBND", "on": TODAY, "by": None}
    return publish(**choices | other)


def test_a_published_figure_keeps_numbers_groups_list_and_words(small_province):
    publication = published(decided_on=date(2016, 1, 15))
    publication.refresh_from_db()
    assert (publication.compliant, publication.not_compliant, publication.undetermined) == (4, 2, 2)
    assert publication.scope_name == "Toàn tỉnh"
    for by in BY:
        kept = PublishedGroup.objects.filter(publication=publication, grouping=by)
        now = rates_by(by, day=province.DAY, criterion=full())
        assert [(g.code, g.name, g.compliant, g.not_compliant, g.undetermined, g.unit_id) for g in kept] == [
            (g.code, g.name, g.rate.compliant, g.rate.not_compliant, g.rate.undetermined, g.unit_id) for g in now
        ], by
    lan = PublishedPost.objects.get(publication=publication, full_name="Lý Thị Lan")
    assert (lan.position_title, lan.commune_name, lan.verdict) == ("Bí thư Đảng ủy", "Thị trấn Bắc Hà", "not_compliant")
    assert PublishedPost.objects.filter(publication=publication).count() == 8
    words = publication.definition
    assert words["criterion"]["definition"] == full().definition
    assert [standard["code"] for standard in words["standards"]] == ["R2004", "R2012"]


def test_what_was_published_cannot_be_changed_by_anybody(small_province):
    publication = published()
    withdraw(publication, reason="Sai số quyết định", by=None)
    connection.check_constraints()  # else TRUNCATE is refused for those that are still to be looked at
    for model in (Publication, PublicationWithdrawal, PublishedGroup, PublishedPost):
        table, column = model._meta.db_table, model._meta.pk.column
        for statement in (
            f"UPDATE {table} SET {column} = {column}",
            f"DELETE FROM {table}",
            f"TRUNCATE {table} CASCADE",
        ):
            with pytest.raises((IntegrityError, ProgrammingError)), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)
    with pytest.raises(ValidationError, match="không xóa được"):
        publication.delete()


def test_queries_do_not_grow_with_people(small_province, django_assert_max_num_queries):
    unit = unit_of(province.BAN_PHO)
    for day in (date(2015, 12, 30), date(2015, 12, 31)):
        with django_assert_max_num_queries(45):
            published(day=day)
        for _ in range(20):
            make_appointment(make_official(), position_of("VH_XH"), unit)


@pytest.mark.parametrize(
    ("choices", "words"),
    [
        ({"day": date(2014, 12, 30)}, "chưa có số liệu"),
        ({"day": date(2026, 11, 28)}, "chưa tới"),
        ({"decision": "  "}, "số quyết định"),
        ({"decided_on": date(2026, 11, 28)}, "chưa tới"),
    ],
)
def test_what_cannot_be_published_is_refused_in_words(small_province, choices, words):
    with pytest.raises(ValidationError, match=words):
        published(**choices)
    assert not Publication.objects.exists()


def test_two_standards_for_one_group_are_refused(small_province):
    cadres = Standard.objects.filter(position_group="cadre")[:2]
    with pytest.raises(ValidationError, match="chỉ chọn được một văn bản"):
        published(standards=list(cadres))


def test_once_for_a_scope_day_and_criterion_unless_withdrawn(small_province):
    first = published()
    with pytest.raises(ValidationError, match="đã được công bố"):
        published(decision="QĐ khác")
    published(unit=unit_of("085"))
    published(criterion=Criterion.objects.get(code="POLITICAL"))
    published(day=date(2015, 12, 30))
    with pytest.raises(ValidationError, match="lý do"):
        withdraw(first, reason=" ", by=None)
    withdraw(first, reason="Sai số quyết định", by=None)
    with pytest.raises(ValidationError, match="đã được thu hồi"):
        withdraw(first, reason="lần nữa", by=None)
    second = published()
    assert second.edition == 2
    assert Publication.objects.in_effect().filter(unit=None, day=province.DAY, criterion=full()).get() == second
