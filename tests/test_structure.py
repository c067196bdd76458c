"""The shape of the house (design): who imports whom, nothing imported in functions, no template without a user."""

import ast
import gc
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
PROJECT = "lao_cai_training"
# Each package may import itself and these. The project package wires them together and is imported by nobody.
MAY_IMPORT = {"cadres": set(), "courses": {"cadres"}, "reports": {"cadres", "courses"}}
OURS = {PROJECT, *MAY_IMPORT}
# Folders inside a package that stand by themselves: of ours they may import themselves and these.
FOLDER_MAY_IMPORT = {
    "cadres.catalogues": {
        "cadres.models",
        "cadres.periods",
        "cadres.roster.reading",
        "cadres.roster.rows.cell_text",
        "cadres.text",
        "cadres.workbooks",
    },
    "cadres.web": {
        "cadres.access.appointments_visible_to",
        "cadres.access.names_of_scope",
        "cadres.asked_again",
        "cadres.correspondence",
        "cadres.effect",
        "cadres.history",
        "cadres.installation",
        "cadres.kept_plans",
        "cadres.models.Act",
        "cadres.models.Change",
        "cadres.models.Criterion",
        "cadres.models.Installation",
        "cadres.models.KeptForm",
        "cadres.models.SavedView",
        "cadres.models.SentForm",
        "cadres.models.UnitVersion",
        "cadres.models.User",
        "cadres.models.Visit",
        "cadres.periods",
        "cadres.places",
        "cadres.posts.nearest_day_of_data",
        "cadres.posts.year_ends_with_data",
        "cadres.text",
        "cadres.to_do.ToDo",
        "cadres.walls",
        "cadres.workbooks",
    },
}
# The steps of training in the order of the floors: each folder may import those listed, which all stand above it here.
STEPS_MAY_IMPORT = {
    "needs": set(),
    "support": set(),
    "enrolment": {"needs"},
    "planning": {"needs", "enrolment"},
    "classes": {"planning", "enrolment", "support"},
    "results": set(),
    "documents": {"planning", "support"},
    "lists": {"enrolment", "results"},
    "obligations": {"documents"},
    "transcript": {"needs", "results", "obligations"},
    "quality": {"results"},
}
# These wire the steps together or act through all of them; what else lies in courses is shared and below every step.
ABOVE_THE_STEPS = {"urls.py", "demonstration", "management"}
IN_VIEWS = re.compile(r"/views(/|\.py$)")  # a file of pages, or a folder of them

# Of a page in a browser: what waits for it to come, and what is read of whichever page is there.
WAITS = {"expect", "goto", "reload", "sign_in", "wait_for", "wait_for_url", "wait_for_load_state"}
READS_AT_ONCE = {"all", "all_inner_texts", "all_text_contents", "bounding_box", "content", "count", "evaluate"} | {
    "fits",
    "get_attribute",
    "inner_text",
    "input_value",
    "is_checked",
    "is_visible",
    "screenshot",
    "text_content",
}
SEES_THE_FOCUS = {"focus", "to_be_focused", "to"}  # `to` of a walk by Tab
MOVES_THE_FOCUS = {"click", "goto", "reload"}

TEMPLATE_WIDTH = 160  # characters of a line

SOURCES = [
    path
    for package in sorted(OURS)
    for path in sorted((ROOT / package).rglob("*.py"))
    if "migrations" not in path.parts
]


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


@cache
def _by_kind(path: Path) -> dict[type[ast.AST], list[Any]]:
    """The nodes of a source under their kinds. Each is walked once, for all tests that ask: that takes as long as to
    parse it, and most ask for a few of its nodes."""
    nodes: dict[type[ast.AST], list[Any]] = {}
    for node in ast.walk(tree_of(path)):
        nodes.setdefault(type(node), []).append(node)
    gc.freeze()  # else the collector goes through a million nodes again and again, in every test that follows
    return nodes


def nodes_of(path: Path, *kinds: type[ast.AST]) -> list[Any]:
    """The nodes of these kinds in a source."""
    return [node for kind in kinds for node in _by_kind(path).get(kind, ())]


def imports_of(path: Path) -> list[ast.Import | ast.ImportFrom]:
    return nodes_of(path, ast.Import, ast.ImportFrom)


def imported_packages(node: ast.AST) -> set[str]:
    """The top-level packages that one statement imports."""
    if isinstance(node, ast.Import):
        return {name.name.split(".")[0] for name in node.names}
    if isinstance(node, ast.ImportFrom):
        assert node.level == 0, "relative import"
        return {(node.module or "").split(".")[0]}
    return set()


def imported_names(node: ast.AST) -> set[str]:
    """What one statement imports, each with its module: "cadres.models.Criterion"."""
    if isinstance(node, ast.Import):
        return {name.name for name in node.names}
    if isinstance(node, ast.ImportFrom):
        return {f"{node.module}.{name.name}" for name in node.names}
    return set()


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_package_imports_only_what_lies_before_it(package):
    for path in (ROOT / package).rglob("*.py"):
        for node in imports_of(path):
            foreign = imported_packages(node) & OURS - {package} - MAY_IMPORT[package]
            assert not foreign, f"{path.relative_to(ROOT)}:{node.lineno} imports {foreign}"


def test_the_registry_knows_nothing_of_rosters():
    """A roster is one of the ways in; who writes does not ask what was read."""
    for path in (ROOT / "cadres/registry").rglob("*.py"):
        for node in nodes_of(path, ast.ImportFrom):
            assert not (node.module or "").startswith("cadres.roster"), f"{path.relative_to(ROOT)}:{node.lineno}"


@pytest.mark.parametrize("folder", FOLDER_MAY_IMPORT)
def test_folder_imports_only_what_lies_below_it(folder):
    allowed = {folder, *FOLDER_MAY_IMPORT[folder]}
    for path in (ROOT / folder.replace(".", "/")).rglob("*.py"):
        for node in imports_of(path):
            for name in imported_names(node):
                where = f"{path.relative_to(ROOT)}:{node.lineno} imports {name}"
                known = any(f"{name}.".startswith(f"{below}.") for below in allowed)
                assert known or name.split(".")[0] not in OURS, where


def test_each_step_of_training_lies_above_the_steps_it_imports():
    steps = list(STEPS_MAY_IMPORT)
    for step, below in STEPS_MAY_IMPORT.items():
        assert below <= set(steps[: steps.index(step)]), f"{step} would lie in a circle"


def test_a_step_of_training_imports_only_its_table_and_what_is_shared_imports_no_step():
    for path in SOURCES:
        package, place, *_ = path.relative_to(ROOT).parts
        if package != "courses" or place in ABOVE_THE_STEPS:
            continue
        others = set(STEPS_MAY_IMPORT) - {place} - STEPS_MAY_IMPORT.get(place, set())
        for node in imports_of(path):
            foreign = {
                name for name in imported_names(node) if name.startswith("courses.") and name.split(".")[1] in others
            }
            assert not foreign, f"{path.relative_to(ROOT)}:{node.lineno} imports {foreign}"


def test_every_folder_of_training_with_addresses_is_a_step():
    assert {urls.parent.name for urls in (ROOT / "courses").glob("*/urls.py")} == set(STEPS_MAY_IMPORT)


def test_pages_are_known_to_pages_and_addresses_only():
    for path in SOURCES:
        name = path.relative_to(ROOT).as_posix()
        if IN_VIEWS.search(name) or path.name in ("urls.py", "site.py"):  # the site of the admin: its sign-in is ours
            continue
        for node in imports_of(path):
            pages = {imported for imported in imported_names(node) if "views" in imported.split(".")[1:]}
            assert not pages or not imported_packages(node) & OURS, f"{name}:{node.lineno} imports {pages}"


def test_nothing_is_imported_inside_a_function():
    for path in SOURCES:
        for function in nodes_of(path, ast.FunctionDef, ast.AsyncFunctionDef):
            within = [node for node in imports_of(path) if function.lineno <= node.lineno <= function.end_lineno]
            assert not within, f"{path.relative_to(ROOT)}:{function.lineno} {function.name}"


def test_no_signals():
    for path in SOURCES:
        for node in nodes_of(path, ast.ImportFrom):
            assert node.module not in ("django.dispatch", "django.db.models.signals"), path.relative_to(ROOT)


def test_the_clock_is_read_only_where_the_day_enters():
    """In views and their working day, in commands, and where who may act is found (a matter of today)."""
    allowed = {"cadres/web/day.py", "cadres/models/users.py", "cadres/access.py", "courses/access.py"}
    for path in SOURCES:
        name = path.relative_to(ROOT).as_posix()
        if name in allowed or IN_VIEWS.search(name) or "/commands/" in name or name.startswith(PROJECT):
            continue
        for node in nodes_of(path, ast.Attribute, ast.Name):
            called = node.attr if isinstance(node, ast.Attribute) else node.id
            assert called not in ("localdate", "today"), f"{name}:{node.lineno}"


def test_what_a_page_says_is_read_only_once_it_is_there():
    """A click may lead to another page, which comes when it comes: until something of it is expected, nothing is read
    that the browser would tell of whichever page it has (playwright waits for what it acts on, not for these)."""
    for path in sorted((ROOT / "tests" / "browser").rglob("*.py")):
        for function in nodes_of(path, ast.FunctionDef):
            calls = [
                (node.end_lineno, node.end_col_offset, _called(node)) for node in ast.walk(function) if _called(node)
            ]
            clicked = False
            for line, _, name in sorted(calls):
                clicked = name == "click" or (clicked and name not in WAITS)
                assert not (clicked and name in READS_AT_ONCE), f"{path.name}:{line} {name} right after a click"
                assert name != "wait_for_function", f"{path.name}:{line} the site's policy runs no text a second time"


def test_text_is_typed_only_where_the_focus_has_been_seen():
    """A page that has come gives its first field the focus a moment later: letters typed before are lost."""
    for path in sorted((ROOT / "tests" / "browser").rglob("*.py")):
        for function in nodes_of(path, ast.FunctionDef):
            calls = [(node.end_lineno, node.end_col_offset, node) for node in ast.walk(function) if _called(node)]
            focused = False
            for line, _, node in sorted(calls, key=lambda call: call[:2]):
                name = _called(node)
                focused = name in SEES_THE_FOCUS or (focused and name not in MOVES_THE_FOCUS)
                typed = name == "type" and ast.unparse(node.func).endswith("keyboard.type")
                assert focused or not typed, f"{path.name}:{line} typed before the field is known to have the focus"


def _called(node: ast.AST) -> str:
    """The name of what is called there, if anything is."""
    if not isinstance(node, ast.Call):
        return ""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def test_every_template_is_used():
    """By name in Python or in another template; those that lie in a folder of Django's replace its own."""
    folders = [ROOT / "templates", *(ROOT / package / "templates" for package in sorted(OURS))]
    texts = [path.read_text(encoding="utf-8") for path in SOURCES]
    templates = {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for folder in folders
        for path in folder.rglob("*.html")
    }
    found_by_django = re.compile(r"^(admin/|django/|registration/|(400|403|404|500|403_csrf)\.html$)")
    for name in templates:
        if found_by_django.match(name):
            continue
        others = [text for other, text in templates.items() if other != name]
        assert any(name in text for text in texts + others), f"{name} is not used"


def test_no_empty_shells():
    """A module without anything in it is only ever a package marker."""
    for path in SOURCES:
        if path.name != "__init__.py":
            assert tree_of(path).body, path.relative_to(ROOT)


def test_no_line_of_a_template_is_too_long_to_be_read():
    for path in sorted((ROOT / "templates").rglob("*.html")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            assert len(line) <= TEMPLATE_WIDTH, f"{path.relative_to(ROOT)}:{number} has {len(line)} characters"


def test_the_filters_of_a_list_with_ticks_stand_within_its_form():
    """Where a list has ticks the button of its filters is of their form (parts/filters.html); outside it is dead."""
    for path in sorted((ROOT / "templates").rglob("*.html")):
        text = path.read_text(encoding="utf-8")
        begin, filters = text.find("parts/ticks_begin.html"), text.find('"parts/filters.html"')
        if -1 not in (begin, filters):
            assert begin < filters, f"{path.relative_to(ROOT)} shows its filters before the form of its ticks begins"
