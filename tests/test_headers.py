"""Whose request it is behind a proxy, and what no log of the servers keeps."""

import re
import runpy
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from lao_cai_training.headers import client_address


@pytest.mark.parametrize(
    ("told", "address"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("198.51.100.1, 203.0.113.7", "203.0.113.7"),  # what the visitor claims stands before
        ("2001:db8::1", "2001:db8::1"),
        ("", "127.0.0.1"),
        ("<script>", "127.0.0.1"),
    ],
)
def test_behind_a_proxy_the_visitor_is_the_last_that_it_names(told: str, address: str) -> None:
    seen: list[Any] = []
    request = HttpRequest()
    request.META = {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": told}
    client_address(lambda request: seen.append(request.META["REMOTE_ADDR"]) or HttpResponse())(request)
    assert seen == [address]


def test_a_visitor_without_a_proxy_claims_no_address() -> None:
    assert "lao_cai_training.headers.client_address" not in settings.MIDDLEWARE


def test_no_log_of_the_servers_keeps_what_was_searched_for() -> None:
    gunicorn = runpy.run_path(str(settings.BASE_DIR / "gunicorn.conf.py"))["access_log_format"]
    assert set(re.findall(r"%\((\w+)\)s", gunicorn)) <= {"h", "t", "m", "U", "H", "s", "b", "M"}
    proxy = (settings.BASE_DIR / "docs" / "nginx.conf").read_text()
    (logged,) = re.findall(r"log_format \w+ '(.*)';", proxy)
    assert not {"$request ", "$request_uri", "$args", "$query_string", "$http_referer"} & set(
        logged.replace('"', " ").split(" ")
    )
