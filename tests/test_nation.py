"""The country of the benchmarks, in small: they are measured seldom, and tables get columns in the meantime."""

import pytest

from cadres.models import Appointment, Official, Qualification
from courses.models import Certificate, Enrolment
from tests.benchmarks import nation
from tests.benchmarks.test_other_units import reorganise

pytestmark = pytest.mark.django_db

PEOPLE, COMMUNES, DISTRICTS, TURNS = 200, 12, 3, 300


def test_it_can_be_written():
    nation.build(PEOPLE, COMMUNES, DISTRICTS)
    assert Official.objects.count() == PEOPLE
    assert Appointment.objects.filter(is_primary=True).count() == PEOPLE
    assert Qualification.objects.count() > PEOPLE

    nation.build_training(TURNS)
    assert Enrolment.objects.filter(state="completed").count() == TURNS
    assert Certificate.objects.exists()

    reorganise()
