"""docs/states.md draws every state and every step between two: each act is tried in each state, and nothing else goes.

An act is given a row that lacks nothing but the state; what an act needs besides is brought about just before it.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings as project
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Model
from openpyxl import Workbook

from cadres import roles
from cadres.models import ClockTime, ImportBatch, Official, Standard, StandardChange, User
from cadres.roster import batch as rosters
from cadres.roster.undo import undo
from cadres.standards import changing
from courses.classes import cancel_class, end_class, open_class, reopen_class, save_class, start_class
from courses.enrolment.corrections import correct_decision
from courses.enrolment.nomination import approve, decide, give_reserve, move_up, nominate, reject, withdraw
from courses.enrolment.rules import RULES
from courses.lists import reading, writing
from courses.models import (
    ClassListImport,
    ClassQuota,
    DistrictSubmission,
    Enrolment,
    PlanAmendment,
    PlanLine,
    TrainingClass,
    TrainingPlan,
)
from courses.needs.campaigns import accept, open_campaign, send_back, submit
from courses.planning import (
    approve_amendment,
    approve_plan,
    begin_amendment,
    create_plan,
    delete_plan,
    drop_amendment,
)
from courses.results import Result, record_results, withdraw_result
from tests.builders import (
    begin_data,
    criterion_of,
    dimension_of,
    level_of,
    make_class,
    make_enrolment,
    make_programme,
    make_zone,
    position_of,
)
from tests.cadres.workbooks import flat
from tests.conftest import DAY, make_user, unit_of
from tests.courses.classes.march import AFTER, a_class, person
from tests.province import BAC_HA_TOWN

pytestmark = pytest.mark.django_db

NOTHING = "[*]"
DECISION = {"number": "12/QĐ-SNV", "on": date(2015, 12, 25)}
DO = {"Họ và tên": "Giàng A Dơ", "Ngày sinh": "05/08/1979", "Dân tộc": "Mông"}
Arrow = tuple[str, str, str]  # from, to, by which function


@pytest.fixture(autouse=True)
def uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture(autouse=True)
def commune(db):
    begin_data(unit_of(BAC_HA_TOWN), date(2014, 12, 31))
    make_zone(unit_of(BAC_HA_TOWN), 1)


@dataclass(frozen=True)
class Machine:
    """A kind of row in a state, what makes one, and what is done to it; acts of one name are ways to do the same."""

    at: Callable[[str], Any]
    made_by: list[tuple[str, Callable[[], Any]]]
    acts: list[tuple[str, Callable[[Any], object]]]


# Classes and who is in them


def class_at(state: str) -> TrainingClass:
    training_class = a_class(state)
    make_enrolment(person(), training_class, Enrolment.State.DECIDED)
    make_enrolment(person(), training_class, Enrolment.State.COMPLETED)
    return training_class


def new_class() -> TrainingClass:
    columns = {"start_date": date(2016, 3, 7), "end_date": date(2016, 3, 11), "seats": 5, "place": unit_of("085")}
    return save_class(TrainingClass(programme=make_programme(), **columns), by=None)


CLASS = Machine(
    at=class_at,
    made_by=[("save_class", new_class)],
    acts=[
        ("open_class", lambda row: open_class(row, by=None)),
        ("start_class", lambda row: start_class(row, day=AFTER, by=None)),
        ("end_class", lambda row: end_class(row, day=AFTER, by=None)),
        ("reopen_class", lambda row: reopen_class(row, by=None)),
        ("cancel_class", lambda row: cancel_class(row, reason="Thiếu giảng viên", day=AFTER, by=None)),
    ],
)


def in_class(state: str, act: Callable[[Enrolment, TrainingClass], object]) -> Callable[[Enrolment], object]:
    """The act, done while the class is in that state."""

    def done(row: Enrolment) -> object:
        TrainingClass.objects.filter(pk=row.training_class_id).update(state=state)
        return act(row, TrainingClass.objects.get(pk=row.training_class_id))

    return done


def sent(training_class: TrainingClass, official: Official) -> Enrolment | None:
    nominate(training_class, [official], day=DAY, criterion=criterion_of(), by=None)
    return training_class.enrolments.filter(official=official).first()


def sent_to_full(training_class: TrainingClass, official: Official) -> Enrolment | None:
    make_enrolment(person(), training_class, Enrolment.State.NOMINATED)
    TrainingClass.objects.filter(pk=training_class.pk).update(seats=1)
    return sent(training_class, official)


def from_reserve(row: Enrolment, training_class: TrainingClass) -> Enrolment:
    ClassQuota.objects.create(training_class=training_class, district=unit_of("083"), seats=1)
    return give_reserve(row, reason="Xã đang thiếu", by=None)


def approved(row: Enrolment, training_class: TrainingClass) -> int:
    waivers = {row.pk: {rule.code: "Vẫn cần" for rule in RULES}}
    return approve(training_class, [row], day=DAY, criterion=criterion_of(), by=None, waivers=waivers)


def decided(row: Enrolment, training_class: TrainingClass) -> object:
    words = {"number": "99/QĐ-SNV", "signer": "Trần Văn A", "signer_post": "Giám đốc"}
    return decide(training_class, signed_on=DAY, by=None, **words)


def corrected(row: Enrolment, training_class: TrainingClass) -> object:
    """Whoever was left out of a decision stands in it, and whoever stood in it by mistake does not."""
    decision = row.decision
    if decision is None:
        decision = make_enrolment(person(), training_class, Enrolment.State.DECIDED).decision
    other = make_enrolment(person(), training_class, Enrolment.State.DECIDED)
    Enrolment.objects.filter(pk=other.pk).update(decision=decision)
    listed = {other.pk} if row.decision_id else {other.pk, row.pk}
    words = {"number": "98/QĐ-SNV", "signed_on": DAY, "signer": "", "signer_post": ""}
    return correct_decision(decision, **words, listed=listed, reason="Sót người", by=None)


def started(row: Enrolment, training_class: TrainingClass) -> object:
    make_enrolment(person(), training_class, Enrolment.State.DECIDED)
    return start_class(training_class, day=AFTER, by=None)


def result(state: str) -> Callable[[Enrolment], object]:
    return in_class("running", lambda row, of: record_results(of, {row.pk: Result(state, None, "", "")}, by=None))


ENROLMENT = Machine(
    at=lambda state: make_enrolment(person(), a_class(), state),
    made_by=[("nominate", lambda: sent(a_class(), person())), ("nominate", lambda: sent_to_full(a_class(), person()))],
    acts=[
        ("nominate", in_class("open", lambda row, of: sent(of, row.official))),
        ("nominate", in_class("open", lambda row, of: sent_to_full(of, row.official))),
        ("move_up", in_class("open", lambda row, of: move_up(of, by=None))),
        ("give_reserve", in_class("open", from_reserve)),
        ("approve", in_class("open", approved)),
        ("reject", in_class("open", lambda row, of: reject(of, [row], reason="Không đúng đối tượng", by=None))),
        ("decide", in_class("open", decided)),
        ("decide", in_class("running", decided)),
        ("correct_decision", in_class("open", corrected)),
        ("correct_decision", in_class("running", corrected)),
        ("start_class", in_class("open", started)),
        ("cancel_class", in_class("running", lambda row, of: cancel_class(of, reason="Thôi", day=AFTER, by=None))),
        ("withdraw", in_class("running", lambda row, of: withdraw(row, on=DAY, reason="work", by=None))),
        *(("record_results", result(state)) for state in Enrolment.WITH_RESULT),
        ("withdraw_result", in_class("ended", lambda row, of: withdraw_result(row, reason="Sai", day=AFTER, by=None))),
    ],
)


# Rosters


def batch_at(state: str) -> ImportBatch:
    batch = rosters.read_batch(rosters.keep_file("a.xlsx", flat(DO), by=None), by=None)
    batch.state, batch.committed_at = state, ClockTime()
    batch.save()
    batch.refresh_from_db()
    return batch


def read_as_nonsense(batch: ImportBatch) -> object:
    batch.file.save("a.xlsx", ContentFile(b"no workbook"))
    return rosters.read_batch(batch, by=None)


BATCH = Machine(
    at=batch_at,
    made_by=[
        ("keep_file", lambda: rosters.keep_file("a.xlsx", flat(DO), by=None)),
        ("stage", lambda: rosters.stage(rosters.read_file("a.xlsx", flat(DO)), by=None)),
        ("import_file", lambda: rosters.import_file(rosters.read_file("a.xlsx", flat(DO)), by=None)),
    ],
    acts=[
        ("read_batch", lambda row: rosters.read_batch(row, by=None)),
        ("read_batch", read_as_nonsense),
        ("commit", lambda row: rosters.commit(row, by=None)),
        ("discard", lambda row: rosters.discard(row, by=None)),
        ("undo", lambda row: undo(row, by=None)),
    ],
)


# Plans and what they come from


def plan_at(state: str) -> TrainingPlan:
    plan = TrainingPlan.objects.create(
        year=2016, title="Kế hoạch 2016", state=state, decision_number="1", decision_date=date(2015, 12, 1)
    )
    PlanLine.objects.create(plan=plan, programme=make_programme(), seats=5)
    return plan


PLAN = Machine(
    at=plan_at,
    made_by=[("create_plan", lambda: create_plan(year=2016, title="Kế hoạch 2016", budgets={}, by=None))],
    acts=[
        ("approve_plan", lambda row: approve_plan(row, **DECISION, by=None)),
        ("delete_plan", lambda row: delete_plan(row, by=None)),
    ],
)


def amendment_at(state: str) -> PlanAmendment:
    plan = plan_at(TrainingPlan.State.APPROVED)
    papers = {"decision_number": "2", "decision_date": date(2015, 12, 20)}
    amendment = PlanAmendment.objects.create(plan=plan, number=1, reason="Thêm lớp", state=state, **papers)
    PlanLine.objects.create(plan=plan, amendment=amendment, programme=make_programme(), seats=5)
    return amendment


AMENDMENT = Machine(
    at=amendment_at,
    made_by=[("begin_amendment", lambda: begin_amendment(plan_at("approved"), reason="Thêm lớp", by=None))],
    acts=[
        ("approve_amendment", lambda row: approve_amendment(row, **DECISION, by=None)),
        ("drop_amendment", lambda row: drop_amendment(row, by=None)),
    ],
)


def submission_at(state: str) -> DistrictSubmission:
    opens, closes = DAY - timedelta(days=5), DAY + timedelta(days=5)
    deadlines = {unit_of("085").pk: closes}
    open_campaign(year=2016, title="Đợt 2016", opens_on=opens, closes_on=closes, deadlines=deadlines, by=None)
    DistrictSubmission.objects.update(state=state)
    return DistrictSubmission.objects.get()


SUBMISSION = Machine(
    at=submission_at,
    made_by=[("open_campaign", lambda: submission_at(DistrictSubmission.State.DRAFT))],
    acts=[
        ("submit", lambda row: submit(row, day=DAY, is_empty=True, by=None)),
        ("accept", lambda row: accept(row, by=None)),
        ("send_back", lambda row: send_back(row, reason="Thiếu người", day=DAY, by=None)),
    ],
)


def list_staged() -> ClassListImport:
    book, stream, official = Workbook(), BytesIO(), person()
    for row in (["STT", "Họ và tên", "Ngày sinh", "Xã"], [1, official.full_name, "", "Thị trấn Bắc Hà"]):
        book.active.append(row)
    book.save(stream)
    everybody = {"officials": Official.objects.all(), "day": DAY, "now": DAY, "criterion": criterion_of(), "by": None}
    subject = ClassListImport.Subject.NOMINATIONS
    return reading.stage(make_class(state="open"), subject, name="ds.xlsx", content=stream.getvalue(), **everybody)


def list_at(state: str) -> ClassListImport:
    staged = list_staged()
    staged.state = state
    staged.save()
    return staged


def list_written(row: ClassListImport) -> object:
    return writing.write(row, day=DAY, now=DAY, criterion=criterion_of(), officials=Official.objects.all(), by=None)


LIST = Machine(
    at=list_at,
    made_by=[("stage", list_staged)],
    acts=[("write", list_written), ("discard", lambda row: writing.discard(row, by=None))],
)

# Texts of standards


def accounts_of_province() -> list[User]:
    found = User.objects.filter(grants__role=roles.APPROVER).order_by("pk")
    return list(found) or [make_user(name, roles.PROVINCE_STAFF) for name in ("mot", "hai")]


def change_at(state: str) -> StandardChange:
    maker, _ = accounts_of_province()
    level = level_of("it", "A").pk
    rows = [changing.Altered(position_of("BT_DU").pk, dimension_of("it").pk, None, changing.Said(level, level))]
    effect = {"foretold": {"days": []}, "published": [], "criterion": "FULL"}
    facts = {"state": state, "effect": effect, "rows": [row.as_json() for row in rows], "made_by": maker}
    return StandardChange.objects.create(
        kind="amendment", standard=Standard.objects.get(code="R2004"), day=DAY, reason="Thử", **facts
    )


def moving_a_figure(change: StandardChange) -> StandardChange:
    rate = {"compliant": 1, "not_compliant": 0, "undetermined": 0, "in_transition": 0}
    after = rate | {"compliant": 0, "not_compliant": 1}
    change.effect["published"] = [{"publication": 1, "before": rate, "after": after, "moves": True}]
    change.save()
    return change


def change_prepared() -> StandardChange:
    (maker, _), rows = accounts_of_province(), map(changing.Altered.restored, change_at("done").rows)
    text = Standard.objects.get(code="R2004")
    told = {"day": DAY, "reason": "Thử", "looked_at": DAY, "until": DAY, "criterion": criterion_of(), "by": maker}
    return changing.prepare("amendment", text=text, rows=rows, **told)


CHANGE = Machine(
    at=change_at,
    made_by=[("prepare", change_prepared)],
    acts=[
        ("submit", lambda row: changing.submit(row, by=row.made_by)),
        ("submit", lambda row: changing.submit(moving_a_figure(row), by=row.made_by)),
        ("confirm", lambda row: changing.confirm(row, by=accounts_of_province()[1])),
        ("confirm", lambda row: changing.confirm(moving_a_figure(row), by=row.made_by)),
        ("reject", lambda row: changing.reject(row, answer="Sai", by=accounts_of_province()[1])),
        ("drop", lambda row: changing.drop(row, by=row.made_by)),
    ],
)

MACHINES: dict[type[Model], Machine] = {
    TrainingClass: CLASS,
    Enrolment: ENROLMENT,
    ImportBatch: BATCH,
    TrainingPlan: PLAN,
    PlanAmendment: AMENDMENT,
    DistrictSubmission: SUBMISSION,
    ClassListImport: LIST,
    StandardChange: CHANGE,
}


def drawn() -> dict[str, set[Arrow]]:
    """Model → the arrows of its picture."""
    text = (Path(project.BASE_DIR) / "docs/states.md").read_text()
    pictures = re.findall(r"^## .*?`(\w+)`$(.*?)(?=^## |\Z)", text, flags=re.M | re.S)
    return {model: set(arrows(picture)) for model, picture in pictures}


def arrows(picture: str) -> Iterator[Arrow]:
    for begin, end, names in re.findall(r"^ +(\S+) --> (\S+): (.+)$", picture, flags=re.M):
        for name in names.split(", "):
            yield begin, end, name


def tried(model: type[Model], machine: Machine) -> set[Arrow]:
    """What becomes of rows of every state under every act; each trial is taken back."""
    found = set()
    for name, make in machine.made_by:
        with transaction.atomic():
            found.add((NOTHING, state_of(model, make().pk), name))
            transaction.set_rollback(True)
    for state in model._meta.get_field("state").choices:
        with transaction.atomic():
            row = machine.at(state[0])
            for name, act in machine.acts:
                with suppress(ValidationError, rosters.BatchStateError), transaction.atomic():
                    act(deepcopy(row))
                    found.add((str(state[0]), state_of(model, row.pk), name))
                    transaction.set_rollback(True)
            transaction.set_rollback(True)
    return {(begin, end, name) for begin, end, name in found if begin != end}


def state_of(model: type[Model], key: int) -> str:
    return model._default_manager.filter(pk=key).values_list("state", flat=True).first() or NOTHING


def test_every_model_with_a_state_is_drawn_and_tried():
    with_state = {
        model
        for model in apps.get_models()
        if any(field.name == "state" for field in model._meta.fields) and model.__name__ != "EnrolmentStep"
    }
    assert {model.__name__ for model in with_state} == set(drawn()) == {model.__name__ for model in MACHINES}


@pytest.mark.parametrize("model", MACHINES, ids=lambda model: model.__name__)
def test_what_the_picture_shows_happens_and_nothing_else(model):
    assert tried(model, MACHINES[model]) == drawn()[model.__name__]
