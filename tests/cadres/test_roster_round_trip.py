"""Any province, exported and imported, stays as it is: every row unchanged, not a column of the registry touched."""

from datetime import date, timedelta
from io import BytesIO, StringIO
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from cadres import registry
from cadres.models import (
    Appointment,
    EthnicGroup,
    ImportBatch,
    Level,
    Official,
    OfficialIdentifier,
    Position,
    Qualification,
    UnitZone,
)
from cadres.periods import UNKNOWN_START, PartialDate, Precision, add_months
from cadres.roster.batch import import_file, read_file, report_of
from cadres.roster.workbook_out import roster_rows, write_csv, write_xlsx
from cadres.text import fold
from tests.conftest import unit_of

DAY = date(2021, 6, 30)  # two communes are called Thanh Bình, and the district of Sa Pa has become a town
COMMUNES = ("02866", "02839", "02779", "03022", "02635")
LEVELS = {
    "education": ("DUOI_TH", "THCS", "THPT"),
    "professional": ("CDT", "SC", "TC", "DH", "THS"),
    "political_theory": ("CHUA", "SC", "CN"),
    "state_management": ("CS", "CVCC"),
    "it": ("KHONG", "A", "TC"),
    "foreign_language": ("B", "DH"),
    "ethnic_language": ("GT", "CC"),
}
TABLES = (Official, OfficialIdentifier, Appointment, Qualification, UnitZone)
pytestmark = pytest.mark.django_db


def partial(first: date, last: date) -> st.SearchStrategy[PartialDate]:
    """A date as somebody stated it, known to the day, the month or the year."""

    def cut(day: date, precision: str) -> PartialDate:
        if precision == Precision.YEAR:
            day = day.replace(month=1)
        return PartialDate(day if precision == Precision.DAY else day.replace(day=1), precision)

    return st.builds(cut, st.dates(first, last), st.sampled_from(Precision.values))


words = st.text(st.sampled_from("aăâbcdđeêghiklmnoôơpqrstuưvxyAĐSỲáảãạ-'/&,.;()=+@0123456789 "), max_size=20).map(
    lambda text: " ".join(text.split())
)
names = st.sampled_from(
    ["Giàng A Dơ", "Vàng Thị Mỷ", "Lý Văn Hòa", "Lý Văn Hoà", "Trần Sẩn", "Trần Sần", "Tổng Văn Cộng", "Lương Sơn",
     "Lò Ông", "Cộng Hòa", "Bản Phố", "GIÀNG A DƠ", "H'Bia Niê", "Y-Bham Niê", "Bùi Nam", "Ly Nữ", "Xã Văn Huyện"]
)  # fmt: skip
religions = st.sampled_from(["", "Không", "Tin lành", "=+84", "-", "Công giáo; Phật giáo"])
fields_of_study = st.sampled_from(
    ["", "Luật", "Kế toán - kiểm toán", "TC", "Tại chức", "Sư phạm (Toán, Lý)", "ĐH Luật", "=SUM(A1)", "x", "12/12"]
)
records = st.tuples(
    st.sampled_from(sorted((dimension, code) for dimension, codes in LEVELS.items() for code in codes)),
    st.none() | partial(date(1990, 1, 1), DAY + timedelta(days=400)),
    fields_of_study | words,
    st.sampled_from(["", "Chính quy", "Tại chức", "Vừa làm vừa học", "Từ xa", "Liên kết với nước ngoài"]),
    st.sampled_from(["kept", "kept", "kept", "revoked", "error"]),
)
posts = st.tuples(st.sampled_from(["BT_DU", "CT_HDND", "VP_TK", "KCT", "DC_XD", "CHT_QS"]), st.sampled_from(COMMUNES))
people = st.fixed_dictionaries(
    {
        "name": names,
        "birth": st.none() | partial(date(1935, 1, 1), date(2000, 12, 31)),
        "sex": st.sampled_from(["", "M", "F"]),
        "group": st.sampled_from(["", "01", "08", "09"]),
        "religion": religions,
        "numbers": st.sampled_from(["", "CMND", "CCCD", "both"]),
        "unit": st.sampled_from(COMMUNES),
        "position": st.sampled_from(["BT_DU", "CT_HDND", "VP_TK", "KCT", "DC_XD"]),
        "others": st.lists(posts, max_size=2, unique=True),
        "earlier": st.none() | posts,
        "start": st.sampled_from([UNKNOWN_START, date(2012, 1, 1), date(2018, 5, 20), DAY]),
        "stated": st.none() | partial(date(1999, 1, 1), DAY),
        "records": st.lists(records, max_size=6),
        "member": st.sampled_from([None, True, False]),
        "joined": st.none() | partial(date(1960, 1, 1), DAY),
        "recruited": st.none() | partial(date(1980, 1, 1), DAY),
    }
)


def is_told_apart(province: list[dict[str, Any]]) -> bool:
    """Whether no two people are equal in all that a roster without identifiers says: those are for review."""
    keys = [
        (fold(person["name"]), person["birth"], person["sex"], person["group"], person["unit"]) for person in province
    ]
    return len(set(keys)) == len(keys)


def settle(number: int, person: dict[str, Any]) -> None:
    """Write a person into the registry the way people come into it: by hand and by the registry's functions."""
    birth, recruited = person["birth"], person["recruited"]
    joined = person["joined"] if person["member"] else None
    if birth and joined and joined.last_day < add_months(birth.first_day, 12 * 18):
        joined = None
    if birth and recruited and recruited.last_day < birth.first_day:
        recruited = None
    official = Official.objects.create(
        full_name=person["name"],
        sex=person["sex"],
        birth_date=birth and birth.first_day,
        birth_precision=birth.precision if birth else "",
        ethnic_group=EthnicGroup.objects.filter(code=person["group"]).first(),
        religion=person["religion"],
        is_party_member=person["member"],
        party_joined_on=joined and joined.first_day,
        party_joined_precision=joined.precision if joined else "",
        recruited_on=recruited and recruited.first_day,
        recruited_precision=recruited.precision if recruited else "",
    )
    ends = date(2016, 12, 31) if person["numbers"] == "both" else None
    if person["numbers"] in ("CMND", "both"):
        official.identifiers.create(kind="CMND", number=f"06{number:07d}", end_date=ends)
    if person["numbers"] in ("CCCD", "both"):
        start = date(2017, 1, 1) if ends else UNKNOWN_START
        official.identifiers.create(kind="CCCD", number=f"010{number:09d}", start_date=start)
    _settle_posts(official, person)
    for (dimension, code), stated, field_of_study, study_mode, fate in person["records"]:
        awarded = None if birth and stated and stated.last_day < birth.first_day else stated
        level = Level.objects.get(dimension__code=dimension, code=code)
        is_degree = dimension == "professional" and level.rank > 0
        record = registry.record_qualification(
            official, level, as_of=DAY - timedelta(days=90), by=None, awarded=awarded,
            field_of_study=field_of_study if is_degree else "", study_mode=study_mode if is_degree else "",
        )  # fmt: skip
        if fate == "revoked" and record.start_date < DAY:
            registry.revoke(record, on=DAY, reason="thử", by=None)
        elif fate == "error":
            registry.correct_as_error(record, reason="thử", by=None)


def _settle_posts(official: Official, person: dict[str, Any]) -> None:
    def appoint(
        code: str, unit: str, start: date, *, is_primary: bool, stated: PartialDate | None = None
    ) -> Appointment:
        position = Position.objects.get(code=code)
        return registry.appoint(
            official, position, unit_of(unit, DAY), start_date=start, stated=stated, is_primary=is_primary, by=None
        )

    if person["earlier"] and person["start"] > date(2012, 1, 1):
        code, unit = person["earlier"]
        earlier = appoint(code, unit, date(2011, 1, 1), is_primary=True)
        day = person["start"] - timedelta(days=1)
        registry.end_appointment(earlier, end_date=day, reason=Appointment.EndReason.TRANSFERRED, by=None)
    birth, stated = person["birth"], person["stated"]
    if birth and stated and stated.last_day < birth.first_day:
        stated = None
    appoint(person["position"], person["unit"], person["start"], is_primary=True, stated=stated)
    for code, unit in person["others"]:
        if (code, unit) != (person["position"], person["unit"]) and (code, unit) != person["earlier"]:
            appoint(code, unit, date(2012, 1, 1), is_primary=False)


def snapshot() -> dict[str, Any]:
    """Every table an import may touch."""
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in TABLES}


def exports() -> dict[str, bytes]:
    rows = list(roster_rows(DAY, Appointment.objects.all()))
    workbook, text = BytesIO(), StringIO(newline="")
    write_xlsx(rows, DAY, workbook)
    write_csv(rows, text)
    return {"a.xlsx": workbook.getvalue(), "a.csv": text.getvalue().encode("utf-8-sig")}


# Not shrunk: a province takes a second, and the shortest one would take minutes to find.
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[phase for phase in Phase if phase not in (Phase.shrink, Phase.explain)],
)
@given(
    province=st.lists(people, min_size=1, max_size=8),
    zones=st.dictionaries(st.sampled_from(COMMUNES), st.integers(1, 3)),
)
def test_any_province_comes_back_unchanged(province, zones, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    assume(is_told_apart(province))
    for model in (ImportBatch, UnitZone, Official):
        model.objects.all().delete()
    for code, zone in zones.items():
        UnitZone.objects.create(unit=unit_of(code, DAY), zone=zone)
    for number, person in enumerate(province):
        settle(number, person)
    before = snapshot()
    for name, content in exports().items():
        result = report_of(import_file(read_file(name, content, as_of=DAY), by=None))
        # The numbers are invented without regard to sex and birth.
        remarks = [issue for issue in result["issues"] if issue["severity"] != "info"]
        strange = [issue for issue in remarks if issue["code"] != "identifier_mismatch"]
        assert (result["rows"], result["unchanged"], result["missing"], strange) == (
            len(province),
            len(province),
            0,
            [],
        )
        assert snapshot() == before
