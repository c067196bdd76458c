"""What moves a verdict is shown before it is done, on the pages and in the tables of the catalogues.

Each case stands twice: a change that moves somebody in the small province (tests/province.py), and one of the same kind
that moves nobody. The first writes nothing until it is sent again, and then the rate is what was shown.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.contrib import admin
from django.urls import reverse

from cadres.admin.foretold import Foretelling
from cadres.admin.scoped import ScopedAdmin
from cadres.models import (
    AcceptedField,
    Act,
    Appointment,
    Criterion,
    Dimension,
    Level,
    Position,
    RosterDay,
    UnitRelaxation,
    UnitVersion,
    UnitZone,
    Waiver,
)
from reports.rates import rate_on
from tests import province
from tests.builders import make_accepted_field, position_of
from tests.cadres.test_catalogues import START, ZONES, upload
from tests.conftest import client_of, unit_of
from tests.forms import SentPage, form_on
from tests.province import BAC_HA_TOWN, BAN_PHO, DAY, THANH_BINH
from tests.reports.pages import text_of

pytestmark = pytest.mark.usefixtures("province_database")

NOT_YET = "Chưa ghi gì."
# The models of the admin that no verdict hangs on: the reason is in `moves_no_verdict` of the page.
IN_NO_VERDICT = {
    *("EthnicGroup", "RetirementAge", "ColumnTitle", "ValueSpelling"),
    *("UnitSuccession", "UnitClass", "StaffQuota", "ZonePeriod", "RateTarget"),
    *("Official", "Appointment", "Qualification", "Waiver", "TrainingClass"),  # to be looked at only
    *(
        "SubjectArea",
        "Programme",
        "Institution",
        "Trainer",
        "Room",
        "CostNorm",
        "SupportNorm",
        "UnitDistance",
        "TrainerNorm",
        "TrainingRegulation",
        "NeedRule",
        "FeedbackQuestion",
    ),
}


@dataclass(frozen=True)
class Case:
    """A row of the admin, and two changes of it: one that moves a verdict, one that does not."""

    row: Callable[[], Any]
    moving: dict[str, Any]
    quiet: dict[str, Any]
    after: str  # the counts that the moving change leads to: compliant / total


def page_of(row: Any) -> str:
    return reverse(f"admin:cadres_{row._meta.model_name}_change", args=[row.pk]) + f"?ngay={DAY}"


def zone_of(code: str) -> UnitZone:
    return UnitZone.objects.get(unit=unit_of(code))


CHANGED = {
    # relaxed no longer, Giàng A Sử and Vàng Thị Mỷ lack the professional level
    "zone": Case(lambda: zone_of(BAN_PHO), {"zone": "1"}, {"decision": "QĐ 1"}, "3/8"),
    "zone_of_unit": Case(lambda: unit_of(BAN_PHO), {"zones-0-zone": "1"}, {"zones-0-decision": "QĐ 1"}, "3/8"),
    "relaxation": Case(
        lambda: UnitRelaxation.objects.get_or_create(unit=unit_of(BAC_HA_TOWN), is_relaxed=False, decision="QĐ 2")[0],
        {"is_relaxed": "on"},
        {"decision": "QĐ 3"},
        "6/8",
    ),
    "version": Case(
        lambda: UnitVersion.objects.as_of(DAY).get(code=BAN_PHO),
        {"end_date": "2015-06-30"},
        {"name": "Xã Bản Phố 2"},
        "2/5",
    ),
    "day_of_data": Case(
        lambda: RosterDay.objects.get(unit=unit_of(BAN_PHO)), {"day": "2016-01-01"}, {"day": "2014-12-01"}, "2/5"
    ),
    "position": Case(lambda: position_of("TCA"), {"end_date": "2015-06-30"}, {"title": "Trưởng CA"}, "3/6"),
    "level": Case(
        lambda: Level.objects.get(dimension__code="professional", code="SC"), {"rank": "9"}, {"name": "Sơ cấp nghề"}, ""
    ),
    "accepted_field": Case(
        lambda: (
            AcceptedField.objects.filter(field_of_study="Luật").first()
            or make_accepted_field(position_of("TC_KT"), "Luật")
        ),
        {"position": "VP_TK"},
        {"field_of_study": "Luật học"},
        "3/8",
    ),
}


@pytest.fixture
def staff(db, province_staff):
    return client_of(province_staff)


def counts(criterion: str = "FULL", day: date = DAY) -> str:
    rate = rate_on(day, criterion=Criterion.objects.get(code=criterion))
    return f"{rate.compliant}/{rate.total}"


def effect_kept() -> list[dict[str, Any]]:
    """What the history keeps of the effect of the last act: a day each."""
    return Act.objects.order_by("-pk")[0].context["foretold"]["days"]


def key_of(dimension: str) -> str:
    return str(Dimension.objects.get(code=dimension).pk)


def filled(case: Case, changes: dict[str, Any]) -> dict[str, Any]:
    """The changes as the form sends them: a position by its key."""
    position = changes.get("position")
    return changes | ({"position": str(Position.objects.get(code=position).pk)} if position else {})


@pytest.mark.parametrize("kind", CHANGED)
def test_a_change_that_moves_a_verdict_is_shown_first_and_then_does_what_was_shown(kind, staff):
    case = CHANGED[kind]
    form = form_on(staff, page_of(case.row()), "csrfmiddlewaretoken")
    acts = Act.objects.count()

    shown = form.send(filled(case, case.moving))

    assert shown.status_code == 200
    assert NOT_YET in text_of(shown.content.decode())
    assert (counts(), Act.objects.count()) == ("4/8", acts)
    told = next(effect for effect in shown.context["foretold"].changing if effect.day == DAY)
    again = SentPage.of(shown, form)
    typed = filled(case, case.moving)
    assert {name: again.fields[name] for name in typed} == {
        name: [value] for name, value in typed.items()
    }  # still there
    assert again.send().status_code == 302
    assert counts() == f"{told.after.compliant}/{told.after.total}" != "4/8"
    assert counts() == case.after or not case.after
    kept = next(day for day in effect_kept() if day["day"] == str(DAY))
    assert (kept["after"]["compliant"], kept["moved_in_all"]) == (told.after.compliant, told.moved_in_all)


@pytest.mark.parametrize("kind", CHANGED)
def test_a_change_that_moves_no_verdict_is_saved_at_once(kind, staff):
    case = CHANGED[kind]
    row = case.row()
    answer = form_on(staff, page_of(row), "csrfmiddlewaretoken").send(filled(case, case.quiet))
    assert answer.status_code == 302, text_of(answer.content.decode())[:2000]
    assert counts() == "4/8"
    row.refresh_from_db()
    ((name, value),) = case.quiet.items()
    assert str(getattr(row, name, value)) == value
    assert "foretold" not in Act.objects.order_by("-pk")[0].context


def test_what_counts_for_a_criterion_is_told_by_that_criterion(staff):
    criterion = Criterion.objects.get(code="POLITICAL")
    page = reverse("admin:cadres_criterion_change", args=[criterion.pk]) + f"?ngay={DAY}"
    before = counts("POLITICAL")
    form = form_on(staff, page, "csrfmiddlewaretoken")
    shown = form.send({"dimensions": [*form.fields["dimensions"], key_of("professional")]})
    assert NOT_YET in text_of(shown.content.decode())
    assert counts("POLITICAL") == before
    assert SentPage.of(shown, form).send().status_code == 302
    assert counts("POLITICAL") != before
    assert counts() == "4/8"


def test_the_criterion_that_pages_count_by_cannot_be_deleted(staff):
    needed, other = (Criterion.objects.get(code=code) for code in ("FULL", "POLITICAL"))
    assert staff.post(reverse("admin:cadres_criterion_delete", args=[needed.pk]), {"post": "yes"}).status_code == 403
    assert staff.post(reverse("admin:cadres_criterion_delete", args=[other.pk]), {"post": "yes"}).status_code == 302


def test_a_row_that_is_added_is_foretold_too(staff):
    page = reverse("admin:cadres_unitrelaxation_add") + f"?ngay={DAY}"
    form = form_on(staff, page, "csrfmiddlewaretoken")
    typed = {"unit": str(unit_of(BAC_HA_TOWN).pk), "is_relaxed": "on", "decision": "QĐ 5"}
    shown = form.send(typed)
    assert [effect.day for effect in shown.context["foretold"].changing] == [date(2014, 12, 31), DAY]
    assert "Lý Thị Lan" in text_of(shown.content.decode())
    assert not UnitRelaxation.objects.filter(unit=unit_of(BAC_HA_TOWN)).exists()
    assert SentPage.of(shown, form).send().status_code == 302
    assert counts() == "6/8"


def test_deleting_shows_its_effect_and_deletes_when_it_is_confirmed(staff):
    zone = zone_of(BAN_PHO)
    page = reverse("admin:cadres_unitzone_delete", args=[zone.pk]) + f"?ngay={DAY}"
    form = form_on(staff, page, "post")
    shown = form.send()
    assert NOT_YET in text_of(shown.content.decode())
    assert counts() == "4/8"
    assert SentPage.of(shown, form).send().status_code == 302
    assert counts() == "3/8"
    # a zone of a commune without anybody
    other = UnitZone.objects.create(unit=unit_of("02842"), zone=3)
    assert form_on(staff, reverse("admin:cadres_unitzone_delete", args=[other.pk]), "post").send().status_code == 302
    assert not UnitZone.objects.filter(pk=other.pk).exists()


def test_a_unit_that_is_deleted_is_named_as_it_is(staff):
    version = UnitVersion.objects.as_of(DAY).get(code=BAN_PHO)
    page = reverse("admin:cadres_unitversion_delete", args=[version.pk]) + f"?ngay={DAY}"
    shown = form_on(staff, page, "post").send()
    (effect,) = [effect for effect in shown.context["foretold"].changing if effect.day == DAY]
    assert [(unit.name, unit.after.total) for unit in effect.communes] == [("Xã Bản Phố", 0)]
    assert {person.unit for person in effect.moved} == {"Xã Bản Phố"}


def test_the_log_shows_what_was_shown_of_an_act(staff):
    form = form_on(staff, page_of(zone_of(BAN_PHO)), "csrfmiddlewaretoken")
    SentPage.of(form.send({"zone": "1"}), form).send()
    page = staff.get(reverse("cadres:act-detail", args=[Act.objects.order_by("-pk")[0].pk])).content.decode()
    assert "Ngày 31/12/2015 50,0 % → 37,5 %" in text_of(page)
    assert "Giàng A Sử" in page


def test_another_content_than_the_one_shown_is_shown_anew(staff):
    form = form_on(staff, page_of(zone_of(BAN_PHO)), "csrfmiddlewaretoken")
    shown = SentPage.of(form.send({"zone": "1"}), form)
    again = shown.send({"decision": "QĐ 9"})
    assert NOT_YET in text_of(again.content.decode())
    assert counts() == "4/8"
    assert shown.send({"zone": "2"}).status_code == 302  # moves nobody: II is relaxed like III
    assert zone_of(BAN_PHO).zone == 2


@pytest.mark.parametrize("theirs", [{"decision": "QĐ của người khác"}, {"zone": 2}])
def test_what_somebody_else_changed_since_the_effect_was_shown_is_shown_and_asked_again(staff, theirs):
    form = form_on(staff, page_of(zone_of(BAN_PHO)), "csrfmiddlewaretoken")
    shown = SentPage.of(form.send({"zone": "1"}), form)
    UnitZone.objects.filter(unit=unit_of(BAN_PHO)).update(**theirs)
    answer = shown.send()
    assert answer.status_code == 200
    assert counts() == "4/8"
    assert str(theirs.get("decision", "II")) in text_of(answer.content.decode())


def test_a_row_changed_since_is_not_deleted_unseen(staff):
    zone = zone_of(BAN_PHO)
    form = form_on(staff, reverse("admin:cadres_unitzone_delete", args=[zone.pk]) + f"?ngay={DAY}", "post")
    shown = SentPage.of(form.send(), form)
    UnitZone.objects.filter(pk=zone.pk).update(decision="QĐ khác")
    assert NOT_YET in text_of(shown.send().content.decode())
    assert UnitZone.objects.filter(pk=zone.pk).exists()


def test_a_form_that_is_refused_says_why_and_foretells_nothing(staff):
    form = form_on(staff, page_of(zone_of(BAN_PHO)), "csrfmiddlewaretoken")
    answer = form.send({"zone": "1", "start_date": "2015-01-01", "end_date": "2014-01-01"})
    assert "Ngày kết thúc phải từ ngày bắt đầu trở đi." in answer.content.decode()
    assert NOT_YET not in answer.content.decode()


def test_a_note_that_nobody_was_given_is_none(staff):
    form = form_on(staff, page_of(zone_of(BAN_PHO)), "csrfmiddlewaretoken")
    for note in ("", "x", "eyJ:abc:def"):
        assert NOT_YET in text_of(form.send({"zone": "1", "anh_huong": note}).content.decode())
    assert counts() == "4/8"


# ---------------------------------------------------------------- tables


def test_a_table_shows_what_it_would_do_to_the_rate_and_then_does_it(staff):
    staff.get(f"/?ngay={DAY}")
    UnitZone.objects.filter(unit=unit_of(BAN_PHO)).update(start_date=START)
    acts = Act.objects.count()
    preview = upload(staff, "unitzone", ZONES, (BAN_PHO, "", "I", "19/09/2013"))
    (_, told) = preview.context["foretold"].changing
    assert (told.day, told.before.compliant, told.after.compliant) == (DAY, 4, 3)
    assert "Giàng A Sử" in preview.content.decode()
    assert (counts(), Act.objects.count()) == ("4/8", acts)
    staff.post(reverse("admin:cadres_unitzone_import_confirm"))
    assert counts() == "3/8"
    assert effect_kept()[-1]["after"]["compliant"] == 3


def test_a_table_that_moves_nobody_says_so(staff):
    preview = upload(staff, "unitzone", ZONES, ("02842", "", "III", "19/09/2013"))
    assert "không làm thay đổi kết quả đánh giá của ai" in text_of(preview.content.decode())


def test_a_table_of_what_is_in_no_verdict_tells_of_none(staff):
    preview = upload(staff, "ethnicgroup", ("Mã", "Tên"), ("99", "Dân tộc mới"))
    assert "Thêm 1" in preview.content.decode()
    assert preview.context["foretold"] is None


def test_a_table_that_has_become_another_since_it_was_shown_is_shown_again(staff):
    UnitZone.objects.filter(unit=unit_of(BAN_PHO)).update(start_date=START)
    upload(staff, "unitzone", ZONES, (BAN_PHO, "", "I", "19/09/2013"))
    UnitZone.objects.filter(unit=unit_of(BAN_PHO)).update(zone=2)
    confirm = reverse("admin:cadres_unitzone_import_confirm")
    shown = staff.post(confirm)
    assert "Hãy xem lại rồi ghi." in text_of(shown.content.decode())
    assert zone_of(BAN_PHO).zone == 2
    assert staff.post(confirm).status_code == 302
    assert zone_of(BAN_PHO).zone == 1


# ---------------------------------------------------------------- a person


def test_a_waiver_shows_whom_it_makes_compliant_before_it_is_written(staff):
    lan = province.people()["Lý Thị Lan"]
    page = reverse("cadres:official-waive", args=[lan.pk]) + f"?ngay={DAY}"
    form = form_on(staff, page, "reason")
    typed = {
        "dimension": key_of("professional"),
        "start_date": "2015-12-31",
        "reason": "Sắp nghỉ hưu",
        "decision": "QĐ 8",
    }
    shown = form.send(typed)
    assert NOT_YET in text_of(shown.content.decode())
    assert "Ngày 31/12/2015, các đơn vị liên quan 33,3 % → 50,0 %" in text_of(shown.content.decode())
    assert not Waiver.objects.filter(official=lan).exists()
    assert SentPage.of(shown, form).send().status_code == 302
    assert counts() == "5/8"
    # of a dimension that is met anyway nobody is moved
    answer = form_on(staff, page, "reason").send(typed | {"dimension": key_of("education")})
    assert answer.status_code == 302


def test_a_post_shows_what_it_does_to_the_total_and_a_concurrent_one_is_written_at_once(staff):
    person = province.people()["Vàng Thị Mỷ"]
    Appointment.objects.filter(official=person).update(end_date=date(2015, 6, 30))
    page = reverse("cadres:official-appoint", args=[person.pk]) + f"?ngay={DAY}"
    form = form_on(staff, page, "unit")
    typed = {"unit": str(unit_of(THANH_BINH).pk), "position": str(position_of("VH_XH").pk), "start_date": "2015-12-31"}
    asked = form.send(typed | {"is_primary": "on"})
    shown = SentPage.of(asked, form).send(
        {
            "is_acknowledged": asked.context["form"].fields["is_acknowledged"].widget.attrs["value"],
            "lacking_reason": "Đang học",
        }
    )
    assert NOT_YET in text_of(shown.content.decode())
    assert counts() == "4/7"
    assert SentPage.of(shown, form).send().status_code == 302
    assert counts() == "4/8"


def test_what_was_answered_about_a_post_stays_while_its_effect_is_looked_at(staff):
    """Who holds the post is asked first; then the effect is shown, and with it nothing has to be answered again."""
    person = province.people()["Vàng Thị Mỷ"]
    Appointment.objects.filter(official=person).update(end_date=date(2015, 6, 30))
    form = form_on(staff, reverse("cadres:official-appoint", args=[person.pk]) + f"?ngay={DAY}", "unit")
    typed = {"unit": str(unit_of(BAN_PHO).pk), "position": str(position_of("BT_DU").pk), "start_date": "2015-12-31"}
    asked = form.send(typed | {"is_primary": "on"})
    assert "Giàng A Sử" in asked.content.decode()
    answered = {"other_holder": "both", "shared_reason": "Bàn giao"}
    lacks = SentPage.of(asked, form).send(answered)
    box = lacks.context["form"].fields["is_acknowledged"].widget.attrs["value"]
    shown = SentPage.of(lacks, form).send({"is_acknowledged": box, "lacking_reason": "Đang học"})
    assert NOT_YET in text_of(shown.content.decode())
    assert SentPage.of(shown, form).send().status_code == 302
    assert person.appointments.get(end_date=None).shared_reason == "Bàn giao"


def test_taking_back_what_moved_several_shows_that_first(staff):
    form = form_on(staff, page_of(zone_of(BAN_PHO)), "csrfmiddlewaretoken")
    SentPage.of(form.send({"zone": "1"}), form).send()
    form = form_on(staff, reverse("cadres:act-take-back", args=[Act.objects.order_by("-pk")[0].pk]), "reason")
    shown = form.send({"reason": "Nhầm xã"})
    assert NOT_YET in text_of(shown.content.decode())
    assert counts() == "3/8"
    assert SentPage.of(shown, form).send().status_code == 302
    assert counts() == "4/8"


# ---------------------------------------------------------------- nothing is forgotten


def test_every_page_of_the_admin_foretells_or_says_why_it_need_not():
    ours = admin.site._registry
    for model, page in ours.items():
        assert isinstance(page, ScopedAdmin), model
        assert isinstance(page, Foretelling), model
    assert {model.__name__ for model, page in ours.items() if page.moves_no_verdict} == IN_NO_VERDICT
