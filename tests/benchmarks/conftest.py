from collections.abc import Iterator

import pytest

from tests.benchmarks import nation
from tests.databases import TEMPLATES, Databases


@pytest.fixture(scope="session")
def databases(django_test_environment) -> Databases:
    """On a server that keeps its data as it does for people; a country is written once and cloned."""
    TEMPLATES.update(nation.TEMPLATES)
    return Databases(keep=False, anew=False, careless=False)


@pytest.fixture(scope="module")
def country(django_db_setup, databases, django_db_blocker):
    """A registry of 220,000 officials, committed and vacuumed like that of a server that has run a while."""
    with django_db_blocker.unblock(), databases.clone("nation"):
        yield


@pytest.fixture(scope="module", params=nation.SIZES)
def officials(request, django_db_setup, databases, django_db_blocker) -> Iterator[int]:
    """The number of officials of a registry that is committed and vacuumed: a province's, and the nation's."""
    with django_db_blocker.unblock(), databases.clone(request.param):
        yield nation.SIZES[request.param][0]
