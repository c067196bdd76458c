"""“Bắt đầu”: from nothing to the first figure; what is done, what is left, whose roster is missing."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cadres import roles
from cadres.getting_started import communes_without_data, officers_of, progress
from cadres.models import Criterion, Requirement, ZonePeriod
from cadres.standards.checking import mark_checked
from cadres.zones import settle, write
from reports.publications import publish
from tests import province
from tests.conftest import client_of, make_user, unit_of

pytestmark = pytest.mark.django_db

PAGE = reverse("cadres:getting-started")
DAY = date(2026, 3, 31)
OF_2015 = date(2015, 12, 31)


def test_a_new_installation_leads_to_the_first_step_and_names_what_every_step_needs(province_staff):
    client = client_of(province_staff)
    assert f'href="{PAGE}"' in client.get(reverse("reports:home")).content.decode()
    told = client.get(PAGE, {"ngay": DAY}).content.decode()
    assert "xong <strong>1</strong> / 6 bước" in told  # the units come with the product
    assert "99 đơn vị cấp xã (89 xã, 10 phường)" in told
    assert "99 xã chưa có khu vực" in told
    assert "yêu cầu chưa đối chiếu" in told or "Chưa có văn bản tiêu chuẩn nào" in told
    assert "Người đề nghị cũng là người duy nhất công bố được" in told
    assert "0 / 99 xã đã có số liệu ngày 31/03/2026" in told
    assert "Chưa công bố số liệu nào." in told
    for name in ("reorganisation-list", "requirement-list", "account-add", "import-list"):
        assert reverse(f"cadres:{name}") in told
    assert reverse("cadres:zone-period", args=[ZonePeriod.objects.as_of(DAY).get().pk]) in told
    # Who administers and sees no people begins here too; who may only look is not sent.
    administrator = client_of(make_user("quan-tri", roles.ADMINISTRATOR))
    assert administrator.get(reverse("reports:home"))["Location"] == PAGE
    assert reverse("cadres:requirement-list") not in administrator.get(PAGE).content.decode()


@pytest.mark.usefixtures("province_database")
def test_each_step_is_done_when_nothing_of_it_is_left_and_who_is_missing_is_named(
    province_staff, district_officer, foreign_officer
):
    now = progress(OF_2015)
    assert (now.communes, now.with_data, now.without_data) == (164, 3, 161)
    assert (now.left_behind, now.zones_missing, now.publications) == (0, 161, 0)
    assert now.compared.unchecked == now.compared.lines > 0
    assert not now.roles_missing
    assert now.publishes_alone
    missing = list(communes_without_data(OF_2015))
    assert len(missing) == 161
    assert not {unit_of(code).pk for code in (province.BAN_PHO, province.THANH_BINH)} & {row.unit_id for row in missing}
    officers = officers_of(missing)
    by_district = {row.parent.name_on(OF_2015): officers[row.unit_id] for row in missing}
    assert by_district["Huyện Bắc Hà"] == [district_officer]
    assert by_district["Huyện Mường Khương"] == [foreign_officer]
    assert by_district["Huyện Văn Bàn"] == []

    mark_checked(list(Requirement.objects.as_of(OF_2015)), source="Bản scan", by=province_staff)
    write(settle([], OF_2015, None, decision="QĐ", is_whole=True), by=None)
    make_user("phe-duyet", roles.APPROVER)
    publish(day=OF_2015, criterion=Criterion.objects.get(code="FULL"), decision="QĐ 1", on=OF_2015, by=None)
    now = progress(OF_2015)
    assert (now.compared.unchecked, now.zones_missing, now.publishes_alone, now.publications) == (0, 0, False, 1)
    client = client_of(province_staff)
    with CaptureQueriesContext(connection) as queries:  # a page of the 161 that are missing
        told = client.get(PAGE, {"ngay": OF_2015}).content.decode()
    assert len(queries) <= 45
    assert "xong <strong>5</strong> / 6 bước" in told
    assert "161 xã chưa có danh sách" in told
    assert "3 / 164 xã đã có số liệu ngày 31/12/2015" in told
