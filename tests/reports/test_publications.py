"""Published figures of the small province (tests/province.py): frozen as they were, withdrawn by a row of their own."""

import json
import re
from datetime import date
from io import StringIO
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.db.models import F

from cadres import registry
from cadres.evaluation import Rulebook, Verdict
from cadres.history import act, recorded_tables
from cadres.management.command import CommandFailed
from cadres.models import (
    Act,
    Appointment,
    Criterion,
    Level,
    Official,
    Publication,
    PublicationWithdrawal,
    PublishedGroup,
    PublishedPost,
    Qualification,
    Requirement,
    Standard,
    UnitZone,
    Waiver,
)
from lao_cai_training.postgres.roles import grant_web_role
from reports.publications import publish, withdraw
from reports.publications.changes import differences, in_words, recomputed, touched
from reports.publications.publishing import PUBLISHED_BY
from reports.publications.reading import Words, groups_shown, posts_visible
from reports.rates import GROUPINGS, Grouping, rates_by
from tests import province
from tests.builders import (
    it_is,
    level_of,
    make_appointment,
    make_official,
    make_qualification,
    make_waiver,
    position_of,
)
from tests.conftest import unit_of
from tests.parallel import before_commit
from tests.test_structure import ROOT

pytestmark = pytest.mark.usefixtures("province_database")

TODAY = date(2026, 11, 27)


@pytest.fixture
def small_province(db):
    people = province.people()
    it_is(TODAY)
    return people


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
    for by in PUBLISHED_BY:
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


def test_a_grouping_for_which_the_list_has_no_columns_is_not_published(small_province, monkeypatch):
    by_party = Grouping("Đảng viên", names={"True": "Đảng viên", "False": "Khác"}, code=F("official__is_party_member"))
    monkeypatch.setitem(GROUPINGS, "party", by_party)
    publication = published()

    kept = set(PublishedGroup.objects.filter(publication=publication).values_list("grouping", flat=True))
    assert kept == {"district", "commune", "zone", "position", "group", "sex", "ethnic", "age", "dimension"}
    assert kept == set(PUBLISHED_BY)


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


# ---------------------------------------------------------------- since then


def is_touched(publication: Publication, user=None) -> bool:
    return touched([publication], user=user, rulebook=Rulebook.load()) == {publication.pk}


def now(publication: Publication, user=None) -> tuple[int, int, int]:
    """Compliant, total and people of another verdict, computed again."""
    again = recomputed([publication], user=user, rulebook=Rulebook.load())[publication.pk]
    return again.rate.compliant, again.rate.total, again.changed_by


def doing(reason: str = ""):
    """What the test does next is an act of its own: the test itself is one transaction."""
    return act(Act.Kind.CORRECTION, reason=reason, test=uuid4().hex)


def test_where_nothing_happened_it_would_be_the_same(small_province):
    publication = published()
    assert not is_touched(publication)
    assert now(publication) == (4, 8, 0)
    assert differences(publication, rulebook=Rulebook.load()) == []


def test_a_record_touches_the_day_from_its_first_day_on(small_province):
    publication = published()
    lan = small_province["Lý Thị Lan"]
    with doing():
        make_qualification(lan, "professional", "DH", as_of=date(2016, 1, 1))
    assert not is_touched(publication)
    with doing():
        make_qualification(lan, "professional", "TC", as_of=province.DAY)
    assert is_touched(publication)
    assert now(publication) == (5, 8, 1)


def test_a_row_that_has_ended_touches_the_day_to_its_last_day(small_province):
    publication = published()
    for end, is_later in ((date(2015, 12, 30), False), (province.DAY, True)):
        with doing():
            make_waiver(small_province["Lý Thị Lan"], "professional", start_date=date(2015, 1, 1), end_date=end)
        assert is_touched(publication) is is_later
        Waiver.objects.filter(official=small_province["Lý Thị Lan"]).delete()


def test_a_post_that_ends_later_touches_nothing_and_one_that_ends_before_the_day_does(small_province):
    publication = published()
    post = small_province["Lý Thị Lan"].appointments.get()
    with doing():
        Appointment.objects.filter(pk=post.pk).update(end_date=date(2016, 6, 30), end_reason="retired")
    assert not is_touched(publication)
    with doing():
        Appointment.objects.filter(pk=post.pk).update(end_date=date(2015, 12, 30))
    assert is_touched(publication)


def test_what_the_verdict_reads_is_what_bears_on_it(db):
    """Every table of verdict.sql, but what it only orders by or names (and the people, of whom it knows nothing but the
    keys, by which supposed records are looked up)."""
    read = set(re.findall(r"\bcadres_\w+", (ROOT / "cadres" / "verdict.sql").read_text()))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM unnest(%s) AS name WHERE history.bears_from(name, '{}', NULL) = ''",
            [list(recorded_tables())],
        )
        bearing = {name for (name,) in cursor.fetchall()}
    assert bearing == read - {"cadres_official"} | {"cadres_criterion_dimensions"}


def test_what_no_verdict_hangs_on_touches_nothing(small_province):
    publication = published()
    with doing():
        Qualification.objects.update(number="12")
        Official.objects.update(phone="0912345678")
        make_appointment(
            small_province["Lý Thị Lan"], position_of("CT_HPN"), unit_of(province.BAC_HA_TOWN), is_primary=False
        )
        Requirement.objects.filter(standard__start_date__gt=province.DAY).delete()
    assert not is_touched(publication)


def test_a_correction_is_named_with_its_act_and_its_person(small_province):
    publication = published()
    record = Qualification.objects.get(official=small_province["Giàng A Sử"], level__dimension__code="political_theory")
    with doing():
        registry.correct_as_error(record, reason="Bằng của người khác", by=None)
    assert (publication.compliant, publication.total) == (4, 8)
    assert now(publication) == (3, 8, 1)
    (su,) = differences(publication, rulebook=Rulebook.load())
    in_words([su])
    assert (su.name, su.before, su.after) == ("Giàng A Sử", Verdict.COMPLIANT, Verdict.UNDETERMINED)
    (told,) = su.told
    assert (told.change.table_name, told.change.key) == ("cadres_qualification", record.pk)
    assert told.change.act.reason == "Bằng của người khác"


def test_where_no_record_of_the_person_moved_the_verdict_the_changed_rule_is_named(small_province):
    publication = published()
    with doing("Đính chính văn bản"):
        Requirement.objects.filter(
            position__code="BT_DU", dimension__code="professional", standard__code="R2004"
        ).update(minimum=level_of("professional", "DH"), minimum_relaxed=level_of("professional", "TC"))
        Requirement.objects.filter(position__code="CT_HPN", standard__code="R2004").update(article="Điều 5")
    (su,) = differences(publication, rulebook=Rulebook.load())
    in_words([su])
    assert [(one.change.table_name, one.kind) for one in su.told] == [("cadres_requirement", "yêu cầu tiêu chuẩn")]


def test_who_came_into_the_total_and_who_left_it_are_told(small_province):
    publication = published()
    unit = unit_of(province.BAN_PHO)
    with doing():
        newcomer = make_official("Ma Seo Chứ")
        make_appointment(newcomer, position_of("VH_XH"), unit)
        small_province["Thào A Chín"].appointments.get().delete()
    people = differences(publication, rulebook=Rulebook.load())
    assert [len(one.acts) for one in people] == [1, 1]
    assert {change.person for one in people for change in one.changes} == {one.official_id for one in people}
    assert all(change.person == one.official_id for one in people for change in one.changes)
    found = {one.name: (one.before, one.after) for one in people}
    assert found == {"Ma Seo Chứ": (None, Verdict.UNDETERMINED), "Thào A Chín": (Verdict.COMPLIANT, None)}
    assert now(publication) == (3, 8, 2)


def test_a_figure_of_a_unit_is_touched_by_its_own_people_and_communes_only(small_province, district_officer):
    of_bac_ha = published(unit=unit_of("085"))
    of_all = published()
    assert (of_bac_ha.compliant, of_bac_ha.total, of_bac_ha.scope_name) == (2, 6, "Huyện Bắc Hà")
    with doing():
        UnitZone.objects.filter(unit=unit_of(province.THANH_BINH)).update(zone=3)
        make_qualification(small_province["Lù Seo Dơ"], "professional", "TC")
    assert is_touched(of_all)
    assert not is_touched(of_all, district_officer)
    assert not is_touched(of_bac_ha)
    with doing():
        make_qualification(small_province["Lý Thị Lan"], "professional", "TC")
    assert is_touched(of_bac_ha)
    assert is_touched(of_all, district_officer)
    assert now(of_bac_ha) == (3, 6, 1)


def test_what_was_being_written_while_it_was_published_counts_as_later(own_database):
    lan = province.build()["Lý Thị Lan"]
    assert not before_commit(lambda: make_qualification(lan, "professional", "TC"), published)
    publication = Publication.objects.get()
    assert (publication.compliant, publication.total) == (4, 8)
    assert is_touched(publication)
    assert now(publication) == (5, 8, 1)


# ---------------------------------------------------------------- to whom


def test_an_officer_sees_the_own_people_of_the_list_only(small_province, district_officer, foreign_officer, leader):
    publication = published()
    names = {
        user.username: {post.full_name for post in posts_visible(publication, user)}
        for user in (district_officer, foreign_officer, leader)
    }
    assert len(names["bac-ha"]) == 6
    assert names["muong-khuong"] == {"Lù Seo Dơ", "Thào A Chín"}
    assert len(names["lanh-dao"]) == 8
    words = Words(publication.definition)
    for by in PUBLISHED_BY:
        own = groups_shown(publication, by, district_officer, words)
        scope = Appointment.objects.filter(
            unit__in=[unit_of(code) for code in (province.BAN_PHO, province.BAC_HA_TOWN)]
        )
        expected = rates_by(by, day=province.DAY, criterion=full(), appointments=scope)
        assert [(group.code, group.name, group.rate) for group in own] == [
            (group.code, group.name, group.rate) for group in expected
        ], by


def test_the_reasons_are_told_in_the_words_of_then(small_province):
    publication = published()
    Level.objects.filter(dimension__code="professional").update(name="khác")
    lan = PublishedPost.objects.get(publication=publication, full_name="Lý Thị Lan")
    reasons = {reason.dimension.code: reason for reason in Words(publication.definition).reasons(lan)}
    professional = reasons["professional"]
    assert (professional.required, professional.held, professional.verdict) == ("Trung cấp", "Sơ cấp", "not_met")
    assert "QĐ 04/2004/QĐ-BNV" in professional.article


def test_the_article_kept_is_that_of_the_local_rule_where_there_is_one(small_province):
    base = Standard.objects.get(code="R2004")
    local = Standard.objects.create(
        code="VD", name="Vận dụng", legal_basis="QĐ 9/QĐ-UBND", position_group="cadre", over=base
    )
    rule = Requirement.objects.get(standard=base, position__code="BT_DU", dimension__code="professional")
    rule.pk, rule.standard, rule.article = None, local, "Điều 3"
    rule.save()
    words = published().definition
    assert words["articles"]["BT_DU"]["professional"] == "Điều 3"
    assert words["articles"]["BT_DU"]["education"] != "Điều 3"
    assert [rules["name"] for rules in words["local_rules"]] == ["Vận dụng"]


# ---------------------------------------------------------------- on the command line


def run(name: str, *arguments: str) -> dict:
    out = StringIO()
    call_command(name, *arguments, "--json", stdout=out, stderr=StringIO())
    return json.loads(out.getvalue())


def test_commands_publish_and_list(small_province):
    told = run("publish", "--as-of", "2015-12-31", "--decision", "QĐ 12/QĐ-UBND")
    assert {key: told[key] for key in ("total", "compliant", "rate")} == {"total": 8, "compliant": 4, "rate": "50.0"}
    with doing():
        make_qualification(small_province["Lý Thị Lan"], "professional", "TC")
    (row,) = run("published")["publications"]
    assert (row["publication"], row["as_of"], row["rate"]) == (told["publication"], "2015-12-31", "50.0")
    assert (row["now"]["rate"], row["changed_by"]) == ("62.5", 1)
    with pytest.raises(CommandFailed, match="đã được công bố"):
        run("publish", "--as-of", "2015-12-31", "--decision", "QĐ 13")
    with pytest.raises(CommandFailed, match="số quyết định"):
        run("publish", "--as-of", "2015-12-31", "--decision", " ")


def test_the_role_of_the_web_process_may_ask_what_has_touched_a_figure(small_province):
    publication = published()
    if not grant_web_role():
        pytest.skip("this server has no role for the web process")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE lao_cai_wide")
    assert touched([publication], rulebook=Rulebook.load()) == set()
