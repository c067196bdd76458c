"""Decisions (docs/decisions/), held as imports are: who writes the registry, and where dates are compared."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.apps import apps
from django.contrib import admin

from cadres.admin.registry import ReadOnly
from cadres.models import Appointment, Official, OfficialIdentifier, Qualification, Waiver
from tests.test_structure import ROOT, SOURCES, nodes_of

# What is known of people. Units, their zones and days of data are kept in the admin, as catalogues are.
REGISTRY_TABLES = (Official, OfficialIdentifier, Appointment, Qualification, Waiver)


NAMED = {path.relative_to(ROOT).as_posix(): path for path in SOURCES}


def lies_in(node: ast.expr, definition: ast.FunctionDef | ast.ClassDef) -> bool:
    return definition.lineno <= node.lineno <= (definition.end_lineno or 0)


# ---------------------------------------------------------------- who writes

WRITES = {"save", "delete", "update", "create", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}
BULK_WRITES = {"insert_rows", "update_rows"}
WRITING_SQL = re.compile(
    f'(INSERT INTO|UPDATE|DELETE FROM) "?({"|".join(table._meta.db_table for table in REGISTRY_TABLES)})'
)


@cache
def relations() -> dict[str, bool]:
    """Each name by which a row of ours is asked for others → whether those are rows of the registry."""
    leads: dict[str, bool] = {}
    for field in (field for model in apps.get_models() for field in model._meta.get_fields() if field.related_model):
        name = field.get_accessor_name() if field.auto_created and not field.concrete else field.name
        leads[name] = leads.get(name, False) or field.related_model in REGISTRY_TABLES
    return leads


@cache
def tables() -> set[str]:
    """The names of the registry's models, and of the forms over one of them."""
    names = {table.__name__ for table in REGISTRY_TABLES} | {"registry"}
    for path in SOURCES:
        for form in nodes_of(path, ast.ClassDef):
            meta = [line for part in form.body if isinstance(part, ast.ClassDef) for line in part.body]
            models = [line.value for line in meta if isinstance(line, ast.Assign) and line.targets[0].id == "model"]
            if any(isinstance(base, ast.Name) and base.id in names for base in (*form.bases, *models)):
                names.add(form.name)
    return names


def is_of_registry(node: ast.AST | None, names: set[str]) -> bool:
    """Whether an expression stands for rows of the registry: it begins at such a table or name (those that `names`
    holds, or the house's own for them) and no relation leads it away, or a relation leads it there."""
    match node:
        case ast.Name(id=name):
            return name in names or name in tables() or relations().get(name, False)
        case ast.Attribute(value=value, attr=attr):
            return relations().get(attr, is_of_registry(value, names))
        case ast.Call(func=ast.Name() as function, args=arguments):
            return any(is_of_registry(part, names) for part in (function, *arguments))
        case ast.Call(func=value) | ast.Subscript(value=value):
            return is_of_registry(value, names)
    return False


def names_of_rows(function: ast.AST) -> set[str]:
    """The names that a function gives to rows of the registry: by annotation, by assignment, in a loop."""
    names: set[str] = set()
    for _ in range(2):  # a name may be used above the line that tells what it is
        for node in ast.walk(function):
            match node:
                case ast.arg(arg=name, annotation=kind) if kind and any(
                    isinstance(part, ast.Name) and part.id in tables() for part in ast.walk(kind)
                ):
                    names.add(name)
                case (
                    ast.Assign(targets=[target], value=value)
                    | ast.AnnAssign(target=target, value=value)
                    | ast.NamedExpr(target=target, value=value)
                    | ast.For(target=target, iter=value)
                    | ast.comprehension(target=target, iter=value)
                ) if is_of_registry(value, names):
                    names |= {part.id for part in ast.walk(target) if isinstance(part, ast.Name)}
    return names


def writes_of_registry(path: Path) -> Iterator[ast.AST]:
    writing = [node for node in nodes_of(path, ast.Attribute, ast.Call, ast.Constant) if may_write(node)]
    known: list[tuple[list[ast.expr], set[str]]] = [(writing, set())]
    for function in nodes_of(path, ast.FunctionDef):
        if within := [node for node in writing if lies_in(node, function)]:
            known.append((within, names_of_rows(function)))
    for nodes, names in known:
        for node in nodes:
            match node:
                case ast.Attribute(value=value) if is_of_registry(value, names):
                    yield node
                case ast.Call(args=[table, *_]) if is_of_registry(table, names):
                    yield node
                case ast.Constant():
                    yield node


def may_write(node: ast.AST) -> bool:
    """Whether it writes, should what it works on be rows of the registry; SQL names its table."""
    match node:
        case ast.Attribute(attr=attr):
            return attr in WRITES
        case ast.Call(func=ast.Name(id=name), args=[_, *_]):
            return name in BULK_WRITES
        case ast.Constant(value=str(text)):
            return WRITING_SQL.search(text) is not None
    return False


def test_nobody_but_the_registry_writes_what_is_known_of_people():
    found = {
        name: sorted({f"{node.lineno}: {ast.unparse(node)}"[:160] for node in writes_of_registry(path)})
        for name, path in NAMED.items()
        if not name.startswith("cadres/registry/")
    }
    for name, writes in found.items():
        assert not writes, f"{name} writes past cadres/registry: {writes}"


def test_the_admin_only_shows_what_is_known_of_people():
    for shown in admin.site._registry.values():
        for part in (shown, *(inline(shown.model, admin.site) for inline in shown.inlines)):
            assert part.model not in REGISTRY_TABLES or isinstance(part, ReadOnly), part


# ---------------------------------------------------------------- who answers for a change

PACKAGES_OF_RULES = re.compile(r"(cadres/(registry|roster)|courses)/(?!.*(views|demonstration))")
SIGNED = {"signed", "correction", "merging"}  # the decorators of cadres.history that leave the name
# `by` asks whose units count, or which account a process is begun for; nothing is changed.
ASKS = {"asked_by", "begin", "compared", "needs_by", "own_appointments", "read_file", "of_accounts"}


def test_whoever_is_given_as_by_stands_in_the_history():
    """A function of the registry or of training that takes `by` is signed, names an act of its own, or hands it on."""
    forgetting = []
    for name, path in NAMED.items():
        for function in nodes_of(path, ast.FunctionDef) if PACKAGES_OF_RULES.match(name) else []:
            arguments = {argument.arg for argument in (*function.args.args, *function.args.kwonlyargs)}
            if "by" not in arguments or function.name in ASKS or function.name.startswith("_"):
                continue
            is_signed = any(isinstance(one, ast.Name) and one.id in SIGNED for one in function.decorator_list)
            calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
            hands_on = any(keyword.arg == "by" for call in calls for keyword in call.keywords)
            if not (is_signed or hands_on):
                forgetting.append(f"{name}: {function.name}")
    assert not forgetting


# ---------------------------------------------------------------- where dates are compared

# Beside cadres/periods.py. The days of a class are when it is held, no period in which something is true: its rules
# compare them with the day on which something is done.
CLASS_DATES = """
courses/classes/funding.py _settle
courses/classes/sessions.py save_session propose_sessions
courses/classes/states.py start_class end_class
courses/classes/views/selection.py _of_any_state
courses/demonstration/checks.py turns figures
courses/demonstration/present.py _hold_sessions_of_the_latest _approve_plan_of_2015 _bind_to_serve _reward_and_remind
courses/enrolment/corrections.py correct_decision
courses/enrolment/nomination.py decide
courses/enrolment/rules.py _has_done_it
courses/enrolment/views/people.py of_any_state
courses/models/classes.py Meta going_on
courses/quality/views/feedback.py rows
courses/modules.py is_part
courses/under_way.py _near
courses/results/certificates.py check_day
courses/to_do.py _to_start _past_their_end
reports/training.py _ended
reports/forecast/passing.py pass_history
"""
# verdict.sql says {x in force}; this spells it out.
SPELT_OUT = "cadres/evaluation.py _page"

DATE = "(start_date|end_date)"
LOOKUP = re.compile(f"(^|__){DATE}__(lt|lte|gt|gte|range|year)(__|$)")
COMPARED_IN_SQL = re.compile(f'{DATE}"? *([<>]|BETWEEN)|([<>]=?|AND) *[\\w."]*{DATE}')


def comparisons_of_dates(path: Path) -> Iterator[ast.expr]:
    """Where dates of rows are compared: by an operator, by a look-up of the ORM, in SQL."""
    for node in nodes_of(path, ast.Compare, ast.keyword, ast.Constant):
        match node:
            case ast.Compare(ops=operators):
                texts = [part.attr for part in ast.walk(node) if isinstance(part, ast.Attribute)]
                texts += [part.value for part in ast.walk(node) if isinstance(part, ast.Constant)]
                is_order = any(isinstance(operator, ast.Lt | ast.LtE | ast.Gt | ast.GtE) for operator in operators)
                if is_order and {"start_date", "end_date"} & set(texts):
                    yield node
            case ast.keyword(arg=str(text), value=value) if LOOKUP.search(text):
                yield value
            case ast.Constant(value=str(text)) if LOOKUP.search(text) or COMPARED_IN_SQL.search(text):
                yield node


def test_dates_are_compared_in_periods_alone():
    found: dict[str, list[str]] = {}
    for name, path in NAMED.items():
        definitions = nodes_of(path, ast.FunctionDef, ast.ClassDef)
        for node in comparisons_of_dates(path):
            around = [one for one in definitions if lies_in(node, one)]
            innermost = max(around, key=lambda one: one.lineno).name if around else ""
            found.setdefault(f"{name} {innermost}", []).append(f"{node.lineno}: {ast.unparse(node)}")
    listed = {f"{file} {name}" for file, *names in map(str.split, CLASS_DATES.split("\n")[1:-1]) for name in names}
    listed.add(SPELT_OUT)
    for place, comparisons in found.items():
        assert place.startswith("cadres/periods.py") or place in listed, f"{place} compares dates: {comparisons}"
    assert listed - found.keys() == set(), "no longer: take it from the list"
