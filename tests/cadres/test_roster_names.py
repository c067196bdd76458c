"""A roster that spells a name otherwise proposes the correction; the registry keeps its own until that is accepted."""

import pytest
from django.urls import reverse

from cadres import registry
from cadres.models import Act, Change, ImportBatch, Official
from cadres.roster.batch import commit, import_file, read_file, report_of, stage
from cadres.roster.changes import NAME_SPELT_OTHERWISE, respelt
from cadres.roster.decisions import decide_names, names_spelt_otherwise
from cadres.roster.undo import undo
from tests.cadres.workbooks import flat
from tests.conftest import client_of

pytestmark = pytest.mark.django_db

LATER = "Tính đến 31/12/2016"
LIEN = {"Họ và tên": "Lý Thị Liên", "Giới tính": "Nữ"}
LIEN_OTHERWISE = LIEN | {"Họ và tên": "Lý Thị Liễn"}
SU = {"Họ và tên": "Giàng A Sử", "Số CMND": "063111222"}
SU_OTHERWISE = SU | {"Họ và tên": "Giàng A Sự"}


@pytest.fixture(autouse=True)
def _uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def known(db) -> ImportBatch:
    return import_file(read_file("a.xlsx", flat(LIEN, SU)), by=None)


@pytest.fixture
def later(known) -> ImportBatch:
    """A roster of a year later, staged, that spells both names otherwise."""
    return stage(read_file("b.xlsx", flat(LIEN_OTHERWISE, SU_OTHERWISE, title=LATER)), by=None)


def names() -> list[str]:
    return sorted(Official.objects.values_list("full_name", flat=True))


def outcomes(batch: ImportBatch) -> list[str]:
    return list(batch.rows.order_by("pk").values_list("outcome", flat=True))


@pytest.mark.parametrize(
    ("held", "stated", "proposed"),
    [
        ("Lý Thị Liên", "Lý Thị Liễn", "Lý Thị Liễn"),
        ("Lý Thị Liên", "LÝ THỊ LIỄN", "Lý Thị Liễn"),
        ("Lý Thị Liên", "LÝ THỊ LIÊN", "Lý Thị Liên"),
        ("Lý Thị liên", "Lý Thị Liên", "Lý Thị Liên"),
        ("LÝ THỊ LIÊN", "Lý Thị Liên", "Lý Thị Liên"),
        ("Lê Văn Hoà", "Lê Văn Hòa", "Lê Văn Hoà"),
        ("Lê Văn Hoà", "Lê Văn Hoá", "Lê Văn Hoá"),
    ],
)
def test_what_a_name_becomes_where_the_spelling_of_the_file_is_right(held, stated, proposed):
    assert respelt(held, stated) == proposed


def test_a_name_that_differs_in_marks_is_proposed_and_not_written_unless_accepted(later):
    issues = report_of(later)["issues"]
    assert [(issue["severity"], issue["code"], issue["field"]) for issue in issues] == [
        ("warning", NAME_SPELT_OTHERWISE, "full_name")
    ] * 2
    assert "Hồ sơ ghi “Lý Thị Liên”, danh sách ghi “Lý Thị Liễn”" in issues[0]["message"]
    assert outcomes(later) == ["unchanged"] * 2
    commit(later, by=None)
    assert names() == ["Giàng A Sử", "Lý Thị Liên"]


def test_the_command_line_proposes_and_writes_no_other_name(known):
    import_file(read_file("b.xlsx", flat(LIEN_OTHERWISE, title=LATER)), by=None)
    assert names() == ["Giàng A Sử", "Lý Thị Liên"]


def test_a_name_accepted_is_written_with_the_roster_and_taken_back_with_it(later, province_staff):
    first, second = names_spelt_otherwise(later)
    assert decide_names(later, [first.pk], take=True, by=province_staff) == 1
    later.refresh_from_db()
    assert outcomes(later) == ["updated", "unchanged"]
    assert list(names_spelt_otherwise(later)) == [first, second]
    commit(later, by=province_staff)
    assert names() == ["Giàng A Sử", "Lý Thị Liễn"]
    change = Change.objects.filter(table_name="cadres_official", operation="U").latest("pk")
    assert (change.before["full_name"], change.act.kind) == ("Lý Thị Liên", Act.Kind.IMPORT)
    undo(ImportBatch.objects.get(pk=later.pk), by=province_staff)
    assert names() == ["Giàng A Sử", "Lý Thị Liên"]
    assert Official.objects.get(full_name="Lý Thị Liên").folded_name == "ly thi lien"


def test_all_names_of_a_file_are_accepted_or_left_at_once(later):
    assert decide_names(later, None, take=True, by=None) == 2
    assert outcomes(later) == ["updated"] * 2
    assert decide_names(later, None, take=False, by=None) == 2
    assert outcomes(later) == ["unchanged"] * 2
    assert not later.rows.exclude(decision={}).exists()


def test_what_was_decided_on_screen_is_told_on_the_page_of_the_file(later, province_staff):
    client = client_of(province_staff)
    batch_page = reverse("cadres:import-batch", args=[later.pk])
    page = reverse("cadres:import-names", args=[later.pk])
    assert "2 dòng ghi họ tên khác hồ sơ" in client.get(batch_page).content.decode()
    row = names_spelt_otherwise(later)[0]
    answer = client.post(page, {"viec": "sua", "dong": row.pk}, follow=True).content.decode()
    assert "1 họ tên sẽ được sửa theo danh sách khi ghi" in answer
    assert "Giữ cả 2 họ tên như hồ sơ" in answer
    answer = client.post(page, {"viec": "sua", "dong": "tat_ca"}, follow=True).content.decode()
    assert "2 họ tên sẽ được sửa" in answer
    assert "Sửa cả 2" not in answer
    assert "Hãy chọn một trong các cách" in client.post(page, {"viec": "x"}, follow=True).content.decode()


def test_a_name_corrected_by_hand_meanwhile_leaves_nothing_to_propose(later):
    lien = Official.objects.get(full_name="Lý Thị Liên")
    lien.full_name = "Lý Thị Liễn"
    registry.correct_facts(lien, reason="Sai dấu", by=None)
    decide_names(later, None, take=True, by=None)
    assert [row.official.full_name for row in names_spelt_otherwise(later) if "name" in row.decision] == [
        "Lý Thị Liễn",
        "Giàng A Sử",
    ]
    assert outcomes(later) == ["unchanged", "updated"]
