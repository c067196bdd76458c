"""The districts of the people in the classes."""

import pytest

from cadres.models import Unit
from tests.conftest import unit_of


@pytest.fixture
def bac_ha(db) -> Unit:
    return unit_of("085")


@pytest.fixture
def muong_khuong(db) -> Unit:
    return unit_of("083")
