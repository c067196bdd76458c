"""What had been entered wrongly is put right: with a reason, its effect seen before, the figures as if it never was."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from cadres import registry
from cadres.access import visible_to
from cadres.effect import effect_of
from cadres.evaluation import Supposed, Verdict, judged
from cadres.models import Act, Appointment, Change, Official, Qualification
from cadres.periods import UNKNOWN_START
from reports.rates import rate_on
from tests import province
from tests.builders import criterion_of, make_commune, make_unit, position_of
from tests.conftest import client_of, correct, unit_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("province_database")]

DAY = province.DAY
MOVED, DAY_BEFORE = date(2015, 6, 1), date(2015, 5, 31)
WHY = {"reason": "Nhập nhầm người", "by": None}


@pytest.fixture
def people() -> dict[str, Official]:
    return province.people()


@pytest.fixture
def lan(people) -> Official:
    return people["Lý Thị Lan"]


def post_of(official: Official) -> Appointment:
    return official.appointments.get()


def percent() -> str:
    return str(rate_on(DAY, criterion=criterion_of("FULL")).percent)


def move(official: Official, commune: str = province.BAN_PHO, position: str = "BT_DU") -> Appointment:
    return registry.transfer(official, position_of(position), unit_of(commune), start_date=MOVED, by=None)


def told_of(row) -> list[tuple[str, str]]:
    """Kind and reason of the acts that changed a row, the last first."""
    changes = Change.objects.filter(table_name=row._meta.db_table, key=row.pk).order_by("-pk")
    return [(change.act.kind, change.act.reason) for change in changes.select_related("act")]


# ---------------------------------------------------------------- a post that never was


def test_a_post_entered_in_error_counts_on_no_day(lan):
    post = post_of(lan)
    registry.mark_post_as_error(post, **WHY)
    assert rate_on(DAY, criterion=criterion_of("FULL")).total == 7
    assert not lan.appointments.exists()
    assert Appointment.entered.get(official=lan).note == "Nhập nhầm người"
    everything = Appointment.entered.all()
    assert not judged(DAY, criterion=criterion_of("FULL"), appointments=everything).filter(official=lan).exists()


def test_a_post_entered_in_error_does_not_stand_in_the_way_of_the_right_one(lan):
    post = post_of(lan)
    registry.mark_post_as_error(post, **WHY)
    again = registry.appoint(lan, post.position, post.unit, start_date=post.start_date, by=None)
    other = registry.appoint(
        lan, position_of("CT_HDND"), post.unit, start_date=post.start_date, is_primary=False, by=None
    )
    assert set(lan.appointments.all()) == {again, other}


def test_a_post_entered_in_error_gives_nobody_a_view_of_the_person(lan, foreign_officer):
    wrong = registry.appoint(
        lan, position_of("CT_HDND"), unit_of(province.THANH_BINH), start_date=MOVED, is_primary=False, by=None
    )
    assert visible_to(Official.objects.all(), foreign_officer).filter(pk=lan.pk).exists()
    registry.mark_post_as_error(wrong, **WHY)
    assert not visible_to(Official.objects.all(), foreign_officer).filter(pk=lan.pk).exists()


@pytest.mark.parametrize("reason", ["", "   "])
def test_no_correction_is_without_a_reason(lan, reason):
    post = post_of(lan)
    for act in (registry.mark_post_as_error, registry.correct_post, registry.take_back_transfer):
        with pytest.raises(ValidationError, match="lý do đính chính"):
            act(post, reason=reason, by=None)
    with pytest.raises(ValidationError, match="lý do đính chính"):
        registry.correct_facts(lan, reason=reason, by=None)
    assert lan.appointments.exists()


def test_a_correction_is_an_act_of_its_own_with_its_reason(lan, province_staff):
    post = post_of(lan)
    registry.mark_post_as_error(post, reason="  Nhập nhầm người ", by=province_staff)
    assert told_of(post)[0] == (Act.Kind.CORRECTION, "Nhập nhầm người")
    assert Act.objects.latest("pk").user == province_staff


# ---------------------------------------------------------------- a post corrected


def test_where_and_when_a_post_was_held_is_corrected_for_the_past_too(lan):
    assert percent() == "50.0"
    post = post_of(lan)
    post.unit = unit_of(province.BAN_PHO)  # relaxed: what she has is enough there
    registry.correct_post(post, **WHY)
    assert percent() == "62.5"
    assert lan.appointments.count() == 1


def test_two_primary_posts_at_once_are_refused_and_nothing_is_written(lan):
    first = post_of(lan)
    second = move(lan)
    second.start_date = DAY_BEFORE
    with pytest.raises(ValidationError, match=r"đã có chức danh chính khác .* hãy kết thúc chức danh cũ trước"):
        registry.correct_post(second, **WHY)
    second.refresh_from_db()
    first.refresh_from_db()
    assert (first.end_date, second.start_date) == (DAY_BEFORE, MOVED)


@pytest.mark.parametrize(
    ("start", "end", "told"),
    [
        (date(2011, 12, 31), None, "có từ ngày 01/01/2012: hãy ghi ngày từ đó trở đi"),
        (date(2012, 1, 1), None, ""),
        (date(2012, 1, 1), date(2014, 12, 31), ""),
        (date(2012, 1, 1), date(2015, 1, 1), "kết thúc ngày 31/12/2014: hãy ghi ngày đến hết hôm đó"),
        (date(2015, 1, 1), None, "kết thúc ngày 31/12/2014: hãy ghi ngày đến hết hôm đó"),
    ],
)
def test_a_post_lies_within_the_life_of_its_unit(lan, start, end, told):
    post = post_of(lan)
    post.unit = make_unit(name="Xã Cũ", start_date=date(2012, 1, 1), end_date=date(2014, 12, 31))
    post.start_date, post.end_date, post.end_reason = start, end, "retired" if end else ""
    if not told:
        registry.correct_post(post, **WHY)
        return
    with pytest.raises(ValidationError, match=told):
        registry.correct_post(post, **WHY)
    assert Appointment.objects.get(pk=post.pk).unit == unit_of(province.BAC_HA_TOWN)


# ---------------------------------------------------------------- a transfer that never was


def test_a_transfer_entered_by_mistake_is_taken_back_in_one_step_and_the_rate_is_what_it_was(lan):
    before = post_of(lan)
    assert percent() == "50.0"
    wrong = move(lan)
    assert percent() == "62.5"
    registry.take_back_transfer(wrong, **WHY)
    assert percent() == "50.0"
    before.refresh_from_db()
    assert (before.end_date, before.end_reason) == (None, "")
    assert lan.appointments.get() == before
    assert told_of(before)[0] == told_of(wrong)[0] == (Act.Kind.CORRECTION, "Nhập nhầm người")


def test_the_post_before_gets_back_the_end_that_it_had(lan):
    before = post_of(lan)
    registry.end_appointment(before, end_date=date(2016, 6, 30), reason="retired", decision="12/QĐ-UBND", by=None)
    wrong = move(lan)
    registry.take_back_transfer(wrong, **WHY)
    before.refresh_from_db()
    assert (before.end_date, before.end_reason, before.decision) == (date(2016, 6, 30), "retired", "12/QĐ-UBND")


def test_what_no_transfer_opened_cannot_be_taken_back_as_one(lan):
    post = post_of(lan)
    with pytest.raises(ValidationError, match="không do điều động mà có; nếu ghi nhầm, hãy đánh dấu nhập sai"):
        registry.take_back_transfer(post, **WHY)
    registry.end_appointment(post, end_date=DAY_BEFORE, reason="retired", by=None)
    again = registry.appoint(lan, post.position, post.unit, start_date=MOVED, by=None)
    assert registry.before_transfer(again) is None


def test_nobody_is_put_back_into_a_unit_that_has_ended(lan):
    gone = make_unit(name="Xã Cũ", end_date=DAY_BEFORE)
    post = post_of(lan)
    Appointment.objects.filter(pk=post.pk).update(unit=gone)
    wrong = move(lan)
    with pytest.raises(ValidationError, match="Xã Cũ không còn vào ngày 01/06/2015"):
        registry.take_back_transfer(wrong, **WHY)
    assert not Appointment.entered.filter(is_error=True).exists()


# ---------------------------------------------------------------- the effect, told before


def test_the_effect_is_told_before_and_nothing_is_written(lan, django_assert_num_queries):
    post = post_of(lan)
    corrected = post_of(lan)
    corrected.unit = unit_of(province.BAN_PHO)
    supposed = Supposed(gone=[post], posts=[corrected], with_data=False)
    full = criterion_of("FULL")
    count = Change.objects.count()
    with django_assert_num_queries(8):
        effect = effect_of(supposed, lan, DAY, criterion=full)
    assert (effect.before, effect.after) == (Verdict.NOT_COMPLIANT, Verdict.COMPLIANT)
    assert [(unit.name, str(unit.before.percent), str(unit.after.percent)) for unit in effect.units] == [
        ("Thị trấn Bắc Hà", "0.0", "0.0"),
        ("Huyện Bắc Hà", "33.3", "50.0"),
        ("Xã Bản Phố", "66.7", "75.0"),
    ]
    assert Change.objects.count() == count


def test_a_post_corrected_into_a_commune_without_data_counts_nowhere(lan):
    post, corrected = post_of(lan), post_of(lan)
    corrected.unit = make_commune(data_begin=None)
    effect = effect_of(
        Supposed(gone=[post], posts=[corrected], with_data=False), lan, DAY, criterion=criterion_of("FULL")
    )
    assert (effect.before, effect.after) == (Verdict.NOT_COMPLIANT, None)


def test_an_officer_is_told_the_rates_of_the_own_units_only(people):
    chin = people["Thào A Chín"]
    post, moved = post_of(chin), post_of(chin)
    moved.unit = unit_of(province.BAN_PHO)
    own = {unit_of(province.BAN_PHO).pk, unit_of("085").pk}
    effect = effect_of(
        Supposed(gone=[post], posts=[moved], with_data=False), chin, DAY, criterion=criterion_of("FULL"), units=own
    )
    assert [unit.name for unit in effect.units] == ["Xã Bản Phố", "Huyện Bắc Hà"]


def test_a_record_supposed_gone_proves_nothing(people):
    su = people["Giàng A Sử"]
    record = su.qualifications.get(level__dimension__code="professional")
    effect = effect_of(Supposed(gone=[record]), su, DAY, criterion=criterion_of("FULL"))
    assert (effect.before, effect.after) == (Verdict.COMPLIANT, Verdict.UNDETERMINED)
    assert Qualification.objects.filter(pk=record.pk, is_error=False).exists()


# ---------------------------------------------------------------- on screen


def address(name: str, official: Official, *keys: int) -> str:
    return reverse(f"cadres:{name}", args=[official.pk, *keys]) + "?ngay=2015-12-31"


def test_a_wrong_transfer_is_taken_back_on_the_page_of_the_person(lan, district_officer):
    wrong = move(lan)
    client = client_of(district_officer)
    page = address("transfer-take-back", lan, wrong.pk)
    assert page in client.get(address("official-detail", lan)).content.decode()
    shown = client.get(page)
    html = shown.content.decode()
    assert "Đạt → <strong>Chưa đạt</strong>" in html
    assert "Tỷ lệ của Huyện Bắc Hà" in html
    assert "50,0 % → <strong>33,3 %</strong>" in html
    refused = client.post(page, {"seen": shown.context["form"]["seen"].value(), "reason": ""})
    assert refused.status_code == 200
    assert percent() == "62.5"
    done = client.post(page, {"seen": shown.context["form"]["seen"].value(), "reason": "Nhầm người"}, follow=True)
    assert "đã gỡ điều động" in done.content.decode()
    assert percent() == "50.0"
    assert "Nhập sai, không tính" in done.content.decode()
    assert client.get(page).status_code == 404


def test_who_may_no_longer_see_the_person_comes_to_the_list(lan, foreign_officer):
    wrong = move(lan, province.THANH_BINH)
    client = client_of(foreign_officer)
    page = address("post-error", lan, wrong.pk)
    shown = client.get(page)
    assert "Bắc Hà: " not in "".join(unit.name for unit in shown.context["form"].effect.units)
    done = client.post(page, {"seen": shown.context["form"]["seen"].value(), "reason": "Nhầm người"})
    assert done.url.startswith(reverse("cadres:official-list"))
    assert not visible_to(Official.objects.all(), foreign_officer).filter(pk=lan.pk).exists()


def test_a_district_does_not_reopen_a_post_in_another_and_is_told_who_can(lan, foreign_officer, province_staff):
    first, wrong = post_of(lan), move(lan, province.THANH_BINH)
    page = address("transfer-take-back", lan, wrong.pk)
    client = client_of(foreign_officer)
    for answer in (client.get(page, follow=True), client.post(page, {"reason": "Nhầm người"}, follow=True)):
        ((path, _),) = answer.redirect_chain
        assert path.startswith(address("official-detail", lan))
        assert f"Hãy báo Sở Nội vụ gỡ điều động của Lý Thị Lan (hồ sơ số {lan.pk})" in answer.content.decode()
    first.refresh_from_db()
    assert first.end_date == DAY_BEFORE
    assert correct(client_of(province_staff), page, {"reason": "Nhầm người"}).status_code == 302
    first.refresh_from_db()
    assert first.end_date is None


def test_a_post_is_corrected_after_its_effect_was_seen(lan, district_officer):
    post, other = post_of(lan), post_of(Official.objects.get(full_name="Giàng A Sử"))
    registry.end_appointment(
        other, end_date=date(2012, 4, 30), reason="transferred", by=None
    )  # else one would be asked
    client = client_of(district_officer)
    page = address("post-correct", lan, post.pk)
    typed = {name: field.value() or "" for name, field in ((f.name, f) for f in client.get(page).context["form"])}
    typed |= {"start_date": "2012-05-01", "reason": "Sai xã", "seen": ""}
    unchanged = client.post(page, typed | {"start_date": post.start_date.isoformat()})
    assert "Chưa sửa gì" in unchanged.content.decode()
    typed |= {"unit": unit_of(province.BAN_PHO).pk}
    html = client.post(page, typed).content.decode()
    assert "Chưa ghi gì. Hãy xem ảnh hưởng" in html
    assert "Thị trấn Bắc Hà → <strong>Xã Bản Phố</strong>" in html
    assert "→ <strong>01/05/2012</strong>" in html
    assert "Chưa đạt → <strong>Đạt</strong>" in html
    post.refresh_from_db()
    assert post.unit == unit_of(province.BAC_HA_TOWN)
    assert correct(client, page, typed).status_code == 302
    post.refresh_from_db()
    assert (post.unit, post.start_date) == (unit_of(province.BAN_PHO), date(2012, 5, 1))
    assert told_of(post)[0] == (Act.Kind.CORRECTION, "Sai xã")


def test_a_post_is_not_corrected_into_a_unit_of_others(lan, district_officer):
    post = post_of(lan)
    client = client_of(district_officer)
    page = address("post-correct", lan, post.pk)
    typed = {f.name: f.value() or "" for f in client.get(page).context["form"]}
    answer = client.post(page, typed | {"unit": unit_of(province.THANH_BINH).pk, "reason": "Sai xã"})
    assert "chưa được giao" in answer.content.decode()


def test_what_was_changed_after_the_effect_was_seen_is_shown_again(lan, district_officer):
    post = post_of(lan)
    client = client_of(district_officer)
    page = address("post-correct", lan, post.pk)
    typed = {f.name: f.value() or "" for f in client.get(page).context["form"]} | {"reason": "Sai"}
    seen = client.post(page, typed | {"term": "2011-2016"}).context["form"]["seen"].value()
    again = client.post(page, typed | {"term": "2011-2015", "seen": seen})
    assert again.status_code == 200
    assert client.post(page, typed | {"term": "2011-2016", "seen": seen}).status_code == 302


def test_a_post_entered_in_error_is_shown_struck_through_with_the_reason(lan, province_staff):
    client = client_of(province_staff)
    page = address("post-error", lan, post_of(lan).pk)
    shown = client.get(page)
    client.post(page, {"reason": "Nhập nhầm người", "seen": shown.context["form"]["seen"].value()})
    html = client.get(address("official-detail", lan)).content.decode()
    assert '<tr class="struck">' in html
    assert "Nhập nhầm người" in html
    assert "Không giữ chức danh chính nào" in html


def test_an_unknown_start_can_be_corrected(lan, province_staff):
    post = post_of(lan)
    Appointment.objects.filter(pk=post.pk).update(start_date=UNKNOWN_START)
    client = client_of(province_staff)
    page = address("post-correct", lan, post.pk)
    typed = {f.name: f.value() or "" for f in client.get(page).context["form"]}
    typed |= {"start_date": "2010-01-01", "reason": "Rõ ngày"}
    assert "– → <strong>01/01/2010</strong>" in client.post(page, typed).content.decode()
    assert correct(client, page, typed).status_code == 302
