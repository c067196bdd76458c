"""For tests that look and change nothing: they share one small province."""

import pytest

from cadres.models import User
from tests.browser.conftest import make_cast


@pytest.fixture(scope="module")
def site(server, province_database) -> str:
    return server


@pytest.fixture(scope="module")
def cast(site) -> dict[str, User]:
    return make_cast()
