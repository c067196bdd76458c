"""The next change of law, carried out by an officer of Sở on the pages and by nobody else: docs/change-of-law.md.

An invented decree for civil servants, from 1/7/2027: two requirements change, a dimension is added, who was in post has
two years, and one post bears another name. In Xã Bắc Hà, all with THPT and DH, and by each text:

| name         | post                  | political, state | 30/6/2027 | 1/7/2027                            |
|--------------|-----------------------|------------------|-----------|-------------------------------------|
| Lý A Sử      | Bí thư Đảng ủy        | CC, CVC          | compliant | compliant: a cadre, of another text |
| Má Thị Hoa   | Chủ tịch UBND         | CC, CV           | not       | not                                 |
| Vàng Văn Mai | Trưởng phòng Kinh tế  | TC, CV           | compliant | not: CC is asked; has two years     |
| Hoàng Thị Tá | Chuyên viên tài chính |                  | compliant | open: no record of the new one      |
| Giàng A Páo  | Chuyên viên nội vụ    | –, CV            | compliant | compliant: CV is asked now          |
"""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from cadres.models import Appointment, Official, Position, Requirement, Standard, StandardChange, User
from reports.rates import BY, rate_on, rates_by
from tests.builders import (
    begin_data,
    criterion_of,
    dimension_of,
    it_is,
    level_of,
    make_appointment,
    make_official,
    make_qualification,
    position_of,
)
from tests.conftest import client_of, unit_of
from tests.forms import form_on, forms_of
from tests.reports.pages import read, text_of

pytestmark = pytest.mark.django_db

FIRST = date(2027, 7, 1)
LAST = FIRST - timedelta(days=1)
TIME_ENDS = date(2029, 6, 30)
ON = f"?ngay={FIRST}"

PEOPLE = (
    ("Lý A Sử", "BT_DU", {"political_theory": "CC", "state_management": "CVC"}),
    ("Má Thị Hoa", "CT_UBND", {"political_theory": "CC", "state_management": "CV"}),
    ("Vàng Văn Mai", "TP_KT", {"political_theory": "TC", "state_management": "CV"}),
    ("Hoàng Thị Tá", "CV_TC", {}),
    ("Giàng A Páo", "CV_NV", {"state_management": "CV"}),
)


@pytest.fixture
def people() -> dict[str, Official]:
    it_is(date(2027, 5, 15))
    commune = unit_of("02839", FIRST)
    begin_data(commune, date(2026, 12, 31))
    found = {}
    for name, position, levels in PEOPLE:
        found[name] = make_official(name)
        make_appointment(found[name], position_of(position), commune, start_date=date(2026, 1, 1))
        for dimension, level in ({"education": "THPT", "professional": "DH"} | levels).items():
            make_qualification(found[name], dimension, level)
    return found


def everything(day: date) -> dict[str, Any]:
    return {by: rates_by(by, day=day, criterion=criterion_of("FULL")) for by in BY}


def counts(day: date) -> tuple[int, int, int, int]:
    rate = rate_on(day, criterion=criterion_of("FULL"))
    return rate.compliant, rate.not_compliant, rate.undetermined, rate.in_transition


def shown(response: Any) -> str:
    assert response.status_code == 200
    return text_of(response.content.decode())


def asked(position: str, dimension: str, level: str, article: str) -> dict[str, Any]:
    """What is typed into a cell of the grid."""
    key = f"{position_of(position).pk}-{dimension_of(dimension).pk}"
    return {f"muc-{key}": level_of(dimension, level).pk, f"giam-{key}": "", f"dieu-{key}": article}


def rename_the_post(client: Client) -> None:
    """The old one ends, the new one begins; who holds it goes on in the new one."""
    old = position_of("TP_KT")
    form = form_on(client, reverse("admin:cadres_position_change", args=[old.pk]) + ON, "title")
    answer = form.send({"end_date": f"{LAST:%d/%m/%Y}"})
    if answer.status_code == 200:  # it moves a verdict, so what it does is shown first
        assert "Chưa ghi gì" in shown(answer)
        assert type(form).of(answer, form).send().status_code == 302
    form = form_on(client, reverse("admin:cadres_position_add") + ON, "title")
    new = {
        "code": "TP_KTDT", "order": "22", "group": "civil_servant", "subgroup": "head", "holders": "1",
        "title": "Trưởng phòng Kinh tế và Đầu tư", "start_date": f"{FIRST:%d/%m/%Y}",
    }  # fmt: skip
    assert form.send(new).status_code == 302
    page = reverse("cadres:post-mapping") + f"?tu_ngay={FIRST}&moi_TP_KT=TP_KTDT&van_ban=NĐ 99/2027"
    answer = client.get(page)
    assert "Vàng Văn Mai" in shown(answer)
    (form,) = [form for form in forms_of(client, page, answer) if "da_xem" in form.fields]
    assert "Đã chuyển 1 chức danh từ ngày 01/07/2027" in shown(client.post(page, form.filled(), follow=True))


def test_an_officer_carries_out_a_decree_without_a_programmer(people: dict[str, Official], province_staff: User):
    client = client_of(province_staff)
    before = everything(LAST)
    assert counts(LAST) == counts(FIRST) == (4, 1, 0, 0)

    # 1. a dimension that no text has asked for
    address = reverse("cadres:dimension-add")
    typed = {"name": "Kỹ năng số", "code": "digital", "levels": "CB: Cơ bản\nNC: Nâng cao"}
    assert "Kỹ năng số" in shown(client.post(address, form_on(client, address).filled(**typed), follow=True))

    # 2. a post under another name
    rename_the_post(client)
    post = Appointment.objects.as_of(FIRST).get(official=people["Vàng Văn Mai"])
    assert (post.position.code, post.carried_from.position.code) == ("TP_KTDT", "TP_KT")  # type: ignore[union-attr]

    # 3. the text: a copy of the one in force, with what the decree says otherwise
    old = Standard.objects.get(code="R2025_CC")
    address = reverse("cadres:standard-copy", args=[old.pk]) + f"{ON}&mat=digital"
    form = form_on(client, address, "reason")
    assert len([name for name in form.fields if name.startswith("muc-")]) > 38 * 4  # the new post has its row
    decree = {
        "code": "R2027_CC", "name": "Nghị định 99/2027/NĐ-CP (công chức)", "legal_basis": "NĐ 99/2027/NĐ-CP",
        "start_date": f"{FIRST:%d/%m/%Y}", "end_date": "", "transition_until": f"{TIME_ENDS:%d/%m/%Y}",
        "reason": "Nghị định mới", "table": None,
    }  # fmt: skip
    said = asked("CV_NV", "state_management", "CV", "Điều 9")
    said |= asked("CV_TC", "digital", "CB", "Điều 12")
    for dimension, level in (("education", "THPT"), ("professional", "DH"), ("political_theory", "CC")):
        said |= asked("TP_KTDT", dimension, level, "Điều 7")
    said |= asked("TP_KTDT", "state_management", "CV", "Điều 7")
    response = client.post(address, form.filled(**decree, **said), follow=True)

    # 4. what if: on screen, and nowhere else
    told = shown(response)
    assert "Ngày 01/07/2027" in told
    assert "75,0 % → 40,0 %" in told  # 3 of 4 → 2 of 5
    for name in ("Vàng Văn Mai", "Hoàng Thị Tá"):
        assert name in told
    for name in ("Lý A Sử", "Giàng A Páo"):
        assert name not in told
    assert counts(FIRST) == (3, 1, 0, 0)  # under its new name the post is asked nothing yet
    assert not Standard.objects.filter(code="R2027_CC").exists()

    # 5. done
    change = StandardChange.objects.get()
    address = reverse("cadres:standard-change", args=[change.pk])
    done = client.post(address, form_on(client, address).filled(viec="thuc_hien"), follow=True)
    assert "Đã thực hiện" in shown(done)
    assert counts(FIRST) == (2, 2, 1, 1)
    assert everything(LAST) == before

    # 6. who was in post has two years, and not a day more
    assert counts(TIME_ENDS)[3] == 1
    assert counts(TIME_ENDS + timedelta(days=1))[3] == 0
    new = Standard.objects.get(code="R2027_CC")
    old.refresh_from_db()
    assert (old.end_date, new.transition_until) == (LAST, TIME_ENDS)

    # 7. the pages speak of it
    home = text_of(read(client, "/" + ON))
    assert "40,0 %" in home
    assert "chưa được đối chiếu với nguyên văn" in home
    own = text_of(read(client, reverse("cadres:official-detail", args=[people["Hoàng Thị Tá"].pk]) + ON))
    assert "Kỹ năng số" in own
    assert "Điều 12" in own
    then = text_of(read(client, reverse("reports:rates") + f"?ngay={LAST}&theo=position"))
    now = text_of(read(client, reverse("reports:rates") + f"{ON}&theo=position"))
    assert ("Kinh tế và Đầu tư" in then, "Kinh tế và Đầu tư" in now) == (False, True)
    assert not re.search(r"Trưởng phòng Kinh tế(?! và)", now.split("Theo chức danh")[1])
    # the table of an installation that has its own text stays
    assert Requirement.objects.filter(standard=old).count() == 80
    assert Position.objects.as_of(FIRST).filter(code="TP_KT").count() == 0
