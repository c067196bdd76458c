"""What the importer promises: each promise has a test that names it."""

from datetime import date
from pathlib import Path

import pytest
from django.db import IntegrityError, OperationalError, connection
from django.test.utils import CaptureQueriesContext

from cadres import registry
from cadres.models import (
    Appointment,
    ImportBatch,
    ImportRow,
    Level,
    Official,
    OfficialIdentifier,
    Position,
    Qualification,
    RosterDay,
    UnitZone,
)
from cadres.periods import PartialDate
from cadres.roster import batch as roster_batch
from cadres.roster.batch import (
    BatchChangedError,
    BatchStateError,
    commit,
    discard,
    import_file,
    plan_of,
    read_file,
    report,
    report_of,
    stage,
)
from cadres.roster.plan import make_plan
from tests.builders import make_appointment, make_official, position_of
from tests.cadres.workbooks import flat, layout_b, layout_c
from tests.conftest import unit_of

DATA = Path(__file__).parent.parent / "data"
DAY = date(2015, 12, 31)
BAN_PHO, TA_CU_TY = "02866", "02854"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def bring(content: bytes, **options) -> dict:
    """Import and return the report."""
    return report_of(import_file(read_file("danh-sach.xlsx", content, **options), by=None))


def counts(result: dict) -> dict[str, int]:
    names = ("created", "updated", "unchanged", "review", "rejected", "missing")
    return {name: result[name] for name in names if result[name]}


def codes(result: dict) -> list[str]:
    return [issue["code"] for issue in result["issues"]]


def posts_of(official: Official) -> list[tuple[str, str, str, bool]]:
    """(position, from, to, primary) in the order of time."""
    return [
        (post.position.code, f"{post.start_date}", f"{post.end_date or ''}", post.is_primary)
        for post in official.appointments.select_related("position").order_by("start_date", "-is_primary")
    ]


def levels_of(official: Official) -> list[tuple[str, str]]:
    records = official.qualifications.select_related("level").order_by("start_date", "pk")
    return [(record.level.code, f"{record.start_date}") for record in records]


# Whole files


@pytest.mark.parametrize(("name", "people"), [("bac-ha-2015.xlsx", 468), ("muong-khuong-2015.xlsx", 357)])
def test_a_sample_goes_in_whole_and_again_unchanged(name, people):
    content = (DATA / name).read_bytes()
    first = bring(content)
    assert (first["rows"], counts(first), first["issues"]) == (people, {"created": people}, [])
    assert Official.objects.count() == Appointment.objects.as_of(DAY).count() == people
    written = Qualification.objects.count()
    second = bring(content)
    assert (counts(second), second["issues"]) == ({"unchanged": people}, [])
    assert (Official.objects.count(), Qualification.objects.count()) == (people, written)


def test_the_hand_made_layouts_go_in():
    result = bring(layout_b())
    assert counts(result) == {"created": 7}
    secretary = Official.objects.get(full_name="Hoàng Văn Cộng")
    assert posts_of(secretary) == [("BT_DU", "2015-12-31", "", True), ("CT_HDND", "2015-12-31", "", False)]
    assert secretary.party_joined_on == date(2001, 2, 3)
    assert Official.objects.filter(full_name="Lù A Dơ").count() == 2
    result = bring(layout_c())
    assert counts(result) == {"created": 3, "rejected": 2}
    assert result["totals"] == [{"sheet": "Sheet", "row": 10, "declared": 6, "counted": 5}]
    assert "total_differs" in codes(result)
    assert OfficialIdentifier.objects.get(official__full_name="La Văn Thắng").number == "063123457"


def test_a_dry_run_changes_nothing_and_says_all_that_the_import_does():
    wide = flat(
        {"Số CMND": "063111222", "Chuyên môn": "ĐH Luật, ĐH Kinh tế", "LLCT": "TC", "Ngày vào Đảng": "Không"},
        {"Số CMND": "063111222", "Họ và tên": "Giàng A Số 1", "Chức danh": "Bí thư Đảng ủy"},
    )
    for content in (layout_b(), layout_c(), wide):
        read = read_file("b.xlsx", content)
        said = report(read, plan_of(read))
        assert not Official.objects.exists()
        assert said["created"]
        imported = bring(content)
        assert (counts(imported), imported["issues"]) == (counts(said), said["issues"])
        Official.objects.all().delete()


def test_a_dry_run_keeps_no_batch():
    read = read_file("b.xlsx", layout_b())
    assert report(read, plan_of(read))["created"] == 7
    assert not Official.objects.exists()
    assert not ImportBatch.objects.exists()


def test_staging_writes_nothing_to_the_registry_and_committing_all_of_it(province_staff):
    read = read_file("b.xlsx", layout_b(), by=province_staff)
    batch = stage(read, by=province_staff)
    assert (batch.state, batch.rows.count(), Official.objects.count()) == ("staged", 7, 0)
    assert batch.file.read() == read.content
    batch = commit(batch, by=province_staff)
    batch.refresh_from_db()
    assert (batch.state, batch.committed_by) == ("committed", province_staff)
    assert set(batch.rows.values_list("official__full_name", flat=True)) == set(
        Official.objects.values_list("full_name", flat=True)
    )
    with pytest.raises(BatchStateError):
        commit(batch, by=province_staff)


def test_a_discarded_batch_cannot_be_written(province_staff):
    batch = stage(read_file("b.xlsx", layout_b()), by=province_staff)
    discard(batch, by=province_staff)
    with pytest.raises(BatchStateError):
        commit(batch, by=province_staff)
    assert not Official.objects.exists()


def test_what_would_differ_from_the_preview_is_not_written(province_staff):
    batch = stage(read_file("b.xlsx", flat({"Họ và tên": "Giàng A Dơ"})), by=province_staff)
    bring(flat({"Họ và tên": "Giàng A Dơ"}))
    with pytest.raises(BatchChangedError):
        commit(batch, by=province_staff)
    assert Official.objects.count() == 1
    batch.refresh_from_db()
    assert (batch.state, batch.rows.get().outcome, batch.summary["unchanged"]) == ("staged", "unchanged", 1)
    commit(batch, by=province_staff)
    assert Official.objects.count() == 1


def test_a_preview_of_many_changes_is_written_as_shown(province_staff):
    bring(flat({"Họ và tên": "Giàng A Dơ"}))
    levels = {"Văn hóa": "12/12", "Chuyên môn": "ĐH Luật", "LLCT": "TC", "QLNN": "CV", "Tin học": "B", "Tiếng DT": "x"}
    batch = stage(read_file("b.xlsx", flat({"Họ và tên": "Giàng A Dơ"} | levels)), by=province_staff)
    assert len(batch.rows.get().changes) == len(levels)
    assert commit(batch, by=province_staff).state == "committed"


def test_who_is_said_to_be_no_member_is_none_after_a_preview_too():
    for content in (flat({"Ngày vào Đảng": "Không"}), flat({"Ngày vào Đảng": "Không"}, {"Ngày vào Đảng": "Không"})):
        commit(stage(read_file("a.xlsx", content), by=None), by=None)
    assert set(Official.objects.values_list("is_party_member", flat=True)) == {False}


def test_a_crash_while_writing_leaves_nothing(monkeypatch):
    def crash(*args, **kwargs):
        raise IntegrityError("giữa chừng")

    read = read_file("b.xlsx", layout_b())
    monkeypatch.setattr(registry.bulk, "_insert", crash)
    with pytest.raises(IntegrityError):
        import_file(read, by=None)
    models = (Official, Appointment, Qualification, ImportBatch, ImportRow, RosterDay)
    assert [model.objects.count() for model in models] == [0] * len(models)


def test_the_number_of_queries_does_not_depend_on_the_rows():
    def queries(people: int) -> tuple[int, int, int]:
        rows = [{"Họ và tên": f"Giàng A {number:04d}", "Chuyên môn": "ĐH Luật"} for number in range(people)]
        with CaptureQueriesContext(connection) as reading:
            batch = stage(read_file("a.xlsx", flat(*rows)), by=None)
        with CaptureQueriesContext(connection) as writing:
            commit(batch, by=None)
        with CaptureQueriesContext(connection) as again:
            commit(stage(read_file("a.xlsx", flat(*rows)), by=None), by=None)
        Official.objects.all().delete()
        return len(reading), len(writing), len(again)

    few, many = queries(120), queries(240)  # both are many enough to tell the planner
    assert few == many
    assert max(many) < 65


# Dates of posts


def test_a_post_starts_on_its_appointment_date_where_that_is_known_to_the_day():
    bring(
        flat(
            {"Họ và tên": "Giàng A Một", "Ngày bổ nhiệm": "01/07/2011"},
            {"Họ và tên": "Giàng A Hai", "Ngày bổ nhiệm": "7/2011"},
            {"Họ và tên": "Giàng A Ba", "Ngày bổ nhiệm": "01/02/2016"},
            {"Họ và tên": "Giàng A Bốn"},
        )
    )
    found = {
        post.official.full_name: (f"{post.start_date}", str(post.stated or ""))
        for post in Appointment.objects.select_related("official")
    }
    assert found == {
        "Giàng A Một": ("2011-07-01", "01/07/2011"),
        "Giàng A Hai": ("2015-12-31", "07/2011"),
        "Giàng A Ba": ("2015-12-31", ""),  # it cannot be
        "Giàng A Bốn": ("2015-12-31", ""),
    }


def test_an_earlier_roster_that_confirms_a_post_moves_its_start_back():
    bring(flat({"Họ và tên": "Giàng A Dơ"}))
    result = bring(flat({"Họ và tên": "Giàng A Dơ"}, title="Tính đến 31/12/2013"))
    assert counts(result) == {"updated": 1}
    assert posts_of(Official.objects.get()) == [("CT_UBND", "2013-12-31", "", True)]
    assert counts(bring(flat({"Họ và tên": "Giàng A Dơ"}, title="Tính đến 31/12/2013"))) == {"unchanged": 1}


def test_an_earlier_roster_with_another_post_ends_it_the_day_before_the_next_attested_one():
    bring(flat({"Họ và tên": "Giàng A Dơ"}))
    bring(flat({"Họ và tên": "Giàng A Dơ", "Chức danh": "Phó Chủ tịch UBND"}, title="Tính đến 31/12/2013"))
    expected = [("PCT_UBND", "2013-12-31", "2015-12-30", True), ("CT_UBND", "2015-12-31", "", True)]
    assert posts_of(Official.objects.get()) == expected


def test_a_roster_between_two_that_agree_opens_its_post_between_them():
    def roster(year: int, position: str) -> bytes:
        return flat({"Họ và tên": "Giàng A Dơ", "Chức danh": position}, title=f"Tính đến 31/12/{year}")

    bring(roster(2013, "Chủ tịch UBND"))
    bring(roster(2015, "Chủ tịch UBND"))
    bring(roster(2014, "Bí thư Đảng ủy"))
    assert posts_of(Official.objects.get()) == [
        ("CT_UBND", "2013-12-31", "2014-12-30", True),
        ("BT_DU", "2014-12-31", "2015-12-30", True),
        ("CT_UBND", "2015-12-31", "", True),
    ]
    for year, position in ((2013, "Chủ tịch UBND"), (2014, "Bí thư Đảng ủy"), (2015, "Chủ tịch UBND")):
        assert counts(bring(roster(year, position))) == {"unchanged": 1}


def test_the_order_in_which_rosters_come_does_not_matter():
    def roster(year: int, position: str) -> bytes:
        return flat({"Họ và tên": "Giàng A Dơ", "Chức danh": position}, title=f"Tính đến 31/12/{year}")

    rosters = [roster(2012, "Bí thư Đoàn"), roster(2013, "Phó Chủ tịch UBND"), roster(2014, "Chủ tịch UBND")]
    for content in rosters:
        bring(content)
    forward = posts_of(Official.objects.get())
    Official.objects.all().delete()
    for content in reversed(rosters):
        bring(content)
    assert posts_of(Official.objects.get()) == forward


@pytest.mark.parametrize(("year", "appointed"), [(2013, "01/07/2012"), (2015, "01/06/2011")])
def test_what_a_later_roster_said_of_an_appointment_is_not_taken_back_by_an_earlier_one(year, appointed):
    bring(flat({"Họ và tên": "Giàng A Dơ", "Ngày bổ nhiệm": "01/07/2012"}, title="Tính đến 31/12/2014"))
    bring(flat({"Họ và tên": "Giàng A Dơ", "Ngày bổ nhiệm": "01/06/2011"}, title=f"Tính đến 31/12/{year}"))
    post = Appointment.objects.get()
    assert (f"{post.stated}", f"{post.start_date:%d/%m/%Y}") == (appointed, appointed)


def test_a_later_roster_with_another_post_ends_the_old_and_opens_the_new():
    bring(flat({"Họ và tên": "Giàng A Dơ"}))
    content = flat(
        {"Họ và tên": "Giàng A Dơ", "Chức danh": "Bí thư Đảng ủy", "Ngày bổ nhiệm": "15/06/2016"},
        title="Tính đến 31/12/2016",
    )
    result = bring(content)
    assert counts(result) == {"updated": 1}
    expected = [("CT_UBND", "2015-12-31", "2016-06-14", True), ("BT_DU", "2016-06-15", "", True)]
    assert posts_of(Official.objects.get()) == expected
    assert counts(bring(content)) == {"unchanged": 1}
    row = ImportRow.objects.get(outcome="updated")
    assert row.changes == [
        {"field": "position", "before": "Chủ tịch UBND, Xã Bản Phố", "after": "Bí thư Đảng ủy, Xã Bản Phố"}
    ]
    (old,) = row.before["appointment"].values()
    assert old.pop("changed_at") < row.batch.committed_at.isoformat()
    assert old == {"end_date": None, "end_reason": ""}


def test_a_person_known_by_identifier_moves_to_another_commune():
    person = {"Họ và tên": "Giàng A Dơ", "Số CMND": "063111222"}
    bring(flat(person))
    result = bring(flat(person | {"Xã": "Tả Củ Tỷ"}, title="Tính đến 31/12/2016"))
    assert counts(result) == {"updated": 1}
    old, new = Appointment.objects.order_by("start_date")
    assert (old.unit, old.end_date, old.end_reason) == (unit_of(BAN_PHO), date(2016, 12, 30), "transferred")
    assert (new.unit, new.start_date, new.end_date) == (unit_of(TA_CU_TY), date(2016, 12, 31), None)


def test_another_roster_of_the_same_day_corrects_the_post():
    bring(flat({"Họ và tên": "Giàng A Dơ"}))
    bring(flat({"Họ và tên": "Giàng A Dơ", "Chức danh": "Bí thư Đảng ủy"}))
    assert posts_of(Official.objects.get()) == [("BT_DU", "2015-12-31", "", True)]


def test_a_primary_and_a_concurrent_post_may_change_places():
    bring(flat({"Họ và tên": "Giàng A Dơ", "Chức danh": "Bí thư Đảng ủy kiêm Chủ tịch HĐND"}))
    content = flat(
        {"Họ và tên": "Giàng A Dơ", "Chức danh": "Chủ tịch HĐND kiêm Bí thư Đảng ủy"}, title="Tính đến 31/12/2016"
    )
    bring(content)
    official = Official.objects.get()
    on_day = official.appointments.as_of(date(2016, 12, 31)).select_related("position")
    assert {(post.position.code, post.is_primary) for post in on_day} == {("CT_HDND", True), ("BT_DU", False)}
    assert counts(bring(content)) == {"unchanged": 1}


def test_rosters_of_one_day_may_exchange_the_primary_and_the_concurrent_post_and_back():
    secretary, chairman = "Bí thư Đảng ủy", "Chủ tịch HĐND"
    for primary, concurrent in ((secretary, chairman), (chairman, secretary), (secretary, chairman)):
        bring(flat({"Họ và tên": "Giàng A Dơ", "Chức danh": f"{primary} kiêm {concurrent}"}))
        posts = Official.objects.get().appointments.select_related("position")
        assert {(post.position.title, post.is_primary) for post in posts} == {(primary, True), (concurrent, False)}


# Levels


def test_a_higher_level_is_added_and_a_lower_one_is_a_warning():
    def roster(year: int, level: str) -> dict:
        return bring(flat({"Họ và tên": "Giàng A Dơ", "LLCT": level}, title=f"Tính đến 31/12/{year}"))

    roster(2013, "Sơ cấp")
    assert counts(roster(2014, "Trung cấp")) == {"updated": 1}
    lower = roster(2015, "Sơ cấp")
    assert (counts(lower), codes(lower)) == ({"unchanged": 1}, ["lower_level"])
    assert levels_of(Official.objects.get()) == [("SC", "2013-12-31"), ("TC", "2014-12-31")]


def test_an_earlier_roster_moves_the_beginning_of_a_level_back():
    bring(flat({"Họ và tên": "Giàng A Dơ", "LLCT": "Trung cấp"}))
    bring(flat({"Họ và tên": "Giàng A Dơ", "LLCT": "Trung cấp"}, title="Tính đến 31/12/2013"))
    assert levels_of(Official.objects.get()) == [("TC", "2013-12-31")]


@pytest.mark.parametrize(
    ("origin", "awarded", "found"),
    [
        ("roster", None, [("TC", "2015-12-31")]),
        ("roster", date(2016, 6, 1), [("TC", "2015-12-31"), ("TC", "2016-06-01")]),
        ("entered", None, [("TC", "2015-12-31"), ("TC", "2016-12-31")]),
        ("course", date(2016, 6, 1), [("TC", "2015-12-31"), ("TC", "2016-06-01")]),
    ],
)
def test_only_a_level_that_a_later_roster_brought_without_a_date_is_moved_back(origin, awarded, found):
    bring(flat({"Họ và tên": "Giàng A Dơ"}))
    official = Official.objects.get()
    level = Level.objects.get(dimension__code="political_theory", code="TC")
    stated = PartialDate(awarded) if awarded else None
    registry.record_qualification(official, level, as_of=date(2016, 12, 31), awarded=stated, origin=origin, by=None)
    bring(flat({"Họ và tên": "Giàng A Dơ", "LLCT": "Trung cấp"}))
    assert levels_of(official) == found


def test_a_level_that_was_an_error_is_none_to_a_later_roster():
    bring(flat({"Họ và tên": "Giàng A Dơ", "LLCT": "Trung cấp"}))
    registry.correct_as_error(Qualification.objects.get(), reason="Nhầm người", by=None)
    bring(flat({"Họ và tên": "Giàng A Dơ", "LLCT": "Trung cấp"}, title="Tính đến 31/12/2016"))
    records = Official.objects.get().qualifications.order_by("start_date")
    assert list(records.values_list("start_date", "is_error")) == [(DAY, True), (date(2016, 12, 31), False)]


def test_a_blank_cell_never_removes_what_is_known():
    known = {"Họ và tên": "Giàng A Dơ", "LLCT": "TC", "Số CMND": "063111222", "Ngày vào Đảng": "x", "Tôn giáo": "Không"}
    bring(flat(known))
    before = Official.objects.values().get()
    result = bring(flat({"Họ và tên": "Giàng A Dơ"}))
    assert counts(result) == {"unchanged": 1}
    assert Official.objects.values().get() == before
    assert Qualification.objects.count() == OfficialIdentifier.objects.count() == 1


def test_a_second_degree_of_the_same_level_is_a_record_of_its_own():
    bring(flat({"Họ và tên": "Giàng A Dơ", "Chuyên môn": "ĐH Luật"}))
    content = flat({"Họ và tên": "Giàng A Dơ", "Chuyên môn": "ĐH Kinh tế"}, title="Tính đến 31/12/2016")
    assert counts(bring(content)) == {"updated": 1}
    assert {record.field_of_study for record in Qualification.objects.all()} == {"Luật", "Kinh tế"}
    assert counts(bring(content)) == {"unchanged": 1}


def test_a_finer_date_refines_and_a_coarser_one_changes_nothing():
    person = {"Họ và tên": "Giàng A Dơ", "Số CMND": "063111222"}
    bring(flat(person | {"Ngày sinh": "1979"}))
    assert counts(bring(flat(person | {"Ngày sinh": "05/08/1979"}))) == {"updated": 1}
    assert counts(bring(flat(person | {"Ngày sinh": "8/1979"}))) == {"unchanged": 1}
    assert str(Official.objects.get().birth) == "05/08/1979"


def test_a_course_result_is_not_changed_by_a_roster():
    bring(flat({"Họ và tên": "Giàng A Dơ"}))
    level = Level.objects.get(dimension__code="professional", code="DH")
    registry.record_qualification(Official.objects.get(), level, as_of=DAY, by=None, study_mode="Chính quy")
    result = bring(flat({"Họ và tên": "Giàng A Dơ", "Chuyên môn": "ĐHTC"}))
    assert Qualification.objects.get().study_mode == "Chính quy"
    assert "created" not in counts(result)


# Matching


def test_name_sakes_in_one_commune_stay_apart_and_come_back_unchanged():
    content = flat(
        {"Họ và tên": "Vàng Thị Mỷ", "Ngày sinh": "1979"},
        {"Họ và tên": "Vàng Thị Mỷ", "Ngày sinh": "05/08/1979"},
        {"Họ và tên": "Vàng Thị Mỷ", "Ngày sinh": "05/09/1979"},
    )
    assert counts(bring(content)) == {"created": 3}
    assert counts(bring(content)) == {"unchanged": 3}


def test_a_row_equal_to_another_without_identifier_is_for_review():
    result = bring(flat({"Họ và tên": "Vàng Thị Mỷ"}, {"Họ và tên": "Vàng Thị Mỷ", "Chức danh": "Bí thư"}))
    assert (counts(result), codes(result)) == ({"created": 1, "review": 1}, ["equal_row"])


def test_another_ethnic_group_sex_or_commune_is_for_review():
    bring(flat({"Họ và tên": "Vàng A Mỷ"}))
    for difference in ({"Dân tộc": "Dao"}, {"Giới tính": "Nữ"}, {"Xã": "Tả Củ Tỷ"}):
        result = bring(flat({"Họ và tên": "Vàng A Mỷ"} | difference))
        assert counts(result) | {"missing": 0} == {"review": 1, "missing": 0}
    assert Official.objects.count() == 1


@pytest.mark.parametrize(
    "posts",
    [
        pytest.param(
            [(TA_CU_TY, date(2010, 1, 1), date(2011, 6, 30)), (BAN_PHO, date(2012, 1, 1), date(2013, 6, 30))],
            id="the last, where all have ended",
        ),
        pytest.param(
            [(BAN_PHO, date(2012, 1, 1), DAY), (TA_CU_TY, date(2016, 1, 1), None)], id="the one that ends that day"
        ),
        pytest.param(
            [(TA_CU_TY, date(2012, 1, 1), date(2013, 6, 30)), (BAN_PHO, date(2016, 1, 1), None)],
            id="the next, where none is held",
        ),
    ],
)
def test_of_several_posts_one_says_where_somebody_belongs_on_the_day(posts):
    official = make_official("Vàng A Mỷ", sex="M", birth=PartialDate(date(1979, 8, 5)), ethnic="08")
    for commune, start, end in posts:
        make_appointment(official, position_of("CT_UBND"), unit_of(commune), start_date=start, end_date=end)
    assert not counts(bring(flat({"Họ và tên": "Vàng A Mỷ"}))).keys() & {"review", "created"}
    assert Official.objects.get() == official


def test_of_name_sakes_born_in_one_year_only_who_belongs_to_the_commune_may_be_the_same():
    bring(flat({"Họ và tên": "Vàng A Mỷ", "Ngày sinh": "1979"}))
    assert counts(bring(flat({"Họ và tên": "Vàng A Mỷ", "Ngày sinh": "1979", "Xã": "Tả Củ Tỷ"}))) == {"created": 1}
    assert counts(bring(flat({"Họ và tên": "Vàng A Mỷ", "Ngày sinh": "1979", "Dân tộc": "Dao"}))) == {"review": 1}


def test_of_two_equal_rows_the_one_without_a_number_is_in_question():
    result = bring(flat({"Họ và tên": "Vàng A Mỷ"}, {"Họ và tên": "Vàng A Mỷ", "Số CMND": "063111222"}))
    assert (counts(result), codes(result)) == ({"created": 1, "review": 1}, ["equal_row"])
    assert OfficialIdentifier.objects.get().number == "063111222"


def test_two_rows_with_numbers_of_their_own_are_not_both_the_one_person_who_is_known():
    bring(flat({"Họ và tên": "Vàng A Mỷ"}))
    result = bring(
        flat(*({"Họ và tên": "Vàng A Mỷ", "Số CMND": number} for number in ("010079000001", "010079000002")))
    )
    assert (counts(result), codes(result)) == ({"review": 2}, ["several_rows"] * 2)


def test_a_row_without_a_number_is_not_the_person_whom_a_number_gave_to_another_row():
    known = {"Họ và tên": "Vàng A Mỷ", "Số CMND": "063111222"}
    bring(flat(known))
    assert counts(bring(flat(known, {"Họ và tên": "Vàng A Mỷ", "Dân tộc": "Dao"}))) == {"created": 1, "unchanged": 1}


def test_a_name_sake_with_another_birth_is_somebody_else():
    bring(flat({"Họ và tên": "Vàng A Mỷ"}))
    result = bring(flat({"Họ và tên": "Vàng A Mỷ", "Ngày sinh": "06/08/1979"}))
    assert counts(result) == {"created": 1, "missing": 1}
    assert codes(result) == ["resembles_missing", "post_held"]


def test_another_number_of_the_same_kind_is_for_review_and_of_another_kind_is_not():
    bring(flat({"Họ và tên": "Vàng A Mỷ", "Số CMND": "063111222"}))
    other = bring(flat({"Họ và tên": "Vàng A Mỷ", "Số CMND": "063111223"}))
    assert (counts(other), codes(other)) == ({"review": 1}, ["identifier_differs"])
    newer = bring(flat({"Họ và tên": "Vàng A Mỷ", "Số CMND": "010079000001"}, title="Tính đến 31/12/2016"))
    assert counts(newer) == {"updated": 1}
    periods = OfficialIdentifier.objects.order_by("start_date").values_list("kind", "end_date")
    assert list(periods) == [("CMND", date(2016, 12, 30)), ("CCCD", None)]
    older = bring(flat({"Họ và tên": "Vàng A Mỷ", "Số CMND": "063111222"}))
    assert counts(older) == {"unchanged": 1}


def test_of_two_kinds_of_number_on_one_day_the_newer_kind_is_in_force():
    for number in ("063111222", "010079000001"):
        bring(flat({"Họ và tên": "Vàng A Mỷ", "Số CMND": number}))
    periods = OfficialIdentifier.objects.order_by("start_date").values_list("kind", "end_date")
    assert list(periods) == [("CMND", date(2015, 12, 30)), ("CCCD", None)]


def test_a_number_with_another_name_and_birth_is_for_review():
    bring(flat({"Họ và tên": "Vàng A Mỷ", "Số CMND": "063111222"}))
    result = bring(flat({"Họ và tên": "Lù Seo Pao", "Ngày sinh": "1960", "Số CMND": "063111222"}))
    assert (counts(result), codes(result)) == ({"review": 1}, ["identifier_of_another"])


def test_two_rows_with_one_number_are_a_concurrent_post_or_a_mistake():
    person = {"Họ và tên": "Vàng A Mỷ", "Số CMND": "063111222"}
    content = flat(
        person | {"Chức danh": "Bí thư Đảng ủy"},
        person | {"Chức danh": "Chủ tịch HĐND"},
        person | {"Họ và tên": "Vàng A Sử", "Chức danh": "Trưởng Công an"},
    )
    result = bring(content)
    assert counts(result) == {"created": 1, "updated": 1, "rejected": 1}
    assert [(issue["severity"], issue["code"]) for issue in result["issues"]] == [
        ("info", "concurrent_post"),
        ("error", "duplicate_identifier"),
    ]
    assert posts_of(Official.objects.get()) == [
        ("BT_DU", "2015-12-31", "", True),
        ("CT_HDND", "2015-12-31", "", False),
    ]
    assert counts(bring(content)) == {"unchanged": 2, "rejected": 1}


def test_a_person_row_without_a_name_is_rejected():
    result = bring(flat({"Họ và tên": None, "Chuyên môn": "ĐH Luật"}))
    assert (counts(result), codes(result)) == ({"rejected": 1}, ["missing_name"])


def test_missing_are_those_of_the_communes_named_and_they_keep_their_posts():
    bring(flat({"Họ và tên": "Giàng A Dơ"}, {"Họ và tên": "Lù Seo Pao"}, {"Họ và tên": "Sùng A Tủa", "Xã": "Tả Củ Tỷ"}))
    result = bring(flat({"Họ và tên": "Giàng A Dơ"}, title="Tính đến 31/12/2016"))
    assert counts(result) == {"unchanged": 1, "missing": 1}
    assert Appointment.objects.filter(end_date=None).count() == 3
    whole = bring(flat({"Họ và tên": "Giàng A Dơ"}, title="Tính đến 31/12/2016"), unit_code="085")
    assert whole["missing"] == 2


def test_who_holds_a_concurrent_post_only_is_not_missing_in_its_commune():
    official = make_official("Lù Seo Pao")
    for commune in (TA_CU_TY, BAN_PHO):
        make_appointment(official, position_of("CT_HDND"), unit_of(commune), is_primary=commune == TA_CU_TY)
    assert counts(bring(flat({"Họ và tên": "Giàng A Dơ"}))) == {"created": 1}


# Scope


def test_a_row_of_a_commune_outside_the_unit_is_rejected():
    content = flat({"Họ và tên": "Giàng A Dơ"}, {"Họ và tên": "Lù Seo Pao", "Huyện": "Mường Khương", "Xã": "Pha Long"})
    result = bring(content, unit_code="085")
    assert counts(result) == {"created": 1, "rejected": 1}
    (issue,) = result["issues"]
    assert (issue["row"], issue["field"], issue["severity"]) == (4, "commune", "error")


def test_the_unit_gives_its_name_to_rows_without_a_district():
    assert counts(bring(flat({"Huyện": None}), unit_code="085")) == {"created": 1}
    assert counts(bring(flat({"Họ và tên": "Lù Seo Pao", "Huyện": None, "Xã": None}), unit_code=TA_CU_TY)) == {
        "created": 1
    }


def test_an_officer_imports_only_for_the_own_units(district_officer):
    content = flat({"Họ và tên": "Giàng A Dơ"}, {"Họ và tên": "Lù Seo Pao", "Huyện": "Mường Khương", "Xã": "Pha Long"})
    batch = import_file(read_file("a.xlsx", content, by=district_officer, unit_code="085"), by=district_officer)
    assert counts(report_of(batch)) == {"created": 1, "rejected": 1}


def test_an_officer_does_not_take_a_person_out_of_another_district(district_officer):
    foreign = {"Họ và tên": "Lù Seo Pao", "Số CMND": "063111222", "Huyện": "Mường Khương", "Xã": "Pha Long"}
    bring(flat(foreign))
    before = posts_of(Official.objects.get())
    mine = foreign | {"Huyện": "Bắc Hà", "Xã": "Bản Phố"}
    read = read_file("a.xlsx", flat(mine, title="Tính đến 31/12/2016"), by=district_officer, unit_code="085")
    result = report_of(import_file(read, by=district_officer))
    assert counts(result) == {"review": 1}
    assert "Pha Long" not in str(result["issues"])
    assert posts_of(Official.objects.get()) == before


# Zones, roster days


def test_a_zone_is_set_where_none_is_recorded_and_else_left_alone():
    bring(flat({"Khu vực": "III"}, {"Khu vực": "KV III"}))
    zone = UnitZone.objects.get()
    assert (zone.zone, zone.origin, zone.start_date, zone.end_date) == (3, "roster", DAY, None)
    result = bring(flat({"Khu vực": "II"}, {"Khu vực": None}))
    assert (counts(result), codes(result)) == ({"unchanged": 2}, ["zone_differs"])
    assert UnitZone.objects.get().zone == 3


def test_a_row_in_question_sets_no_zone():
    bring(flat({"Họ và tên": "Giàng A Dơ"}))
    assert counts(bring(flat({"Họ và tên": "Giàng A Dơ", "Dân tộc": "Dao", "Khu vực": "III"}))) == {"review": 1}
    assert not UnitZone.objects.exists()


def test_rows_of_one_commune_that_disagree_set_no_zone():
    result = bring(flat({"Khu vực": "III"}, {"Khu vực": "II"}, {}))
    assert codes(result) == ["zones_disagree", "zones_disagree"]
    assert not UnitZone.objects.exists()


def test_the_data_of_a_commune_begin_on_the_day_of_its_roster():
    bring(flat({"Họ và tên": "Giàng A Dơ"}))
    assert [(day.unit, day.day) for day in RosterDay.objects.all()] == [(Appointment.objects.get().unit, DAY)]


def test_a_new_secretary_beside_the_old_one_is_no_error():
    result = bring(flat({"Chức danh": "Bí thư Đảng ủy"}, {"Chức danh": "Bí thư Đảng ủy"}))
    assert counts(result) == {"created": 2}


def test_a_post_entered_by_hand_is_confirmed():
    official = Official.objects.create(full_name="Giàng A Dơ", sex="M")
    position = Position.objects.get(code="CT_UBND")
    unit = read_file("a.xlsx", flat({})).statements[0].unit
    registry.appoint(official, position, roster_batch.Unit.objects.get(pk=unit), start_date=date(2011, 7, 1), by=None)
    result = bring(flat({"Họ và tên": "Giàng A Dơ", "Ngày sinh": None, "Dân tộc": None, "Ngày bổ nhiệm": "01/07/2011"}))
    assert counts(result) == {"unchanged": 1}


def test_planning_writes_nothing():
    read = read_file("b.xlsx", layout_b())
    with CaptureQueriesContext(connection) as queries:
        make_plan(read.statements, read.day, read.dictionaries)
    assert all(query["sql"].lstrip("(").startswith(("SELECT", "EXECUTE")) for query in queries)


def test_an_import_waits_for_one_that_is_being_written():
    read = read_file("b.xlsx", layout_b())
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [roster_batch.IMPORT_LOCK])
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '200ms'")
        with pytest.raises(OperationalError, match="lock timeout"):
            import_file(read, by=None)
    finally:
        other.close()
    assert counts(report_of(import_file(read, by=None))) == {"created": 7}
