"""What a person does in a list with ticks and on the page of its act, as a test client posts it."""

from collections.abc import Iterable
from typing import Any

from django.test import Client

from cadres.web.acts import SEEN
from cadres.web.ticks import ACT, TICKED


def act_on(client: Client, address: str, keys: Iterable[object], act: str, **answers: Any) -> Any:
    """Tick rows of the list at the address, press the button of the act, answer its page with yes; the answer to that.

    `answers` are the fields of the page of the act.
    """
    page_of_act = begin_act(client, address, keys, act)
    return finish_act(client, page_of_act, **answers)


def begin_act(client: Client, address: str, keys: Iterable[object], act: str) -> Any:
    """Tick rows, press the button; the page of the act."""
    page = client.post(address, {TICKED: [str(key) for key in keys], ACT: act}, follow=True)
    assert page.status_code == 200
    return page


def finish_act(client: Client, page: Any, **answers: Any) -> Any:
    """Say yes to the page of an act, in a form that is sent as it was shown; the answer."""
    address = page.request["PATH_INFO"] + ("?" + page.request["QUERY_STRING"] if page.request["QUERY_STRING"] else "")
    return client.post(address, {SEEN: page.context["plan"].seen, **answers}, follow=True)


def told(page: Any) -> list[str]:
    """The messages that a page shows."""
    return [str(message) for message in page.context["messages"]]
