"""Posts of many people at once, ticked in the list: moved, ended, given besides; findings set aside. Each one act."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from cadres import roles
from cadres.history.taking_back import take_back
from cadres.models import Act, Appointment, SetAside
from cadres.posts import primary_posts
from tests.builders import it_is, make_appointment, make_official, make_position, position_of
from tests.cadres.reorganisation.test_reorganise import World
from tests.conftest import client_of, make_user
from tests.lists import act_on, begin_act, finish_act, told

pytestmark = pytest.mark.django_db

TODAY, DAY, EVE = date(2018, 12, 31), date(2018, 7, 1), date(2018, 6, 30)
LIST = f"{reverse('cadres:official-list')}?ngay={EVE}"


class Staff:
    """Three people in A, of whom two hold posts of no standard and one is the head of its office; one in C."""

    def __init__(self) -> None:
        it_is(TODAY)
        self.world = World()
        self.a, self.b = self.world.units["A"], self.world.units["B"]
        self.post, self.other = make_position(title="Văn thư"), make_position(title="Lưu trữ")
        self.head = make_position(title="Chánh Văn phòng", holders=1)
        self.posts = [make_appointment(make_official(name), self.post, self.a) for name in ("Người Một", "Người Hai")]
        self.chief = make_appointment(make_official("Người Đầu"), self.head, self.a)
        self.far = Appointment.objects.get(unit=self.world.units["C"])

    @property
    def keys(self) -> list[int]:
        return [post.pk for post in self.posts]

    def held(self, day: date) -> set[tuple[str, str, str]]:
        posts = Appointment.objects.as_of(day).filter(official__in=[post.official_id for post in self.posts])
        return {
            (f"{post.official}", f"{post.position}", post.unit.name_on(day)) for post in posts.prefetch_related("unit")
        }


@pytest.fixture
def staff(db) -> Staff:
    return Staff()


def everything_held() -> list[dict[str, Any]]:
    rows = Appointment.entered.order_by("pk").values()
    return [{name: value for name, value in row.items() if name != "changed_at"} for row in rows]


def test_those_ticked_are_moved_as_one_act_that_can_be_taken_back(staff, province_staff):
    client, before = client_of(province_staff), everything_held()
    page = begin_act(client, LIST, staff.keys, "dieu_dong")
    assert "Điều động 2 người" in page.content.decode()
    refused = finish_act(client, page, start_date="01/07/2018").content.decode()
    assert "Hãy chọn đơn vị hoặc chức danh mới." in refused
    done = finish_act(client, page, start_date="01/07/2018", unit=staff.b.pk, decision="QĐ 5")
    assert told(done)[0] == "Điều động: đã ghi 2 người."
    assert staff.held(EVE) == {("Người Một", "Văn thư", "Xã A"), ("Người Hai", "Văn thư", "Xã A")}
    assert staff.held(DAY) == {("Người Một", "Văn thư", "Xã B"), ("Người Hai", "Văn thư", "Xã B")}
    former = Appointment.objects.get(pk=staff.keys[0])
    assert (former.end_date, former.end_reason) == (EVE, Appointment.EndReason.TRANSFERRED)
    assert not begin_act(client, LIST, [], "dieu_dong").context["plan"].lines
    take_back(Act.objects.filter(kind=Act.Kind.BULK).first(), reason="Thử", by=None)
    assert everything_held() == before


REFUSED = {
    "not begun": ({"start_date": "01/01/1990", "unit": "B"}, "Chưa giữ chức danh vào ngày trước đó"),
    "the same": ({"start_date": "01/07/2018", "unit": "A"}, "Đang giữ đúng chức danh đó ở đơn vị đó"),
    "two heads": (
        {"start_date": "01/07/2018", "position": "head"},
        "Chánh Văn phòng chỉ 1 người giữ, sẽ có 3 người (Người Đầu, Người Hai, Người Một)",
    ),
    "lacking": ({"start_date": "01/07/2018", "position": "BT_DU", "unit": "B"}, "Chưa có đủ trình độ, bồi dưỡng"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_stands_against_moving_them_is_named_and_nothing_is_written(staff, province_staff, case):
    answers, why = REFUSED[case]
    positions = {"head": staff.head, "BT_DU": position_of("BT_DU")}
    if case == "lacking":
        staff.posts = staff.posts[:1]
        Appointment.objects.filter(unit=staff.b).delete()
    keys = {"unit": lambda code: staff.world.units[code].pk, "position": lambda code: positions[code].pk}
    answers = {name: keys.get(name, str)(value) for name, value in answers.items()}
    client, before = client_of(province_staff), everything_held()
    page = begin_act(client, LIST, staff.keys, "dieu_dong")
    assert why in finish_act(client, page, **answers).content.decode()
    assert everything_held() == before
    if case == "lacking":
        page = finish_act(client, page, **answers, lacking_reason="Đang học")
        note = page.context["seen"]  # the move brings somebody into a rate: seen first
        finish_act(client, page, **answers, lacking_reason="Đang học", anh_huong=note)
        assert primary_posts(DAY).get(official=staff.posts[0].official).lacking_reason == "Đang học"


def test_those_ticked_lose_their_posts_but_for_one_ended_before_and_one_that_others_write(staff):
    ended = make_appointment(make_official("Người Cũ"), staff.post, staff.a, end_date=DAY)
    client = client_of(make_user("huyen-1", roles.UNIT_OFFICER, "D1"))
    page = begin_act(client, LIST, [*staff.keys, ended.pk, staff.far.pk], "thoi_giu")
    shown = page.content.decode()
    assert "Đã thôi giữ chức danh này từ sau ngày 01/07/2018" in shown
    assert "Người C<" not in shown
    wrong = finish_act(client, page, end_date="01/01/1990", end_reason="retired").content.decode()
    assert "Chưa giữ chức danh vào ngày đó: Người Một, Người Hai" in wrong
    done = finish_act(client, page, end_date="30/06/2018", end_reason="retired", decision="QĐ 6")
    assert told(done)[0] == "Thôi giữ chức danh: đã ghi 2 người."
    assert staff.held(EVE)
    assert not staff.held(DAY)
    assert {post.decision for post in Appointment.objects.filter(pk__in=staff.keys)} == {"QĐ 6"}
    assert Appointment.objects.get(pk=staff.far.pk).end_date is None


def test_those_ticked_get_a_concurrent_post_beside_theirs(staff, province_staff):
    client = client_of(province_staff)
    done = act_on(client, LIST, staff.keys, "bo_nhiem", start_date="01/07/2018", position=staff.other.pk)
    assert told(done)[0] == "Bổ nhiệm kiêm nhiệm: đã ghi 2 người."
    assert len(staff.held(EVE)) == 2
    assert len(staff.held(DAY)) == 4
    assert primary_posts(DAY).filter(position=staff.post).count() == 2
    page = begin_act(client, LIST, staff.keys, "bo_nhiem")
    assert (
        "chỉ 1 người giữ" in finish_act(client, page, start_date="01/07/2018", position=staff.head.pk).content.decode()
    )


def test_an_officer_ends_no_post_of_somebody_whom_another_unit_has_by_now(staff):
    """The posts of whoever has left are seen for the days before, and are written by the present unit."""
    person = staff.posts[0].official
    Appointment.objects.filter(pk=staff.keys[0]).update(end_date=EVE)
    make_appointment(person, staff.post, staff.world.units["C"], start_date=DAY)
    beside = make_appointment(person, staff.other, staff.a, is_primary=False)  # nobody has ended it
    client = client_of(make_user("huyen-1", roles.UNIT_OFFICER, "D1"))
    page = begin_act(client, LIST, [staff.keys[1], beside.pk], "thoi_giu")
    assert [line.name for line in page.context["plan"].done] == ["Người Hai"]


def test_who_may_not_change_posts_has_no_ticks(staff):
    leader = client_of(make_user("lanh-dao", roles.LEADER))
    assert "data-ticks" not in leader.get(LIST).content.decode()
    assert leader.post(LIST, {"chon": staff.keys, "viec": "thoi_giu"}).status_code == 405


def test_a_finding_of_many_people_is_set_aside_for_one_reason_and_comes_back_as_one_act(staff, province_staff):
    client = client_of(province_staff)
    findings = reverse("cadres:review-findings", args=["birth_missing"]) + f"?ngay={EVE}"
    people = [post.official_id for post in staff.posts]
    page = begin_act(client, findings, people, "de_sang")
    assert "Để sang một bên của 2 người" in page.content.decode()
    assert "Hãy ghi lý do" in finish_act(client, page, end_date="31/12/2018").content.decode()
    finish_act(client, page, reason="Đang xác minh", end_date="31/12/2018")
    asides = SetAside.objects.values_list("official", "reason", "end_date", "made_by")
    assert set(asides) == {(key, "Đang xác minh", date(2018, 12, 31), province_staff.pk) for key in people}
    assert not set(people) & {row.official_id for row in client.get(findings).context["page"].object_list}
    take_back(Act.objects.filter(kind=Act.Kind.BULK).first(), reason="Thử", by=None)
    assert not SetAside.objects.exists()


def test_findings_are_narrowed_by_whoever_may_tick_them_too(staff, province_staff):
    client = client_of(province_staff)
    findings = reverse("cadres:review-findings", args=["birth_missing"]) + f"?ngay={EVE}"
    narrowed = client.post(findings, {"loc": "1", "q": "không có ai", "huyen": ""}, follow=True)
    assert narrowed.context["page"].paginator.count == 0
    assert narrowed.context["filters"].cleaned_data["q"] == "không có ai"
    assert client.get(findings).context["page"].paginator.count > 0
