"""The training catalogue and the list of classes, on screen."""

from datetime import date

import pytest
from django.urls import reverse

from courses.models import Programme, TrainingClass
from tests.conftest import client_of, unit_of

PROGRAMMES = reverse("admin:courses_programme_changelist")
CLASSES = reverse("admin:courses_trainingclass_changelist")


@pytest.fixture
def training_class(db) -> TrainingClass:
    return TrainingClass.objects.create(
        code="LLCT-K12",
        programme=Programme.objects.filter(kind="degree").first(),
        place=unit_of("085"),
        start_date=date(2016, 3, 2),
        end_date=date(2016, 11, 30),
        seats=40,
        state=TrainingClass.State.OPEN,
    )


def test_the_list_of_classes_says_when_where_and_how_many(training_class, leader):
    page = client_of(leader).get(CLASSES).content.decode()

    for text in ("LLCT-K12", "Đang mở đăng ký", "02/03/2016", "30/11/2016", "Huyện Bắc Hà", "40"):
        assert text in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"state__exact": "open"}, True),
        ({"state__exact": "ended"}, False),
        ({"programme__kind__exact": "degree"}, True),
        ({"q": "llct-k12"}, True),
        ({"q": "không có lớp này"}, False),
    ],
    ids=str,
)
def test_classes_are_filtered(training_class, leader, query, found):
    page = client_of(leader).get(CLASSES, query).content.decode()

    assert ("LLCT-K12" in page.split('id="changelist-form"')[1]) is found


def test_classes_are_filtered_by_district(training_class, leader):
    for code, found in (("085", True), ("083", False)):
        page = client_of(leader).get(CLASSES, {"huyen": unit_of(code).pk}).content.decode()
        assert ("LLCT-K12" in page.split('id="changelist-form"')[1]) is found
    assert client_of(leader).get(CLASSES, {"huyen": "nonsense"}).status_code == 400


def test_programmes_are_listed_with_what_they_lead_to(leader):
    page = client_of(leader).get(PROGRAMMES, {"kind__exact": "degree"}).content.decode()

    for programme in Programme.objects.filter(kind="degree").select_related("raises_to"):
        assert programme.title in page
        assert not programme.raises_to or programme.raises_to.name in page


def test_the_province_opens_a_class_and_a_leader_does_not(province_staff, leader):
    data = {
        "code": "TH-2016-1",
        "programme": Programme.objects.first().pk,
        "place": unit_of("085").pk,
        "start_date": "02/03/2016",
        "end_date": "01/03/2016",
        "seats": "0",
        "state": "planned",
    }
    add = reverse("admin:courses_trainingclass_add")

    assert client_of(leader).post(add, data).status_code == 403
    refused = client_of(province_staff).post(add, data).content.decode()
    assert "Ngày bế giảng phải từ ngày khai giảng trở đi." in refused
    assert "Số chỗ phải lớn hơn 0." in refused
    assert not TrainingClass.objects.exists()

    client_of(province_staff).post(add, {**data, "end_date": "30/03/2016", "seats": "40"})
    assert TrainingClass.objects.get().end_date == date(2016, 3, 30)
