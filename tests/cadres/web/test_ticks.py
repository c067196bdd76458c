"""Ticks of lists: what is posted is kept within bounds, whatever is posted."""

from typing import Any

import pytest
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.http import HttpRequest
from django.test import RequestFactory

from cadres.web.ticks import ACT, AT_MOST, GO, LISTS_KEPT, SESSION, SHOWN, TICKED, Ticks, Way


@pytest.fixture
def session() -> SessionStore:
    return SessionStore()


def posted(session: SessionStore, **words: Any) -> HttpRequest:
    request = RequestFactory().post("/danh-sach/?q=a&trang=2", words)
    request.session = session
    request._messages = CookieStorage(request)  # type: ignore[attr-defined]
    return request


def sent(session: SessionStore, name: str = "one", **words: Any) -> Ticks:
    ticks = Ticks(posted(session, **words), name)
    ticks.take()
    return Ticks(posted(session), name)


def test_of_the_rows_shown_those_ticked_are_ticked_and_others_stay(session):
    sent(session, **{SHOWN: "1 2 3", TICKED: ["1", "3"]})

    assert sent(session, **{SHOWN: "3 4", TICKED: ["4"]}).keys == ["1", "4"]


def test_what_is_no_key_is_no_tick(session):
    assert sent(session, **{TICKED: ["7", "7", "²", "", "9" * 19, "7; DROP", "12-professional"]}).keys == [
        "7",
        "12-professional",
    ]


def test_more_than_a_list_may_hold_is_said_and_left_out(session):
    ticks = Ticks(posted(session), "one")
    ticks.add(range(AT_MOST + 3))

    assert len(Ticks(posted(session), "one")) == AT_MOST
    (message,) = ticks.request._messages  # type: ignore[attr-defined]
    assert "Chỉ chọn được 10.000 dòng một lần; 3 dòng sau không được chọn" in str(message)


def test_a_session_keeps_the_lists_used_last(session):
    for number in range(LISTS_KEPT + 2):
        sent(session, f"list {number}", **{TICKED: ["1"]})

    assert list(session[SESSION]) == [f"list {number}" for number in range(2, LISTS_KEPT + 2)]


def test_what_is_filled_in_beside_a_tick_goes_with_it(session):
    ticks = Ticks(posted(session, **{SHOWN: "1 2", TICKED: ["1"], "ut-1": "3", "ut-2": "1"}), "one", fields=("ut",))
    ticks.take()

    assert Ticks(posted(session), "one").beside == {"1": {"ut": "3"}}
    assert sent(session, **{SHOWN: "1 2"}).beside == {}


@pytest.mark.parametrize(
    ("to", "leads"),
    [
        ("?trang=3", "/danh-sach/?trang=3"),
        ("", "/danh-sach/"),
        ("//example.org/?q=1", "/danh-sach/?%2F%2Fexample.org%2F%3Fq=1"),
        ("https://example.org", "/danh-sach/?https%3A%2F%2Fexample.org="),
    ],
)
def test_a_button_leads_to_another_view_of_the_list_and_nowhere_else(session, to, leads):
    ticks = Ticks(posted(session, **{GO: to}), "one")

    assert ticks.answer(everything=list, acts={})["location"] == leads


def test_an_act_about_all_takes_the_place_of_what_was_ticked(session):
    request = posted(session, **{SHOWN: "1", TICKED: ["1"], ACT: "het"})

    answer = Ticks(request, "one").answer(everything=list, acts={"het": Way("/viec/", lambda: [5, 6])})

    assert answer["location"] == "/viec/"
    assert Ticks(posted(session), "one").numbers == [5, 6]
