"""A real browser before the real site: Debian's Chromium, kept off the network.

What a page must never do is held for every test: write an error to the console (the content security policy speaks
there), fetch anything from elsewhere.
"""

import io
import logging
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Condition
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from playwright.sync_api import Browser, BrowserContext, BrowserType, ConsoleMessage, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from cadres import roles
from cadres.models import Official, OfficialIdentifier, User
from lao_cai_training.logs import Formatter
from tests.conftest import client_of, make_user

# The engine without the windows, buttons and menus around it, which with every new page cost more than the page.
CHROMIUM = ("chromium-headless-shell", "chromium")
NO_CHROMIUM = "Các kiểm thử bằng trình duyệt cần Chromium, hãy cài: apt-get install chromium-headless-shell"
PASSWORD = "mật khẩu thử"
FLAGS = [
    "--no-sandbox",
    "--js-flags=--no-opt --no-maglev",  # no page lives long enough for what it takes to make its scripts quicker
    "--disable-gpu",  # there is none, and pretending one is dearer than to paint without
    "--in-process-gpu",  # nor is a process that paints, beside the browser's
    "--renderer-process-limit=1",  # of a window: its next page finds the type and the styles of the one before
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]
# It draws no frame, so nobody can press anything in it; what is where, and of which colour, it tells as any.
UNPAINTED = "--disable-threaded-compositing"
HOST = "localhost"
PATIENCE = 20_000  # milliseconds until a page is taken for one that does not come; other tests use the machine too
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture(scope="package")
def engine() -> Iterator[BrowserType]:
    expect.set_options(timeout=PATIENCE)
    # Playwright runs an event loop in this thread, which Django takes for a sign of asynchronous views.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        yield playwright.chromium
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@contextmanager
def launched(engine: BrowserType, flags: list[str]) -> Iterator[Browser]:
    path = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if path is None:
        pytest.fail(NO_CHROMIUM, pytrace=False)
    browser = engine.launch(executable_path=path, args=flags)
    yield browser
    browser.close()


@pytest.fixture(scope="package")
def chromium(engine) -> Iterator[Browser]:
    with launched(engine, FLAGS) as browser:
        yield browser


class Visitors:
    """How many requests the site is answering."""

    def __init__(self) -> None:
        self.number, self.changed = 0, Condition()

    def add(self, more: int) -> None:
        with self.changed:
            self.number += more
            self.changed.notify_all()

    def until_none(self) -> None:
        with self.changed:
            assert self.changed.wait_for(lambda: self.number == 0, PATIENCE / 1000), "the site does not answer"


visitors = Visitors()


def counted(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware, by which the end of a test waits for what its pages still ask: the next has another database."""

    def respond(request: HttpRequest) -> HttpResponse:
        visitors.add(1)
        try:
            return get_response(request)
        finally:
            visitors.add(-1)

    return respond


@pytest.fixture(scope="session")
def server(django_db_setup) -> Iterator[str]:
    """The site; what it shows is in the database in which the test that asks works."""
    with override_settings(MIDDLEWARE=["tests.browser.conftest.counted", *settings.MIDDLEWARE]):
        server = LiveServer(HOST)
    yield server.url
    server.stop()


@pytest.fixture
def site(server, own_database) -> str:
    """The address of the site, with the reference data and nothing else."""
    return server


def site_with(template: str) -> Any:
    """The fixture `site` of a module whose tests share one database, which begins as that template."""

    @pytest.fixture(scope="module")
    def site(server, databases, django_db_blocker) -> Iterator[str]:
        with django_db_blocker.unblock(), databases.clone(template):
            yield server

    return site


@pytest.fixture(autouse=True)
def log_without_people(site) -> Iterator[None]:
    """What the server would write to its log meanwhile names nobody who is in the database at the end."""
    kept = io.StringIO()
    handler = logging.StreamHandler(kept)
    handler.setFormatter(Formatter(settings.LOGGING["formatters"]["line"]["format"]))
    logging.getLogger().addHandler(handler)
    yield
    logging.getLogger().removeHandler(handler)
    if lines := kept.getvalue():
        people = set(Official.objects.values_list("full_name", flat=True))
        numbers = set(OfficialIdentifier.objects.values_list("number", flat=True))
        assert [told for told in people | numbers if told in lines] == []


@contextmanager
def window(chromium: Browser, server: str, **how: Any) -> Iterator[BrowserContext]:
    """A window for several tests. Its first page stays, so that what all pages are made of is there for the next."""
    usual = {"locale": "vi-VN", "timezone_id": "Asia/Ho_Chi_Minh"}
    context = chromium.new_context(base_url=server, **(usual | how))
    context.new_page().goto("/static/mark.svg")
    yield context
    context.close()


@contextmanager
def page_in(context: BrowserContext, site: str) -> Iterator[Page]:
    """A new page of the window, in which nobody is signed in; at the end no page has done what none may do."""
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.extend(_errors(message)))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: complaints.extend(_elsewhere(request.url, site)))
    yield page
    for opened in context.pages[1:]:
        opened.close()
    context.clear_cookies()
    visitors.until_none()
    assert complaints == []


@pytest.fixture(scope="package")
def wide_window(chromium, server) -> Iterator[BrowserContext]:
    with window(chromium, server, viewport=WIDE) as context:
        yield context


@pytest.fixture
def page(wide_window, site) -> Iterator[Page]:
    with page_in(wide_window, site) as page:
        yield page


@pytest.fixture(scope="package")
def unpainted_window(engine, server) -> Iterator[BrowserContext]:
    with launched(engine, [*FLAGS, UNPAINTED]) as browser, window(browser, server, viewport=WIDE) as context:
        yield context


@pytest.fixture
def unpainted(unpainted_window, site) -> Iterator[Page]:
    """A page of which a test asks everything at once, and does nothing on it: to paint it took a fifth of the time."""
    with page_in(unpainted_window, site) as page:
        yield page


def _errors(message: ConsoleMessage) -> list[str]:
    """An answer of 400 is a form sent back with what is wrong in it; Chromium reports it as an error."""
    is_refusal = "status of 400" in message.text
    return [message.text] if message.type == "error" and not is_refusal else []


def _elsewhere(url: str, site: str) -> list[str]:
    is_here = url.startswith(site) or urlsplit(url).scheme in ("about", "data", "blob")
    return [] if is_here else [f"{url} was fetched from elsewhere"]


@pytest.fixture
def cast(site) -> dict[str, User]:
    return make_cast()


def cast_of_all() -> Any:
    """The fixture `cast` of such a module: the accounts are those of all its tests."""

    @pytest.fixture(scope="module")
    def cast(site) -> dict[str, User]:
        return make_cast()

    return cast


def make_cast() -> dict[str, User]:
    """An account of each role; the officer is of huyện Bắc Hà, the institution has no class yet."""
    return {
        "province": make_user("so-noi-vu", roles.PROVINCE_STAFF),
        "officer": make_user("bac-ha", roles.UNIT_OFFICER, "085"),
        "leader": make_user("lanh-dao", roles.LEADER),
        "institution": make_user("truong", roles.TRAINING_INSTITUTION),
    }


WRITES = re.compile("^(Ghi|Xác nhận) ")


UNTOLD = "[data-effect]:not([data-effect=told])"  # what moves all below where it tells more than it has room for


def write_roster(page: Page) -> None:
    """From the preview to what was written: at once where nothing is left to be decided, else after a look at it."""
    link, button = (page.get_by_role(role, name=WRITES) for role in ("link", "button"))
    expect(link.or_(button).first).to_be_visible()
    for way in (link, button) if link.count() else (button,):
        expect(way).to_be_visible()
        expect(page.locator(UNTOLD)).to_have_count(0, timeout=20_000)
        way.click()
    expect(page.get_by_role("heading", name="Kết quả")).to_be_visible()


def sign_in(page: Page, user: User, *, at: str = "") -> None:
    """The account is signed in, and the page at that address open, if one is given.

    Without the form, which with the home page behind it costs as much as five pages; those who are about it fill it in.
    """
    page.context.clear_cookies()
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies(
        [{"name": name, "value": client_of(user).cookies[name].value, "domain": HOST, "path": "/"}]
    )
    if at:
        page.goto(at)
