"""Undoing an import takes back what it wrote, and leaves alone what has been changed since."""

import json
from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command

from cadres import registry
from cadres.management.command import CommandFailed
from cadres.models import (
    Appointment,
    ImportBatch,
    Official,
    OfficialIdentifier,
    Qualification,
    RosterDay,
    UnitZone,
)
from cadres.roster.batch import BatchStateError, commit, import_file, read_file, report_of, stage
from cadres.roster.decisions import decide_missing
from cadres.roster.undo import Undone, undo
from tests.builders import level_of, make_class, make_enrolment, make_waiver, position_of
from tests.cadres.workbooks import flat

pytestmark = pytest.mark.django_db
YEAR_LATER = "Tính đến 31/12/2016"
ANH = {"Họ và tên": "Giàng A Anh", "Số CMND": "063111111"}
BINH = {"Họ và tên": "Giàng A Bình", "Số CMND": "063222222"}
CUC = {"Họ và tên": "Giàng Thị Cúc", "Số CMND": "063333333", "Giới tính": "Nữ"}


@pytest.fixture(autouse=True)
def _uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def bring(*people: dict, title: str = "Tính đến 31/12/2015", **options) -> ImportBatch:
    return import_file(read_file("danh-sach.xlsx", flat(*people, title=title), **options), by=None)


def everything() -> dict[str, list]:
    """All rows of the registry, without the keys that the database gives and the moments of writing."""
    return {
        "officials": sorted(
            Official.objects.values_list("full_name", "birth_date", "sex", "religion", "is_party_member", "note")
        ),
        "identifiers": sorted(
            OfficialIdentifier.objects.values_list("official__full_name", "number", "start_date").order_by("number")
        ),
        "posts": sorted(
            (*row[:4], str(row[4]), row[5])
            for row in Appointment.objects.values_list(
                "official__full_name", "position__code", "unit", "start_date", "end_date", "end_reason"
            )
        ),
        "records": sorted(
            (*row[:3], row[3])
            for row in Qualification.objects.values_list(
                "official__full_name", "level__code", "start_date", "field_of_study"
            )
        ),
        "days": sorted(RosterDay.objects.values_list("unit", "day")),
        "zones": sorted(UnitZone.objects.values_list("unit", "zone")),
    }


def test_undoing_a_first_import_leaves_an_empty_registry():
    batch = bring(ANH | {"Khu vực": "III", "LLCT": "Trung cấp"}, BINH)
    result = undo(batch, by=None)
    assert (result.reversed, result.kept, result.failed, result.reasons) == (2, 0, 0, [])
    assert not any(everything().values())
    batch.refresh_from_db()
    assert batch.state == ImportBatch.State.UNDONE
    assert batch.undone_at is not None
    assert batch.rows.count() == 2  # what was read stays in the history


def test_undoing_a_second_import_restores_what_was_before_it():
    bring(ANH | {"LLCT": "Sơ cấp"}, BINH, CUC)
    before = everything()
    batch = bring(
        ANH | {"Chức danh": "Bí thư Đảng ủy", "LLCT": "Trung cấp", "Tôn giáo": "Không"},
        BINH | {"Xã": "Tả Củ Tỷ"},
        CUC,
        {"Họ và tên": "Lù Seo Pao"},
        title=YEAR_LATER,
    )
    assert everything() != before
    result = undo(batch, by=None)
    assert (result.reversed, result.kept, result.failed) == (3, 0, 0)
    assert everything() == before


def test_who_was_changed_by_hand_since_is_kept_and_named():
    batch = bring(ANH, BINH, CUC)
    anh, binh = Official.objects.get(full_name="Giàng A Anh"), Official.objects.get(full_name="Giàng A Bình")
    registry.record_qualification(anh, level_of("political_theory", "TC"), as_of=date(2016, 3, 1), by=None)
    binh.religion = "Công giáo"
    binh.save()
    result = undo(batch, by=None)
    assert (result.reversed, result.kept, result.failed) == (1, 2, 0)
    assert {(reason.name, reason.reason) for reason in result.reasons} == {
        ("Giàng A Anh", "Đã được sửa sau khi nhập."),
        ("Giàng A Bình", "Đã được sửa sau khi nhập."),
    }
    assert set(Official.objects.values_list("full_name", flat=True)) == {"Giàng A Anh", "Giàng A Bình"}
    # The commune's data go on: there are still people whom this roster attests.
    assert RosterDay.objects.count() == 1


def test_who_was_given_a_waiver_since_is_kept_and_named():
    batch = bring(ANH, BINH)
    anh = Official.objects.get(full_name="Giàng A Anh")
    make_waiver(anh, "it")
    result = undo(batch, by=None)
    assert (result.reversed, result.kept) == (1, 1)
    assert result.reasons[0].reason == "Đã được miễn một mặt tiêu chuẩn sau khi nhập."
    assert anh.waivers.exists()


def test_whose_post_was_marked_as_an_error_since_is_kept_and_named():
    batch = bring(ANH, BINH)
    post = Appointment.objects.get(official__full_name="Giàng A Anh")
    registry.mark_post_as_error(post, reason="Nhập nhầm", by=None)
    result = undo(batch, by=None)
    assert (result.reversed, result.kept) == (1, 1)
    assert [reason.reason for reason in result.reasons] == ["Đã được sửa sau khi nhập."]
    assert Appointment.entered.filter(pk=post.pk).exists()


def test_who_was_changed_by_a_later_import_is_kept_and_the_import_named():
    first = bring(ANH, BINH)
    second = bring(ANH | {"LLCT": "Trung cấp"}, BINH, title=YEAR_LATER)
    result = undo(first, by=None)
    assert (result.reversed, result.kept) == (1, 1)
    assert result.reasons[0].reason == f"Đã có dữ liệu của lần nhập số {second.pk}."
    # After the later one has been undone, nothing but the years' trace of the first is left.
    assert undo(second, by=None).reversed == 1


def test_imports_undone_in_reverse_order_leave_nothing():
    first = bring(ANH, BINH | {"Chức danh": "BT kiêm CT HĐND"})
    second = bring(ANH | {"Chức danh": "Bí thư Đảng ủy"}, BINH, CUC, title=YEAR_LATER)
    assert undo(second, by=None).kept == 0
    assert undo(first, by=None).kept == 0
    assert not any(everything().values())


def test_undoing_a_roster_between_two_gives_its_days_back_to_the_post_before():
    bring(ANH, title="Tính đến 31/12/2013")
    bring(ANH | {"Chức danh": "Bí thư Đảng ủy"})
    before = everything()
    between = bring(ANH | {"Chức danh": "Bí thư Đảng ủy"}, title="Tính đến 31/12/2014")
    assert everything() != before
    assert undo(between, by=None).failed == 0
    assert everything() == before


def test_a_row_deleted_since_could_not_be_reversed_and_is_named():
    batch = bring(ANH, BINH)
    Official.objects.get(full_name="Giàng A Anh").delete()
    result = undo(batch, by=None)
    assert (result.reversed, result.kept, result.failed) == (1, 0, 1)
    assert (result.reasons[0].name, result.reasons[0].code) == ("Giàng A Anh", "gone")


def test_ending_the_posts_of_missing_people_is_undone_too():
    bring(ANH, BINH)
    before = everything()
    batch = stage(read_file("b.xlsx", flat(ANH, title=YEAR_LATER)), by=None)
    binh = Official.objects.get(full_name="Giàng A Bình")
    decide_missing(batch, [binh.pk], end_date=date(2016, 6, 30), end_reason="retired", by=None)
    commit(batch, by=None)
    assert binh.appointments.get().end_reason == "retired"
    assert undo(batch, by=None).reversed == 1
    assert everything() == before


def test_an_import_that_was_undone_is_no_later_roster():
    bring(ANH | {"Ngày bổ nhiệm": "01/07/2012"}, title="Tính đến 31/12/2014")
    undo(bring(ANH | {"Ngày bổ nhiệm": "01/07/2012"}, title=YEAR_LATER), by=None)
    assert report_of(bring(ANH | {"Ngày bổ nhiệm": "01/06/2011"}))["updated"] == 1
    assert str(Appointment.objects.get().stated) == "01/06/2011"


def test_the_same_file_can_be_imported_again_after_an_undo():
    batch = bring(ANH, BINH)
    imported = everything()
    undo(batch, by=None)
    assert report_of(bring(ANH, BINH))["created"] == 2
    assert everything() == imported


def told_and_done(batch: ImportBatch) -> Undone:
    """The result of an undo, which is what was foretold."""
    foretold = undo(batch, by=None, dry_run=True)
    done = undo(batch, by=None)
    assert foretold == done
    return done


def test_who_sits_in_a_class_by_now_is_kept_and_the_reason_told():
    batch = bring(ANH, BINH)
    make_enrolment(Official.objects.get(full_name="Giàng A Anh"), make_class())
    done = told_and_done(batch)
    assert (done.reversed, done.kept, done.failed) == (1, 0, 1)
    assert [(reason.name, reason.code, reason.reason) for reason in done.reasons] == [
        ("Giàng A Anh", "impossible", "Đang được dùng ở: lượt học.")
    ]
    assert Official.objects.get().full_name == "Giàng A Anh"


def test_whose_former_post_would_overlap_a_new_one_is_kept_and_the_reason_told():
    bring(ANH, BINH)
    batch = stage(read_file("b.xlsx", flat(CUC, title=YEAR_LATER)), by=None)
    people = list(Official.objects.order_by("pk"))
    decide_missing(batch, [one.pk for one in people], end_date=date(2016, 6, 30), end_reason="retired", by=None)
    commit(batch, by=None)
    anh = people[0]
    registry.appoint(anh, position_of("TP_HT"), anh.appointments.get().unit, start_date=date(2016, 9, 1), by=None)
    done = told_and_done(batch)
    assert (done.reversed, done.kept, done.failed) == (2, 0, 1)
    assert [(reason.name, reason.reason) for reason in done.reasons] == [
        ("Giàng A Anh", "Dữ liệu trước khi nhập nay trùng thời gian với dữ liệu khác.")
    ]
    assert anh.appointments.count() == 2
    assert people[1].appointments.get().end_date is None


def test_whose_former_number_is_somebody_elses_by_now_is_kept():
    bring(ANH, BINH)
    batch = bring(ANH | {"Số CMND": "001080000123"}, title=YEAR_LATER)
    binh = Official.objects.get(full_name="Giàng A Bình")
    binh.identifiers.update(end_date=date(2016, 12, 31))
    registry.issue_identifier(binh, kind="CMND", number=ANH["Số CMND"], start_date=date(2017, 2, 1), by=None)
    done = told_and_done(batch)
    assert (done.reversed, done.failed) == (0, 1)
    assert done.reasons[0].reason == "Dữ liệu trước khi nhập nay trùng thời gian với dữ liệu khác."


def test_an_undo_tried_changes_nothing():
    batch = bring(ANH, BINH)
    before = everything()
    assert undo(batch, by=None, dry_run=True).reversed == 2
    assert everything() == before
    batch.refresh_from_db()
    assert batch.state == ImportBatch.State.COMMITTED


def test_a_batch_is_undone_once_and_only_when_written():
    batch = bring(ANH)
    undo(batch, by=None)
    with pytest.raises(BatchStateError):
        undo(batch, by=None)
    with pytest.raises(BatchStateError):
        undo(stage(read_file("a.xlsx", flat(ANH)), by=None), by=None)


def test_the_number_of_queries_of_an_undo_does_not_grow(django_assert_max_num_queries):
    batch = bring(*({"Họ và tên": f"Giàng A Số {number}"} for number in range(60)))
    with django_assert_max_num_queries(60):
        assert undo(batch, by=None).reversed == 60


def test_the_command_tells_what_was_reversed_and_kept():
    batch = bring(ANH, BINH)
    Official.objects.get(full_name="Giàng A Bình").save()
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("undo_import", str(batch.pk), json=True, stdout=out)
    assert ended.value.code == 1
    told = json.loads(out.getvalue())
    assert (told["batch"], told["reversed"], told["kept"]) == (batch.pk, 1, 1)
    assert told["reasons"][0]["name"] == "Giàng A Bình"
    with pytest.raises(CommandFailed, match="đã hoàn tác"):
        call_command("undo_import", str(batch.pk))
    with pytest.raises(CommandFailed, match="Không có lần nhập"):
        call_command("undo_import", "999999")
