"""The pictures in the leaflets, taken of a running demonstration by Chromium, and the leaflets as PDF.

A picture is the upper part of a page, with numbers where one presses, in the order of the steps beside it. The people
in it are invented; a site with real ones lets nobody in with the password of the demonstration.

Chromium is driven by Playwright, which the product itself does not need: it comes with the requirements of the tests.
"""

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image

from cadres.demonstration.accounts import PASSWORD
from lao_cai_training.helping.leaflets import LEAFLETS

try:
    from playwright.sync_api import Browser, FloatRect, Page, Route, sync_playwright
    from playwright.sync_api import Error as BrowserError
except ImportError:  # where only the site is installed
    sync_playwright = None  # type: ignore[assignment]

FOLDER = Path(__file__).resolve().parent.parent / "static" / "leaflets"  # those that come with the product
CHROMIUM = ("chromium", "google-chrome", "chromium-headless-shell")  # the first speak Vietnamese in a field of a file
WIDTH = 1200  # pixels of the window: as narrow as the layout with the menu beside it stays good
EDGE = 14  # pixels around what is shown
TWICE = 2  # points of a printer are finer
COLOURS = 96  # of a picture: a page has few, and the file is a third
PATIENCE = 20_000  # milliseconds


class CannotTake(Exception):  # noqa: N818 — says what it is
    """A picture cannot be taken; the message says which, and why."""


@dataclass(frozen=True)
class Picture:
    """`account` looks at `address`, presses what `through` names, types `typed`, and sees the page from `top` down,
    `height` pixels of it, as wide as `across`; `marks`: what bears which number, that of the step beside the picture.
    What is named is so as by Playwright's selectors."""

    account: str
    address: str
    height: int
    through: tuple[str, ...] = ()
    marks: tuple[tuple[int, str], ...] = ()
    top: str = ".page-head"
    across: str = "#content"
    typed: str = ""


DEPARTMENT, DISTRICT, SCHOOL, LEADER = "so-noi-vu", "bac-ha", "truong-chinh-tri", "lanh-dao"
FIRST_LISTED = "#content tbody a >> nth=0"
CARD, FILTERS = "#content section.card >> nth=0", "#content .filters >> nth=0"
TASK = (2, "section.tasks a >> nth=0")
TO_IMPORT = "/nhap-danh-sach/"
FILE = ((1, "input[type=file]"),)
MEETING = "/dao-tao/lop/?can_lam=hoc_hom_nay"


def _tab(name: str) -> tuple[str, ...]:
    """To the tab of the class that is listed first."""
    return FIRST_LISTED, f'nav.tabs >> role=link[name="{name}"]'


PICTURES = {
    "department-0": Picture(DEPARTMENT, "/", 200, marks=(TASK,), top="section.tasks"),
    "department-1": Picture(DEPARTMENT, TO_IMPORT, 350, marks=FILE, top=CARD),
    "department-2": Picture(
        DEPARTMENT,
        "/dao-tao/lop/?can_lam=duyet",
        350,
        through=(FIRST_LISTED, "role=link[name=/^Duyệt/]"),
        marks=((1, "tbody .tag >> nth=0"), (2, "role=button[name=/^Duyệt cả/]")),
        top=CARD,
    ),
    "department-3": Picture(
        DEPARTMENT,
        "/can-bo/?ket_qua=not_compliant",
        450,
        marks=((1, 'role=button[name="Lọc"]'), (2, "tbody a >> nth=0"), (3, 'role=link[name="Xuất Excel"]')),
        top=FILTERS,
    ),
    "department-4": Picture(
        DEPARTMENT,
        "/cong-bo/moi/?ngay=2015-11-30",
        320,
        marks=((2, 'role=button[name="Đề nghị công bố"]'),),
        top="#content section.card >> nth=1",
    ),
    "unit-0": Picture(DISTRICT, "/", 170, marks=(TASK,), top="section.tasks"),
    "unit-1": Picture(DISTRICT, TO_IMPORT, 350, marks=FILE, top=CARD),
    "unit-2": Picture(
        DISTRICT,
        "/dao-tao/dot-nhu-cau/ban-dang-ky/?can_lam=dang_ky",
        390,
        through=('#content tbody a[href*="/huyen/"] >> nth=0',),
        marks=(
            (1, "tbody tr:has(select) .tag >> nth=0"),
            (2, "role=button[name=/^Đăng ký các dòng/]"),
        ),
        top="nav.tabs",
    ),
    "unit-3": Picture(
        DISTRICT,
        "/dao-tao/lop/?can_lam=con_cho",
        380,
        through=(FIRST_LISTED, "role=link[name=/^Cử người/]"),
        marks=((1, "tbody a >> nth=0"), (2, 'role=button[name="Cử những người đã chọn"]')),
        top=FILTERS,
    ),
    "unit-4": Picture(
        DISTRICT,
        "/can-bo/?ket_qua=not_compliant",
        420,
        through=(FIRST_LISTED,),
        marks=((1, CARD), (2, 'role=link[name="Ghi nhận văn bằng"]'), (3, 'role=link[name="Lịch sử hồ sơ"]')),
    ),
    "institution-0": Picture(SCHOOL, "/", 130, marks=(TASK,), top="section.tasks"),
    "institution-1": Picture(
        SCHOOL,
        MEETING,
        330,
        through=(FIRST_LISTED,),
        marks=((1, "#content p.note >> nth=-1"), (2, 'nav.tabs >> role=link[name="Lịch học"]')),
    ),
    "institution-2": Picture(
        SCHOOL,
        MEETING,
        420,
        through=_tab("Điểm danh"),
        marks=(
            (1, 'button:has-text("Đủ mặt") >> nth=0'),
            (2, "tbody tr:has(select) select >> nth=3"),
            (3, 'role=button[name="Lưu điểm danh"]'),
        ),
        top="nav.tabs",
    ),
    "institution-3": Picture(
        SCHOOL,
        MEETING,
        370,
        through=_tab("Kết quả"),
        marks=((1, "tbody input >> nth=0"), (2, 'role=button[name="Lưu kết quả"]')),
        top=CARD,
    ),
    "institution-4": Picture(
        SCHOOL,
        "/dao-tao/lop/?tinh_trang=ended",
        400,
        through=_tab("Chứng chỉ"),
        marks=((2, 'role=link[name="In các chứng chỉ"]'), (3, 'tbody a:has-text("Thu hồi") >> nth=0')),
    ),
    "leader-0": Picture(LEADER, "/", 460, marks=((2, "section.tasks a >> nth=0"), (3, 'role=link[name="In"]'))),
    "leader-1": Picture(LEADER, "/ty-le/thay-doi/", 500, marks=((1, 'role=button[name="Xem"]'),)),
    "leader-2": Picture(
        LEADER, "/ty-le/kham-pha/", 420, marks=((1, 'role=button[name="Xem"]'), (2, "tbody td a >> nth=0")), top=FILTERS
    ),
    "leader-3": Picture(
        LEADER, "/", 300, through=("[data-find]",), typed="giang a", top="dialog.finder", across="dialog.finder"
    ),
}


@dataclass(frozen=True)
class Site:
    """A running demonstration at an address, seen by a browser."""

    browser: "Browser"
    address: str

    def as_account(self, name: str) -> "Page":
        """A window in which that account is signed in. Raises CannotTake where the site does not let it in."""
        context = self.browser.new_context(
            base_url=self.address,
            viewport={"width": WIDTH, "height": 900},
            device_scale_factor=TWICE,
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
        )
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        try:
            page.goto("/")
            page.get_by_label("Tên đăng nhập").fill(name)
            page.get_by_label("Mật khẩu").fill(PASSWORD)
            page.get_by_role("button", name="Đăng nhập").click()
            page.get_by_role("link", name="Trợ giúp").wait_for()
        except BrowserError as error:
            raise CannotTake(f"không vào được {self.address} bằng tài khoản minh họa “{name}”") from error
        return page


@contextmanager
def seen(address: str) -> Iterator[Site]:
    """The demonstration at the address, in a browser. Raises CannotTake where there is no Playwright or Chromium."""
    if sync_playwright is None:
        raise CannotTake("cần Playwright: pip install -r tests/requirements.txt")
    program = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if program is None:
        raise CannotTake("cần Chromium: apt-get install chromium-headless-shell")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-gpu"], env={**os.environ, "LANGUAGE": "vi"}
        )
        try:
            yield Site(browser, address)
        finally:
            browser.close()


def take(site: Site) -> dict[str, bytes]:
    """All pictures by name, as PNG. Raises CannotTake, which names the one that cannot be taken."""
    taken: dict[str, bytes] = {}
    for account in dict.fromkeys(picture.account for picture in PICTURES.values()):
        page = site.as_account(account)
        for name, picture in PICTURES.items():
            if picture.account == account:
                try:
                    taken[name] = _taken(page, picture)
                except BrowserError as error:
                    raise CannotTake(f"hình {name} ({picture.address}): {str(error).splitlines()[0]}") from error
        page.context.close()
    return {name: taken[name] for name in PICTURES}


def _taken(page: "Page", picture: Picture) -> bytes:
    page.goto(picture.address)
    for step in picture.through:
        page.locator(step).first.click()
        page.wait_for_load_state()
    if picture.typed:
        page.keyboard.type(picture.typed, delay=30)
    page.wait_for_load_state("networkidle")
    # What stays at the lower edge of the window is to be at that of the picture.
    page.set_viewport_size({"width": WIDTH, "height": round(_box(page, picture.top)["y"]) + picture.height})
    begin, across = max(_box(page, picture.top)["y"] - EDGE, 0), _box(page, picture.across)
    for number, place in picture.marks:
        page.locator(place).first.evaluate(MARK, number)
    shot = page.screenshot(
        clip={
            "x": across["x"] - EDGE,
            "y": begin,
            "width": across["width"] + 2 * EDGE,
            "height": picture.height,
        },
        animations="disabled",
        caret="hide",
    )
    page.set_viewport_size({"width": WIDTH, "height": 900})
    return _smaller(shot)


def _box(page: "Page", place: str) -> "FloatRect":
    """Where it is in the window. Raises BrowserError where it is not shown."""
    page.locator(place).first.wait_for()
    box = page.locator(place).first.bounding_box()
    if box is None:
        raise BrowserError(f"{place} is not shown")
    return box


# A number in a disc at the upper left corner of what is pressed.
MARK = """(element, number) => {
    const box = element.getBoundingClientRect(), disc = document.createElement("span");
    disc.textContent = number;
    Object.assign(disc.style, {
        position: "fixed", left: `${box.left - 18}px`, top: `${box.top - 10}px`, zIndex: 9999, width: "22px",
        height: "22px", borderRadius: "50%", background: "#c2410c", color: "#fff", font: "700 14px/22px Inter",
        textAlign: "center", boxShadow: "0 0 0 2px #fff",
    });
    document.body.append(disc);
}"""


def _smaller(picture: bytes) -> bytes:
    out = BytesIO()
    with Image.open(BytesIO(picture)) as image:
        image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


def on_paper(site: Site, pictures: Mapping[str, bytes]) -> dict[str, bytes]:
    """Each leaflet as PDF, by its slug, with these pictures in place of those that the site has."""
    page = site.as_account("lanh-dao")

    def answer(route: "Route") -> None:
        name = route.request.url.rpartition("/")[2].removesuffix(".png")
        route.fulfill(body=pictures[name], content_type="image/png")

    page.route("**/leaflets/*.png", answer)
    made = {}
    for slug in LEAFLETS:
        page.goto(f"/tro-giup/huong-dan/{slug}/", wait_until="networkidle")
        made[slug] = page.pdf(prefer_css_page_size=True, print_background=True)
    return made
