"""What a browser would send: the forms of a page, each with the fields that it was handed out with."""

from typing import Any
from urllib.parse import urljoin, urlsplit

from django.test import Client
from lxml import html

from cadres.web.form_tokens import FIELD

EMPTY = (None, "text", "hidden", "date", "time", "number", "email", "search", "password")
LOGOUT = "/quan-tri/logout/"


class SentPage:
    """A form of a page, to be filled in and sent, as often as one likes."""

    def __init__(self, client: Client, page: str, form: html.FormElement) -> None:
        self.client, self.page, self.form = client, page, form
        self.action = urljoin(page, form.get("action") or page)
        self.fields: dict[str, list[str]] = {}
        for field in form.inputs:
            if field.tag == "input" and field.get("value") is None and field.get("type") in EMPTY:
                field.set("value", "")  # as a browser sends it; lxml would leave it out
        for name, value in form.form_values():
            self.fields.setdefault(name, []).append(value)

    @classmethod
    def of(cls, answer: Any, sent: "SentPage") -> "SentPage":
        """The form that comes back where it was refused."""
        forms = forms_of(sent.client, sent.page, answer)
        return next(form for form in forms if form.action == sent.action and FIELD in form.fields)

    def filled(self, **changes: Any) -> dict[str, Any]:
        """The fields with changes; None takes one out, as a box that is not ticked."""
        return {name: value for name, value in {**self.fields, **changes}.items() if value is not None}

    def send(self, changes: dict[str, Any] | None = None) -> Any:
        return self.client.post(self.action, self.filled(**(changes or {})))


def forms_of(client: Client, page: str, response: Any) -> list[SentPage]:
    """The forms of a page that are sent, but the one by which one leaves; none of a file."""
    if response.streaming or not response["Content-Type"].startswith("text/html"):
        return []
    found = html.fromstring(response.content.decode()).forms
    posted = [SentPage(client, page, form) for form in found if form.method == "POST"]
    return [form for form in posted if urlsplit(form.action).path != LOGOUT]


def forms_on(client: Client, page: str) -> list[SentPage]:
    """The forms of a page that can be opened."""
    response = client.get(page)
    assert response.status_code == 200, f"{page}: {response.status_code}"
    return forms_of(client, page, response)


def form_on(client: Client, page: str, field: str = FIELD) -> SentPage:
    """The first form of a page with that field."""
    return next(form for form in forms_on(client, page) if field in form.form.fields)
