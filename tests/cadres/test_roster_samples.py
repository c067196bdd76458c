"""The sample rosters of both eras: read without a word being taught or a question being asked."""

from io import BytesIO

import pytest
from django.urls import reverse

from cadres.models import Appointment, Position
from cadres.roster.batch import commit, read_file, stage
from cadres.roster.samples import ERAS, write_sample
from tests.conftest import client_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("era", "people", "communes"), [("2015", 26, 2), ("2026", 28, 1)])
def test_a_sample_is_read_whole_into_an_empty_registry(province_staff, era, people, communes):
    client = client_of(province_staff)
    address = reverse("cadres:roster-sample-file", args=[era])
    assert address in client.get(reverse("cadres:import-list")).content.decode()
    sample = client.get(address)
    assert sample["Content-Disposition"] == f'attachment; filename="danh-sach-mau-{era}.xlsx"'
    batch = stage(read_file("mau.xlsx", sample.content, by=province_staff), by=province_staff)
    assert batch.as_of == ERAS[era].day
    assert [row.issues for row in batch.rows.all() if row.issues] == []
    commit(batch, by=province_staff)
    posts = Appointment.objects.as_of(ERAS[era].day)
    assert posts.count() == people
    assert posts.values("unit").distinct().count() == communes
    assert not posts.exclude(position__in=Position.objects.as_of(ERAS[era].day))
    # The same each time, so that whoever tries twice sees that nothing changes.
    again = BytesIO()
    assert write_sample(ERAS[era], again) == people


def test_there_is_no_sample_of_another_era(province_staff):
    assert client_of(province_staff).get(reverse("cadres:roster-sample-file", args=["2020"])).status_code == 404
