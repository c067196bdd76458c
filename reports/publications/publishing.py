"""How a figure is published: the list is copied by one statement, the groups are counted from that copy.

So figure, groups and list agree, whoever writes meanwhile. What it said then is kept in the row itself, in the words of
its day (cadres/models/publications.py).
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Count, F, OuterRef, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Coalesce

from cadres.bulk import insert_rows, reserve_keys
from cadres.evaluation import Rulebook, counted_dimensions, judged, with_age_band
from cadres.history import signed
from cadres.models import (
    Appointment,
    Criterion,
    EthnicGroup,
    JudgedPost,
    Publication,
    PublicationWithdrawal,
    PublishedGroup,
    PublishedPost,
    Requirement,
    Standard,
    Unit,
    User,
)
from cadres.posts import left_behind, units_below
from cadres.rate import COUNTS, NOBODY, Rate, rate_of
from reports.rates import DIMENSION, GROUPINGS, GroupRate, by_dimension, units_described

PROVINCE = "Toàn tỉnh"

# Column of the copy → where a judged post has it.
COPIED: dict[str, Any] = {
    "official_id": F("official_id"),
    **{
        name: F(f"official__{name}")
        for name in ("full_name", "folded_name", "name_order", "sex", "birth_date", "birth_precision")
    },
    "ethnic_code": Coalesce(F("official__ethnic_group__code"), Value(""), output_field=TextField()),
    "age_band": F("age_band"),
    "position_code": F("position__code"),
    "position_title": F("position__title"),
    "position_order": F("position__order"),
    "position_group": F("position__group"),
    **{name: F(name) for name in ("unit_id", "commune_code", "commune_name", "district_id")},
    **{name: Coalesce(F(name), Value(""), output_field=TextField()) for name in ("district_code", "district_name")},
    **{name: F(name) for name in ("zone", "is_relaxed", *PublishedPost.SETS, "verdict", "is_in_transition")},
}

# Grouping that a figure is published by → the columns of the copy that describe a group, as GROUPINGS has them for a
# judged post.
GROUPED: dict[str, dict[str, Any]] = {
    "district": {"unit_id": F("district_id")},
    "commune": {"unit_id": F("unit_id")},
    "zone": {"code": F("zone")},
    "position": {"order": F("position_order"), "code": F("position_code"), "name": F("position_title")},
    "group": {"code": F("position_group")},
    "sex": {"code": F("sex")},
    "ethnic": {
        "code": F("ethnic_code"),
        "name": Subquery(EthnicGroup.objects.filter(code=OuterRef("ethnic_code")).values("name")),
    },
    "age": {"code": F("age_band")},
}
PUBLISHED_BY = (*GROUPED, DIMENSION)


def scope_of(unit: Unit | None, day: date) -> QuerySet[Appointment]:
    """The posts of which a figure of the unit (None: of the province) speaks."""
    posts = Appointment.objects.all()
    return posts if unit is None else posts.filter(unit__in=units_below(unit, day))


def refuse(
    *,
    day: date,
    criterion: Criterion,
    unit: Unit | None,
    standards: Sequence[Standard],
    on: date,
    rulebook: Rulebook,
) -> None:
    """Raise ValidationError where such a figure cannot be published, whatever it is.

    A day to come, a unit that is not there on the day, two standards for one group, or one that is published already.
    """
    if day > on:
        raise ValidationError({"day": f"Ngày {day:%d/%m/%Y} chưa tới: chỉ công bố số liệu của ngày đã qua."})
    if unit is not None and unit.version_on(day) is None:
        raise ValidationError({"unit": f"{unit} không có vào ngày {day:%d/%m/%Y}. Hãy chọn đơn vị khác."})
    try:
        rulebook.standards_on(day, standards)
    except ValueError as error:
        raise ValidationError({"standards": str(error)}) from error
    before = Publication.objects.in_effect().filter(unit=unit, day=day, criterion=criterion).first()
    if before is not None:
        raise ValidationError(
            f"{before} theo tiêu chí “{criterion}” đã được công bố ({before.decision}). "
            "Muốn công bố lại, hãy thu hồi số liệu đó trước."
        )


@signed
def publish(
    *,
    day: date,
    criterion: Criterion,
    unit: Unit | None = None,
    standards: Sequence[Standard] = (),
    decision: str,
    decided_on: date | None = None,
    on: date,
    by: User | None,
) -> Publication:
    """Freeze the figure of the day, of the unit or the whole province, with the list and the words behind it.

    `standards` are named in the place of those in force. A bounded number of queries, whatever the number of people.
    Raises ValidationError for what `refuse` refuses, without a decision, and where nobody is in the total.
    """
    decision = " ".join(decision.split())
    if not decision:
        raise ValidationError({"decision": "Hãy ghi số quyết định (văn bản) công bố."})
    if decided_on and decided_on > on:
        raise ValidationError({"decided_on": f"Ngày quyết định {decided_on:%d/%m/%Y} chưa tới."})
    rulebook = Rulebook.load()
    refuse(day=day, criterion=criterion, unit=unit, standards=standards, on=on, rulebook=rulebook)
    moment, txid, snapshot = _now()
    appointments = scope_of(unit, day)
    (key,) = reserve_keys(Publication, 1)
    posts = judged(
        day, criterion=criterion, standards=standards, appointments=appointments, rulebook=rulebook, everybody=True
    )
    _copy(posts, key, day)
    copied = PublishedPost.objects.filter(publication=key)
    figure = sum(counts(copied).values(), NOBODY)
    if not figure.total:
        raise ValidationError({"day": _why_nobody(appointments, day)})
    _write_groups(copied, key, day, criterion=criterion, standards=standards, rulebook=rulebook)
    version = unit.version_on(day) if unit else None
    publication = Publication(
        pk=key,
        day=day,
        unit=unit,
        scope_code=version.code if version else "",
        scope_name=version.name if version else PROVINCE,
        criterion=criterion,
        edition=1 + PublicationWithdrawal.objects.filter(
            publication__unit=unit, publication__day=day, publication__criterion=criterion
        ).count(),
        decision=decision,
        decided_on=decided_on,
        left_behind=left_behind(day, appointments).count(),
        definition=definition(day, criterion, standards, rulebook),
        published_at=moment,
        txid=txid,
        snapshot=snapshot,
        by=by,
        **vars(figure),
    )  # fmt: skip
    publication.save(force_insert=True)
    return publication


@signed
def withdraw(publication: Publication, *, reason: str, by: User | None) -> PublicationWithdrawal:
    """Say that a published figure no longer counts. Raises ValidationError without a reason, and the second time."""
    reason = " ".join(reason.split())
    if not reason:
        raise ValidationError({"reason": "Hãy ghi lý do thu hồi."})
    if PublicationWithdrawal.objects.filter(publication=publication).exists():
        raise ValidationError("Số liệu này đã được thu hồi rồi.")
    return PublicationWithdrawal.objects.create(publication=publication, reason=reason, by=by)


def counts(posts: QuerySet[PublishedPost], **columns: Any) -> dict[tuple[Any, ...], Rate]:
    """The rate of each combination of values of the columns among the posts of a published list; of none: of all."""
    rows: Any = posts.order_by().values(**columns) if columns else posts.order_by()
    rates: dict[tuple[Any, ...], Rate] = {}
    for *values, is_in_transition, verdict, officials in (
        rows.values_list(*columns, "is_in_transition", "verdict").annotate(officials=Count("pk"))
    ):  # fmt: skip
        rates[*values,] = rates.get((*values,), NOBODY) + rate_of(officials, verdict, is_in_transition)
    return rates


def _now() -> tuple[datetime, int, str]:
    """The moment by the clock of the database, this transaction, and which had ended by then."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp(), txid_current(), txid_current_snapshot()::text")
        return cursor.fetchone()


def _copy(posts: QuerySet[JudgedPost], publication: int, day: date) -> None:
    """Write the list of who is in the total, in one statement."""
    told: Any = with_age_band(posts, day).filter(verdict__isnull=False).order_by("official_id")
    columns = {"publication_id": Value(publication), **COPIED}
    aliases = {f"copied_{name}": expression for name, expression in columns.items()}
    statement, parameters = told.annotate(**aliases).values_list(*aliases).query.sql_with_params()
    names = ", ".join(connection.ops.quote_name(name) for name in columns)
    table = connection.ops.quote_name(PublishedPost._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {table} ({names}) {statement}", parameters)


def _why_nobody(appointments: QuerySet[Appointment], day: date) -> str:
    return (
        f"Ngày {day:%d/%m/%Y} chưa có số liệu trong phạm vi này: chưa có danh sách nào tính đến ngày đó, "
        "hoặc chưa có văn bản tiêu chuẩn áp dụng. Hãy chọn ngày khác."
    )


def _write_groups(
    posts: QuerySet[PublishedPost],
    publication: int,
    day: date,
    *,
    criterion: Criterion,
    standards: Sequence[Standard],
    rulebook: Rulebook,
) -> None:
    groups = {by: _groups(posts, by, day) for by in GROUPED}
    asked = rulebook.dimensions_asked(day, standards)
    by_kind = by_dimension(posts, counted_dimensions(criterion, asked), rulebook.level_sets(day, standards))
    groups[DIMENSION] = [GroupRate(item.code, item.name, rate=rate) for item, rate in by_kind.items()]
    told = ("code", "name", "above", "valid_from", "unit_id")
    insert_rows(
        PublishedGroup,
        ("publication_id", "grouping", "place", *told, *COUNTS),
        [
            (
                publication,
                by,
                place,
                *(getattr(group, name) for name in told),
                *(getattr(group.rate, name) for name in COUNTS),
            )
            for by, found in groups.items()
            for place, group in enumerate(found)
        ],
    )


def _groups(posts: QuerySet[PublishedPost], by: str, day: date) -> list[GroupRate]:
    """The groups of the list, named as on the day, in the order in which they are shown."""
    grouping, columns = GROUPINGS[by], GROUPED[by]
    found = counts(posts, **{f"by_{name}": expression for name, expression in columns.items()})
    parts = [(dict(zip(columns, values, strict=True)), rate) for values, rate in found.items()]
    units = units_described({part["unit_id"] for part, _ in parts if "unit_id" in part}, day)
    told = [(units.get(part["unit_id"], {"code": None}) if "unit_id" in part else part, rate) for part, rate in parts]
    told.sort(key=lambda one: grouping.place(one[0]))
    return [GroupRate(**vars(grouping.group(row)), rate=rate) for row, rate in told]


def definition(day: date, criterion: Criterion, standards: Sequence[Standard], rulebook: Rulebook) -> dict[str, Any]:
    """The words by which a figure of the day is computed, as Publication.definition has them."""
    judging = rulebook.standards_on(day, standards)
    asked = rulebook.dimensions_asked(day, standards)
    counted = counted_dimensions(criterion, asked)
    codes = {dimension.pk: dimension.code for dimension in asked}
    local = rulebook.local_rules_on(day, judging.values())
    texts = [*judging.values(), *local.values()]
    requirements = Requirement.objects.as_of(day).filter(
        standard__in=texts, position__group=F("standard__position_group")
    )
    articles: dict[str, dict[str, str]] = {}
    unchecked = 0
    # What a local rule says stands in the place of what its standard says.
    for row in requirements.select_related("standard", "position").order_by(F("standard__over").asc(nulls_first=True)):
        articles.setdefault(row.position.code, {})[codes[row.dimension_id]] = row.article or row.standard.legal_basis
        unchecked += row.checked_at is None
    return {
        "criterion": {"code": criterion.code, "name": criterion.name, "definition": criterion.definition},
        "standards": [
            {
                "id": standard.pk,
                "code": standard.code,
                "name": standard.name,
                "legal_basis": standard.legal_basis,
                "group": group,
                "start_date": standard.start_date.isoformat(),
                "end_date": standard.end_date and standard.end_date.isoformat(),
                "transition_until": standard.transition_until and standard.transition_until.isoformat(),
                "is_named": standard in standards,
            }
            for group, standard in sorted(judging.items())
        ],
        "dimensions": [{"code": item.code, "name": item.name, "is_counted": item in counted} for item in asked],
        "levels": [
            [codes[level.dimension_id], level.code, level.name] for level in rulebook.level_sets(day, standards).levels
        ],
        "articles": articles,
        "local_rules": [
            {"id": rules.pk, "name": rules.name, "legal_basis": rules.legal_basis, "over": over}
            for over, rules in sorted(local.items())
        ],
        "unchecked": unchecked,
    }
