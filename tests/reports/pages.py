"""What a person reads off a page: its figures, and the people that a figure leads to."""

import re
from collections.abc import Iterable
from html import unescape

from django.test import Client

FIGURE = re.compile(r'<a [^>]*href="(/can-bo/\?[^"]+)"[^>]*>\s*([^<]+?)\s*</a>')
COUNT = re.compile(r'id="count"[^>]*>\s*([\d.]+) người')
NUMBER = re.compile(r"^(?:\D* )?([\d.]+)(?: người.*)?$")


def read(client: Client, address: str, status: int = 200) -> str:
    """The text of a page's source, after checking the status."""
    response = client.get(address)
    assert response.status_code == status, (address, response.status_code)
    return response.content.decode()


def text_of(page: str) -> str:
    """What is to be read on a page, without its markup."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def figures(page: str) -> list[tuple[str, int]]:
    """(address of the list of people, number shown) of every count that is a link; rates (50,4) are no counts."""
    found = []
    for address, shown in FIGURE.findall(page):
        if "," not in shown and (number := NUMBER.match(shown)):
            found.append((unescape(address), int(number[1].replace(".", ""))))
    return found


def follow(client: Client, found: Iterable[tuple[str, int]]) -> None:
    """Follow each figure, as `figures` gives them, once: the list it leads to has as many people."""
    for address, number in sorted(set(found)):
        assert people_behind(client, address) == number, address


def people_behind(client: Client, address: str) -> int:
    """How many people the list at the address says it shows."""
    page = read(client, address)
    count = COUNT.search(page)
    assert count, address
    return int(count[1].replace(".", ""))
