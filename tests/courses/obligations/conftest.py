"""The regulation under which the tests of obligations are."""

from datetime import date

import pytest

from courses.models import TrainingRegulation


@pytest.fixture
def regulation(db) -> TrainingRegulation:
    """One regulation for all days: 40 tiết, twice the time of study, 1 % and 1.5 % a year."""
    TrainingRegulation.objects.all().delete()
    return TrainingRegulation.objects.create(decree="NĐ thử", start_date=date(2000, 1, 1))
