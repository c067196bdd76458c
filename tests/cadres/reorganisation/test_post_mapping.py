"""Positions that have ended: who held one goes on in another, all at once, with exceptions, as one act."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cadres import roles
from cadres.history import act
from cadres.history.taking_back import take_back
from cadres.models import Act, Appointment
from cadres.reorganisation import Line, carry_out, plan, take_back_of
from cadres.reorganisation.posts import day_of_change, in_ended_positions, map_posts
from tests.builders import make_appointment, make_commune, make_official, make_position, position_of
from tests.cadres.reorganisation.test_reorganise import DAY, EVE, World
from tests.conftest import client_of, make_user
from tests.forms import forms_of

pytestmark = pytest.mark.django_db

PAGE = reverse("cadres:post-mapping")


class Office:
    """A commune with two people in a position that ends on the eve, and the positions that follow it."""

    def __init__(self) -> None:
        self.world = World()
        self.old = make_position(code="CU", title="Văn phòng cũ", end_date=EVE)
        self.new = make_position(code="MOI", title="Chuyên viên mới", start_date=DAY)
        self.head = make_position(code="TRUONG", title="Trưởng phòng mới", start_date=DAY, holders=1)
        self.unit = self.world.units["A"]
        self.people = [make_official(name) for name in ("Người Một", "Người Hai")]
        self.posts = [make_appointment(person, self.old, self.unit) for person in self.people]

    def held(self, day: date) -> dict[str, str]:
        posts = Appointment.objects.as_of(day).filter(official__in=self.people).select_related("official", "position")
        return {f"{post.official}": post.position.code for post in posts.order_by("official", "position__order")}


def posts() -> list[dict[str, Any]]:
    """All posts, without the moments of change."""
    rows = Appointment.entered.order_by("pk").values()
    return [{name: value for name, value in row.items() if name != "changed_at"} for row in rows]


def address(**follows: str) -> str:
    return f"{PAGE}?tu_ngay={DAY}&" + "&".join(f"{name}={value}" for name, value in follows.items())


def sent(client, page, shown, **changes):
    (form,) = [form for form in forms_of(client, page, shown) if "da_xem" in form.fields]
    return client.post(page, form.filled(**changes), follow=True)


def test_who_held_a_position_that_ended_goes_on_in_the_one_chosen_and_others_where_they_are_told(province_staff):
    office = Office()
    before = posts()
    client = client_of(province_staff)
    page = client.get(address()).content.decode()
    assert "Văn phòng cũ" in page
    assert "Hãy chọn chức danh mới cho ít nhất một chức danh cũ" in page
    page = address(moi_CU="MOI", van_ban="QĐ 9")
    shown = client.get(page)
    assert "Chuyển 2 chức danh" in shown.content.decode()
    assert office.held(DAY) == {"Người Một": "CU", "Người Hai": "CU"}
    exception = {f"rieng_{office.posts[1].pk}": "TRUONG"}
    done = sent(client, page, shown, **exception).content.decode()
    assert "Đã chuyển 2 chức danh từ ngày 01/07/2018." in done
    assert office.held(EVE) == {"Người Một": "CU", "Người Hai": "CU"}
    assert office.held(DAY) == {"Người Một": "MOI", "Người Hai": "TRUONG"}
    new = Appointment.objects.get(official=office.people[0], position=office.new)
    assert (new.carried_from, new.start_date, new.decision, new.unit) == (office.posts[0], DAY, "QĐ 9", office.unit)
    assert new.carried_from.end_reason == Appointment.EndReason.RENAMED
    take_back(Act.objects.filter(kind=Act.Kind.BULK).first(), reason="Thử", by=None)
    assert posts() == before


def test_a_mapping_of_many_is_taken_back_at_once_and_not_once_somebody_has_built_on_it(province_staff):
    office = Office()
    office.posts += [
        make_appointment(make_official(f"Người {number}"), office.old, office.unit) for number in range(60)
    ]
    before = posts()
    with act(Act.Kind.BULK):
        map_posts({post.pk: office.new.pk for post in office.posts}, office.posts, day=DAY, decision="", by=None)
    assert Appointment.objects.as_of(DAY).filter(position=office.new).count() == 62
    done = Act.objects.filter(kind=Act.Kind.BULK).first()
    new = Appointment.objects.get(official=office.people[0], position=office.new)
    concurrent = Appointment.objects.create(
        official=office.people[1], position=office.head, unit=office.unit, start_date=DAY, is_primary=False,
        carried_from=new,
    )  # fmt: skip
    with pytest.raises(ValidationError, match="đã có số liệu khác dùng đến"):
        take_back(done, reason="Thử", by=None)
    concurrent.delete()
    make_commune()  # a unit that is none of theirs holds nobody up
    with CaptureQueriesContext(connection) as asked:
        take_back(done, reason="Thử", by=None)
    assert len(asked) < 62
    assert posts() == before


def test_a_reorganisation_is_taken_back_once_what_was_built_on_it_has_been(province_staff):
    office = Office()
    before = posts()
    lines = [Line("Dòng 2", "A", "Xã A", "N", "Xã Mới", "commune", "D1", "NQ 1")]
    carry_out(plan(lines, DAY), by=None)
    carried = list(Appointment.objects.filter(position=office.old, start_date=DAY))
    with act(Act.Kind.BULK):
        map_posts({post.pk: office.new.pk for post in carried}, carried, day=DAY, decision="", by=None)
    with pytest.raises(ValidationError, match="Sau việc này đã có thay đổi khác"):
        take_back_of(DAY, reason="Thử", by=None)
    take_back(Act.objects.filter(kind=Act.Kind.BULK).first(), reason="Thử", by=None)
    take_back_of(DAY, reason="Thử", by=None)
    assert posts() == before


def test_who_is_to_stay_stays_and_a_mapping_that_makes_two_heads_is_refused_with_their_names(province_staff):
    office = Office()
    client = client_of(province_staff)
    page = address(moi_CU="TRUONG")
    shown = client.get(page)
    told = "Xã A: Trưởng phòng mới chỉ 1 người giữ, sẽ có 2 người (Người Hai, Người Một)."
    assert told in shown.content.decode()
    before = posts()
    assert told in sent(client, page, shown).content.decode()
    assert posts() == before
    sent(client, page, shown, **{f"rieng_{office.posts[1].pk}": "de_lai"})
    assert office.held(DAY) == {"Người Một": "TRUONG", "Người Hai": "CU"}
    assert "sẽ có 2 người" in client.get(page).content.decode()  # with the one who is head by now


def test_a_post_carried_over_that_day_is_in_the_new_position_from_its_first_day_on_and_of_two_the_primary_stays():
    office = Office()
    person = make_official("Người Ba")
    other = make_position(code="CU2", title="Đoàn cũ", end_date=EVE)
    carried = [
        make_appointment(person, office.old, office.unit, start_date=DAY),
        make_appointment(person, other, office.unit, start_date=DAY, is_primary=False),
    ]
    earlier = make_appointment(office.people[0], other, office.unit, is_primary=False)
    concerned = [*office.posts, *carried, earlier]
    map_posts({post.pk: office.new.pk for post in concerned}, concerned, day=DAY, decision="", by=None)
    (post,) = Appointment.objects.filter(official=person)
    assert (post.pk, post.position, post.start_date, post.carried_from) == (carried[0].pk, office.new, DAY, None)
    (post,) = Appointment.objects.as_of(DAY).filter(official=office.people[0])
    assert post.is_primary


@pytest.mark.parametrize(
    ("start", "end", "is_found"),
    [(EVE, None, True), (DAY, None, True), (EVE, EVE, False), (EVE, DAY, True), (DAY + timedelta(days=1), None, False)],
)
def test_a_post_is_found_that_is_held_on_the_day_in_a_position_ended_by_then(province_staff, start, end, is_found):
    office = Office()
    lasting = make_position(code="CON", title="Còn", end_date=DAY)
    person = make_official("Người Ba")
    post = make_appointment(person, office.old, office.unit, start_date=start, end_date=end)
    make_appointment(make_official("Người Bốn"), lasting, office.unit)
    found = set(in_ended_positions(DAY, province_staff).values_list("pk", flat=True))
    assert found == {post.pk for post in office.posts} | ({post.pk} if is_found else set())


def test_an_officer_maps_the_own_people_and_a_unit_that_has_ended_waits_for_its_reorganisation(province_staff):
    office = Office()
    ended = make_commune(parent=office.world.district, code="HET", name="Xã Hết", end_date=EVE)
    make_appointment(make_official("Người Cũ"), office.old, ended)
    make_appointment(make_official("Người Khác"), office.old, office.world.units["C"])
    officer = client_of(make_user("huyen-1", roles.UNIT_OFFICER, "D1"))
    page = officer.get(address(moi_CU="MOI")).content.decode()
    assert "Chuyển 2 chức danh" in page
    assert "Xã đã kết thúc: hãy sắp xếp đơn vị trước." in page
    assert "Người Khác" not in page
    one_commune = client_of(province_staff).get(address(moi_CU="MOI", xa=office.world.units["C"].pk)).content.decode()
    assert "Người Khác" in one_commune
    assert "Người Một" not in one_commune


def test_the_page_begins_with_the_day_after_the_last_end_beyond_which_somebody_goes_on(province_staff):
    assert day_of_change() is None
    client = client_of(province_staff)
    assert "Không còn ai ở chức danh đã hết hiệu lực" in client.get(PAGE).content.decode()
    office = Office()
    Appointment.objects.exclude(position=office.old).update(end_date=EVE)
    assert day_of_change() == DAY
    make_appointment(office.people[0], position_of("VP_TK"), office.unit, is_primary=False)
    assert day_of_change() == date(2025, 7, 1)
