import pytest

from tests.benchmarks import nation


@pytest.fixture(scope="module")
def country(django_db_setup, databases, django_db_blocker):
    """A registry of 220,000 officials, committed and vacuumed like that of a server that has run a while."""
    with django_db_blocker.unblock(), databases.clone("reference"):
        nation.build()
        nation.analyse()
        yield
