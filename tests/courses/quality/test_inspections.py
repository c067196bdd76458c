"""What inspections found: recorded of one class or one institution, its remedy open, late, or done by a day."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from cadres import roles
from cadres.models import Change
from courses.models import Inspection, Institution, InstitutionAccount
from courses.quality.inspections import open_on, overdue_on
from tests.builders import make_class
from tests.conftest import client_of, make_user
from tests.reports.pages import read, text_of

pytestmark = pytest.mark.django_db

LIST, ADD = reverse("courses:inspection-list"), reverse("courses:inspection-add")
FOUND, DUE, DONE = date(2015, 3, 4), date(2015, 4, 1), date(2015, 4, 20)
TYPED = {"on": "2015-03-04", "by_whom": "Đoàn 12", "finding": "Thiếu tài liệu"}


def inspection(**facts) -> Inspection:
    return Inspection.objects.create(
        **{"on": FOUND, "by_whom": "Đoàn 12", "finding": "Thiếu tài liệu", "training_class": make_class()} | facts
    )


@pytest.mark.parametrize(
    ("day", "is_open", "is_late"),
    [
        (FOUND - timedelta(1), False, False),
        (FOUND, True, False),
        (DUE, True, False),
        (DUE + timedelta(1), True, True),
        (DONE - timedelta(1), True, True),
        (DONE, False, False),
        (DONE + timedelta(1), False, False),
    ],
)
def test_a_remedy_is_open_from_the_inspection_late_after_its_day_and_done_on_its_own(day, is_open, is_late):
    inspection(remedy="Bổ sung", remedy_until=DUE, remedied_on=DONE)
    inspection()  # nothing is asked for
    assert open_on(Inspection.objects.all(), day).count() == is_open
    assert overdue_on(Inspection.objects.all(), day).count() == is_late


def test_an_inspection_of_a_class_is_recorded_corrected_and_kept_in_its_history(province_staff):
    taught, client = make_class(), client_of(province_staff)
    add = reverse("courses:class-inspection-add", args=[taught.pk])
    assert client.post(add, TYPED | {"remedy": "Bổ sung", "remedy_until": "2015-04-01"}).status_code == 302
    row = Inspection.objects.get()
    assert (row.training_class, row.institution, row.remedy_until) == (taught, None, DUE)

    edit = reverse("courses:inspection-edit", args=[row.pk])
    assert client.post(edit, TYPED | {"remedy": "Bổ sung", "remedied_on": "2015-04-20"}).status_code == 302
    row.refresh_from_db()
    assert row.remedied_on == DONE
    changes = Change.objects.filter(table_name="courses_inspection", parent=taught.pk)
    assert [change.operation for change in changes.order_by("pk")] == ["I", "U"]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"remedy": "", "remedy_until": "2015-04-01"}, "Hãy ghi yêu cầu khắc phục"),
        ({"remedy": "Bổ sung", "remedy_until": "2015-03-03"}, "Hạn khắc phục không được trước ngày kiểm tra"),
        ({"remedy": "Bổ sung", "remedied_on": "2015-03-03"}, "Ngày khắc phục không được trước ngày kiểm tra"),
        ({"institution": ""}, "Trường này là bắt buộc"),
    ],
)
def test_what_cannot_be_is_refused_in_words(province_staff, typed, told):
    school = Institution.objects.get(code="TCT")
    response = client_of(province_staff).post(ADD, TYPED | {"institution": str(school.pk)} | typed)
    assert told in text_of(response.content.decode())
    assert not Inspection.objects.exists()


def test_an_institution_reads_what_was_found_on_itself_and_on_its_classes(leader):
    school, other = Institution.objects.get(code="TCT"), Institution.objects.exclude(code="TCT")[0]
    account = make_user("truong", roles.TRAINING_INSTITUTION)
    InstitutionAccount.objects.create(user=account, institution=school)
    inspection(training_class=make_class(institution=school), finding="Điều 1a")
    inspection(training_class=None, institution=school, finding="Điều 2b", remedy="Sửa", remedy_until=DUE)
    inspection(training_class=make_class(institution=other), finding="Điều 3c")
    inspection(training_class=None, institution=other, finding="Điều 4d")

    shown = read(client_of(account), LIST)
    assert [word for word in ("1a", "2b", "3c", "4d") if f"Điều {word}" in shown] == ["1a", "2b"]
    client = client_of(leader)
    assert "4 lần kiểm tra" in text_of(read(client, LIST))
    assert "1 lần kiểm tra" in text_of(read(client, f"{LIST}?tinh_trang=qua_han&sap_xep=-ai"))
    assert "1 lần kiểm tra" in text_of(read(client, f"{LIST}?q=dieu+4d"))
    assert "Đoàn 12" in client.get(LIST, {"tep": "csv"}).content.decode()
    assert client.get(LIST, {"tinh_trang": "khac"}).status_code == 400
