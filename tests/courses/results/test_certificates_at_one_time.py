"""Two accounts issue at one time, on connections of their own: everybody gets one certificate and one record."""

from datetime import date
from decimal import Decimal
from functools import partial

import pytest
from django.core.exceptions import ValidationError

from cadres.models import Qualification
from courses.models import Certificate, Enrolment, TrainingClass
from courses.results import Result, issue_certificates, record_results, withdraw_result
from tests.builders import make_class, make_enrolment, make_institution, make_official, make_programme
from tests.parallel import before_commit, in_parallel

pytestmark = pytest.mark.usefixtures("shared_database")

PEOPLE = 5


def completed_class(institution) -> tuple[TrainingClass, list[int]]:
    training_class = make_class(make_programme("it:A"), state=TrainingClass.State.ENDED, institution=institution)
    keys = [make_enrolment(make_official(f"Học viên {number}"), training_class).pk for number in range(PEOPLE)]
    record_results(training_class, {key: Result("completed", Decimal(7)) for key in keys}, by=None)
    return training_class, keys


def at_one_time(*issues) -> tuple[list[list[Certificate]], list[BaseException]]:
    """Run issues that start together; what they issued, and what they were refused with."""
    issued: list[list[Certificate]] = []

    def work(training_class: TrainingClass, entries) -> None:
        issued.append(
            issue_certificates(training_class, entries, issued_on=date(2015, 4, 1), signer="Hiệu trưởng", by=None)
        )

    return issued, in_parallel(*(partial(work, *issue) for issue in issues))


def certificates_and_records(keys: list[int]) -> tuple[int, int]:
    """How many certificates these enrolments have, and how many records their people have from classes."""
    records = Qualification.objects.filter(origin=Qualification.Origin.COURSE, official__enrolments__in=keys)
    return Certificate.objects.filter(enrolment__in=keys).count(), records.count()


def entries_of(keys: list[int], prefix: str = "A") -> list[tuple[int, str, str]]:
    return [(key, f"{prefix}{place}", f"{prefix}{place}/2015") for place, key in enumerate(keys)]


@pytest.mark.parametrize("prefixes", ["AA", "AB"], ids=["same numbers", "different numbers"])
def test_one_class_issued_twice_at_one_time_is_issued_once(prefixes):
    training_class, keys = completed_class(make_institution())

    issued, refused = at_one_time(*((training_class, entries_of(keys, prefix)) for prefix in prefixes))

    assert len(issued) + len(refused) == 2
    assert sorted(len(certificates) for certificates in issued)[-1] == PEOPLE
    assert certificates_and_records(keys) == (PEOPLE, PEOPLE)


def test_two_classes_of_an_institution_never_share_a_number():
    institution = make_institution()
    classes = [completed_class(institution) for _ in range(2)]

    _, refused = at_one_time(*((training_class, entries_of(keys)) for training_class, keys in classes))

    (refusal,) = refused
    assert isinstance(refusal, ValidationError)
    assert "Mỗi số hiệu chỉ cấp cho một người" in " ".join(refusal.messages)
    assert certificates_and_records([key for _, keys in classes for key in keys]) == (PEOPLE, PEOPLE)


def test_a_result_is_taken_back_once():
    _, (key, *_) = completed_class(make_institution())
    enrolment = Enrolment.objects.get(pk=key)

    def take_back() -> None:
        withdraw_result(Enrolment.objects.get(pk=key), reason="Sai điểm", day=date(2015, 4, 1), by=None)

    (refusal,) = before_commit(take_back, take_back)

    assert isinstance(refusal, ValidationError)
    assert "chưa có kết quả" in refusal.messages[0]
    assert enrolment.steps.filter(state=Enrolment.State.ATTENDING).count() == 1
