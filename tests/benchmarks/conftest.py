import pytest

from tests.benchmarks import nation
from tests.databases import Databases


@pytest.fixture(scope="session")
def databases(django_test_environment) -> Databases:
    """On a server that keeps its data as it does for people."""
    return Databases(keep=False, anew=False, careless=False)


@pytest.fixture(scope="module")
def country(django_db_setup, databases, django_db_blocker):
    """A registry of 220,000 officials, committed and vacuumed like that of a server that has run a while."""
    with django_db_blocker.unblock(), databases.clone("reference"):
        nation.build()
        nation.analyse()
        yield
