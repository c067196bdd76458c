"""What the server writes down when something goes wrong: what and where, and nothing of a row or a search."""

import logging
import sys

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.urls import path

from cadres.models import Official, OfficialIdentifier
from lao_cai_training import urls
from lao_cai_training.logs import Formatter
from tests.conftest import client_of

pytestmark = pytest.mark.django_db

NAME, NUMBER = "Giàng Seo Phử", "063999000"


def breaking(request):
    """A page of which the database refuses a row, and whose own words name a person."""
    people = [Official.objects.create(full_name=f"{NAME} {at}") for at in "AB"]
    try:
        for official in people:
            OfficialIdentifier.objects.create(official=official, kind="CMND", number=NUMBER)
    except IntegrityError as error:
        raise ValidationError(f"{NAME} mang số {NUMBER}") from error


urlpatterns = [path("hong/", breaking), *urls.urlpatterns]


def formatted(caplog) -> str:
    written = Formatter("%(levelname)s %(name)s: %(message)s")
    return "\n".join(written.format(record) for record in caplog.records)


@pytest.mark.urls(__name__)
def test_an_exception_is_written_with_its_places_and_without_its_words(province_staff, caplog):
    client = client_of(province_staff)
    client.raise_request_exception = False
    client.post(f"/hong/?q={NAME}")

    lines = formatted(caplog)
    assert "ERROR django.request: Internal Server Error: /hong/" in lines
    assert "ExclusionViolation 23P01 identifier_of_one_person, at" in lines
    assert "ValidationError, at" in lines
    assert "in breaking" in lines
    assert NAME not in lines
    assert NUMBER not in lines


def test_a_line_of_ours_keeps_its_words_but_for_a_search():
    record = logging.LogRecord("x", logging.ERROR, "f", 1, "Lần nhập số %s: /can-bo/?q=%s 3", (7, NAME), sys.exc_info())

    assert Formatter().format(record).startswith("Lần nhập số 7: /can-bo/?…")
    assert "Giàng" not in Formatter().format(record)
