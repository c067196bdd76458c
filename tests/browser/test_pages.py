"""Pages with many people on them: nothing wider than a phone, no serious fault of accessibility.

Every address, with few: tests/browser/test_every_page.py.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page

from cadres import registry
from cadres.installation import set_default_day
from cadres.models import (
    Act,
    Criterion,
    ImportBatch,
    Official,
    Publication,
    Qualification,
    Standard,
    UnitVersion,
    User,
)
from cadres.roster.batch import import_file, read_file, stage
from courses.models import ClassQuota
from courses.needs.campaigns import open_campaign
from courses.planning import create_plan
from courses.results import issue_certificates
from reports.publications import publish
from tests.browser.accessibility import Auditor
from tests.browser.conftest import PHONE, cast_of_all, sign_in, site_with
from tests.builders import make_class, make_enrolment, make_institution, make_programme, make_session
from tests.conftest import DAY, unit_of

ROSTER = Path(__file__).parent.parent / "data" / "bac-ha-2015.xlsx"

# Our own pages, and one of each kind that the admin has.
OWN_PAGES = (
    "/?ngay=2015-12-31",  # the day then holds for the session
    "/ty-le/",
    "/ty-le/?theo=position",
    "/ty-le/?theo=commune&huyen=085",
    "/cach-tinh/",
    "/cong-bo/",
    "/cong-bo/{publication}/",
    "/cong-bo/{publication}/danh-sach/?ket_qua=not_compliant",
    "/tieu-chuan/doi-chieu/",
    "/can-bo/",
    "/can-bo/?ket_qua=not_compliant&thieu=professional",
    "/can-bo/?q=khong co ai",
    "/can-bo/{official}/",
    "/can-bo/{official}/lich-su/",
    "/nhap-danh-sach/",
    "/nhap-danh-sach/{committed}/",
    "/nhap-danh-sach/{staged}/",
    "/nhap-danh-sach/{staged}/?ket_qua=review",
    "/nhap-danh-sach/{staged}/?ket_qua=missing",
    "/nhap-danh-sach/{staged}/bo/",
)
# Training, as all who work in the province see it.
TRAINING_PAGES = (
    "/ty-le/thay-doi/?ngay=2015-12-31",
    "/ty-le/kham-pha/?ngay=2015-12-31&so_ngay=2014-12-31",
    "/ty-le/du-bao/?ngay=2015-12-31",
    "/ty-le/du-bao/nguoi/?ngay=2015-12-31&buoc=study",
    "/bao-cao/dao-tao/?tu=2015-01-01&den=2015-12-31",
    "/bao-cao/dao-tao/luot/?tu=2015-01-01&den=2015-12-31",
    "/dao-tao/nhu-cau/",
    "/dao-tao/nhu-cau/nguoi/",
    "/dao-tao/dot-nhu-cau/{campaign}/",
    "/dao-tao/ke-hoach/",
    "/dao-tao/ke-hoach/{plan}/",
    "/dao-tao/lop/",
    "/dao-tao/lop/{open}/",
    "/dao-tao/lop/{open}/cu-nguoi/?ai=moi",
    "/dao-tao/lop/{open}/cu-nguoi/ten/",
    "/dao-tao/lop/{open}/danh-sach-cho/",
    "/dao-tao/lop/{open}/chi-tieu/",
    "/dao-tao/lop/{open}/danh-sach/",
    "/dao-tao/lop/{running}/buoi-hoc/",
    "/dao-tao/lop/{ended}/chung-chi/",
    "/dao-tao/lop/{ended}/van-ban/",
    "/dao-tao/nguoi-hoc/",
    "/dao-tao/chung-chi/",
    "/dao-tao/nguoi/{official}/",
    "/dao-tao/40-tiet/",
    "/dao-tao/cam-ket/",
    "/dao-tao/khen-thuong-xu-ly/",
)
ADMIN_PAGES = (
    "/tieu-chuan/",
    "/tieu-chuan/{text}/",
    "/quan-tri/",
    "/quan-tri/cadres/requirement/",
    "/quan-tri/cadres/unit/",
    "/quan-tri/cadres/unit/{unit}/change/",
    "/tai-khoan/",
    "/nhat-ky/dang-nhap/",
    "/tai-khoan-cua-toi/",
    "/tai-khoan-cua-toi/mat-khau/",
    "/tai-khoan-cua-toi/hai-buoc/bat/",
)
# Role and pages, in parts that several processors can share.
PARTS = [
    ("province", OWN_PAGES),
    ("province", TRAINING_PAGES),
    ("province", ADMIN_PAGES),
    ("officer", OWN_PAGES),
]
# The pages are looked at and nothing else, so that all tests here share one database.


site = site_with("reference")
cast = cast_of_all()


@pytest.fixture(scope="module")
def keys(cast) -> dict[str, int]:
    """What the addresses name, in a registry into which huyện Bắc Hà's roster has gone, and is staged once more."""
    set_default_day(DAY, by=None)
    read = read_file(ROSTER.name, ROSTER.read_bytes(), unit_code="085", by=cast["officer"])
    import_file(read, by=cast["officer"])
    stage(read, by=cast["officer"])
    return training_of(cast["institution"]) | {
        "official": Official.objects.filter(appointments__isnull=False).first().pk,
        "committed": ImportBatch.objects.get(state="committed").pk,
        "staged": ImportBatch.objects.get(state="staged").pk,
        "text": Standard.objects.get(code="R2004").pk,
        "act": Act.objects.filter(kind=Act.Kind.IMPORT).latest("pk").pk,
        "publication": publication_of_the_roster().pk,
        "unit": UnitVersion.objects.filter(parent__versions__code="085").first().unit_id,
    }


def publication_of_the_roster() -> Publication:
    """The figure of the roster's day, and a record since that moves it."""
    full, day = Criterion.objects.get(code="FULL"), date(2015, 12, 31)
    publication = publish(day=day, criterion=full, decision="QĐ 1/QĐ-SNV", on=date(2016, 1, 15), by=None)
    post = publication.posts.filter(verdict="compliant").first()
    record = Qualification.objects.filter(official=post.official_id).order_by("-level__dimension").first()
    registry.correct_as_error(record, reason="Bằng của người khác", by=None)
    return publication


def training_of(teacher: User) -> dict[str, int]:
    """A class of each state with people of the roster, a plan and a campaign; the keys that addresses name."""
    institution = make_institution(user=teacher)
    programme = make_programme("it:A", targets=("VP_TK",))
    people = list(Official.objects.filter(appointments__isnull=False)[:8])
    ended = make_class(programme, state="ended", institution=institution)
    completed = [make_enrolment(official, ended, "completed", grade="good") for official in people[:2]]
    issue_certificates(
        ended, [(completed[0].pk, "A-1", "1/2015")], issued_on=date(2015, 3, 20), signer="Nguyễn Văn Hiệu", by=None
    )
    running = make_class(
        programme,
        state="running",
        institution=institution,
        start_date=date(2015, 12, 28),
        end_date=date(2016, 1, 8),
    )
    make_session(running)
    make_session(running, hour=14)
    for official in people[2:6]:
        make_enrolment(official, running)
    opened = make_class(
        programme, state="open", institution=institution, start_date=date(2016, 3, 7), end_date=date(2016, 3, 11)
    )
    ClassQuota.objects.create(training_class=opened, district=unit_of("085"), seats=1)
    for official, state in zip(people, ("nominated", "waiting", "approved"), strict=False):
        make_enrolment(official, opened, state)
    plan = create_plan(year=2016, title="Kế hoạch năm 2016", budgets={"local": 500_000_000}, by=None)
    campaign = open_campaign(
        year=2016, title="Đăng ký năm 2016", opens_on=date(2015, 12, 1), closes_on=date(2016, 1, 22), by=None
    )
    keys = {"ended": ended, "running": running, "open": opened, "enrolment": completed[0], "plan": plan}
    return {name: row.pk for name, row in (keys | {"campaign": campaign}).items()}


def opened(page: Page, addresses: Iterable[str], keys: dict[str, int]) -> Iterator[str]:
    """Open one address after the other, on a phone: the widest of all rows may be what makes a page too wide."""
    for address in addresses:
        page.set_viewport_size(PHONE)
        answered = page.goto(address.format(**keys))
        assert answered.status == 200, f"{address}: {answered.status}"
        yield address


@pytest.mark.parametrize(("role", "addresses"), PARTS)
def test_no_page_is_wider_than_a_phone_or_has_a_serious_fault_of_accessibility(unpainted, cast, keys, role, addresses):
    sign_in(unpainted, cast[role])
    auditor = Auditor(unpainted)
    faults = [fault for address in opened(unpainted, addresses, keys) for fault in auditor.faults(address)]

    assert not faults, "\n".join(faults)


def test_what_explains_the_words_of_a_page_stands_beside_its_title_however_many_buttons_there_are(
    unpainted, cast, keys
):
    sign_in(unpainted, cast["province"])
    unpainted.set_viewport_size({"width": 1366, "height": 768})
    for address in ("/", "/ty-le/", "/dao-tao/ke-hoach/{plan}/", "/dao-tao/lop/{open}/cu-nguoi/"):
        unpainted.goto(address.format(**keys))
        title, words = (unpainted.locator(part).bounding_box() for part in (".page-head h1", ".page-help > summary"))

        assert title["y"] == words["y"], address
        assert title["x"] + title["width"] <= words["x"], address


def test_the_page_of_signing_in_has_no_serious_fault_of_accessibility(unpainted):
    auditor = Auditor(unpainted)
    unpainted.goto("/")

    assert auditor.faults("sign-in") == []
