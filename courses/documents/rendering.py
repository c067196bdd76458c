"""A Word template and the words that go into it, made one document.

    python -m courses.documents.rendering MEGABYTES SECONDS < question > answer

A template is a program. One that somebody has uploaded is run in a process of its own with a limit of memory and of
time, in a sandbox, and is given nothing but text and lists: neither Django nor the database is there. The product's own
are run on the spot. Nothing here imports Django, so that the process starts quickly.

The question is JSON: the template (base64) and one or more sets of words. The answer is a line of JSON (Answer without
the document), then the document made of the first set.
"""

import base64
import io
import json
import re
import resource
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from docx import Document
from docx.oxml.ns import qn
from docx.text.parfmt import ParagraphFormat
from docxtpl import DocxTemplate
from jinja2 import Undefined, nodes
from jinja2.defaults import DEFAULT_FILTERS
from jinja2.exceptions import SecurityError, TemplateError, TemplateSyntaxError
from jinja2.meta import find_undeclared_variables
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml import etree

MADE, UNKNOWN_TAGS, NO_TAGS, FORBIDDEN, MALFORMED, BROKEN, TOO_LARGE, FAILED = (
    "made",
    "unknown_tags",
    "no_tags",  # nothing of the words is asked for
    "forbidden",
    "malformed",  # a tag that is not one
    "broken",  # tags that tear the document apart
    "too_large",
    "failed",
)
MEGABYTES, SECONDS = 1024, 20
LARGEST_DOCUMENT = 32 * 2**20  # bytes
ROWS_WITH_SIGNATURE = 2
LAID_OUT = "\n\t\a\f"  # what docxtpl turns into markup: a new line, a tab, a new paragraph, a new page
OVER_LIMIT = {-signal.SIGABRT, -signal.SIGKILL, -signal.SIGXCPU}
PROJECT = Path(__file__).resolve().parents[2]

# What a paper needs of the language: words in their places, lists, conditions. Whatever computes, calls or lets text
# pass as markup (|safe) is left out, so that none of it can tear a document apart or reckon for hours.
ALLOWED: tuple[type[nodes.Node], ...] = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.Const, nodes.Name, nodes.Getattr, nodes.Getitem),
    *(nodes.For, nodes.If, nodes.CondExpr, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Test),
    *(nodes.Filter, nodes.Keyword, nodes.List, nodes.Tuple, nodes.Concat, nodes.Add, nodes.Sub),
)
FILTERS = ("capitalize", "count", "d", "default", "first", "join", "last", "length", "lower", "title", "trim", "upper")

Words = dict[str, Any]  # text, true or false, lists of these, and words again


@dataclass(frozen=True)
class Answer:
    """What became of a template: `state` is one of the words above; `tags` names those it should not use."""

    state: str
    document: bytes = b""
    tags: list[str] = field(default_factory=list)
    detail: str = ""  # where a malformed tag stands, what is forbidden, or what the library says


class Sandbox(ImmutableSandboxedEnvironment):
    """Runs a template that may read the words and nothing else, and notes which names it asked for in vain."""

    def __init__(self) -> None:
        super().__init__(autoescape=True)
        self.unknown: dict[str, None] = {}
        self.read: set[str] = set()  # the names asked for
        self.is_forbidden = False
        self._spelt: dict[str, str] = {}
        self.globals = {}
        self.filters = {name: DEFAULT_FILTERS[name] for name in FILTERS}
        sandbox = self

        class Noted(Undefined):
            """A name that there is not: noted, and written as nothing, so that one run finds all of them."""

            def __init__(self, hint: Any = None, obj: Any = None, name: Any = None, exc: Any = None) -> None:
                super().__init__(hint, obj, name)
                if isinstance(exc, type) and issubclass(exc, SecurityError):
                    sandbox.is_forbidden = True
                if name is not None:
                    sandbox.unknown.setdefault(sandbox._spelt.get(str(name), str(name)))

            def __getattr__(self, name: str) -> Any:
                if name.startswith("__"):
                    raise AttributeError(name)
                return self

            def __getitem__(self, key: Any) -> Any:
                return self

        self.undefined = Noted

    def from_string(self, source: Any, *args: Any, **kwargs: Any) -> Any:
        """As in Jinja, before anything is run: SecurityError for what is not ALLOWED.

        Remembers how the template writes each attribute, so that an unknown one is named in full.
        """
        parsed = self.parse(source)
        for found in parsed.find_all(nodes.Node):
            if not isinstance(found, ALLOWED):
                raise SecurityError(type(found).__name__)
            if isinstance(found, nodes.Filter) and found.name in DEFAULT_FILTERS.keys() - set(FILTERS):
                raise SecurityError(f"|{found.name}")
            if isinstance(found, nodes.Getattr) and isinstance(found.node, nodes.Name):
                self._spelt.setdefault(found.attr, f"{found.node.name}.{found.attr}")
        self.read |= find_undeclared_variables(parsed)
        return super().from_string(source, *args, **kwargs)


class Template(DocxTemplate):
    """Docxtpl mends broken XML by dropping what it does not understand; here a torn document is refused.

    It also looks at every run of the document for ends of lines and tabs among the words: only where there are any.
    """

    def fix_tables(self, xml: str) -> Any:
        etree.fromstring(xml)
        return super().fix_tables(xml)

    def resolve_listing(self, xml: str) -> str:
        return super().resolve_listing(xml) if any(sign in xml for sign in LAID_OUT) else xml


def render(template: bytes, *sets_of_words: Words) -> Answer:
    """Make the document of the first set of words; the template must bear the others too. Never raises."""
    documents: list[bytes] = []
    sandbox = Sandbox()
    try:
        for words in sets_of_words:
            made = Template(io.BytesIO(template))
            made.render(words, sandbox)
            _keep_with_signatures(made.docx.element.body)
            stream = io.BytesIO()
            made.save(stream)
            documents.append(stream.getvalue())
            Document(io.BytesIO(documents[-1]))
    except SecurityError as error:
        return Answer(FORBIDDEN, detail=str(error) if str(error).startswith("|") else "")
    except TemplateSyntaxError as error:
        return Answer(MALFORMED, detail=_where(error))
    except etree.XMLSyntaxError as error:
        return Answer(TOO_LARGE if "memory" in str(error).lower() else BROKEN)
    except MemoryError:
        return Answer(TOO_LARGE)
    except TemplateError as error:
        return _what_was_noted(sandbox) or Answer(MALFORMED, detail=_where(error))
    except Exception as error:  # what a stranger's file makes the libraries do cannot be told beforehand
        return _what_was_noted(sandbox) or Answer(FAILED, detail=type(error).__name__)
    if len(documents[0]) > LARGEST_DOCUMENT:
        return Answer(TOO_LARGE)
    if noted := _what_was_noted(sandbox):
        return noted
    return Answer(MADE, documents[0]) if sandbox.read & sets_of_words[0].keys() else Answer(NO_TAGS)


def _keep_with_signatures(body: Any) -> None:
    """Keep the last rows of a table on the page of what follows it where that is kept with its own next, as the words
    above a signature are: a signature does not stand alone on a page."""
    for table in body.iterchildren(qn("w:tbl")):
        following = table.getnext()
        if following is None or following.find(f"{qn('w:pPr')}/{qn('w:keepNext')}") is None:
            continue
        for row in table.findall(qn("w:tr"))[-ROWS_WITH_SIGNATURE:]:
            for paragraph in row.iter(qn("w:p")):
                ParagraphFormat(paragraph).keep_with_next = True


def _what_was_noted(sandbox: Sandbox) -> Answer | None:
    if sandbox.is_forbidden:
        return Answer(FORBIDDEN)
    return Answer(UNKNOWN_TAGS, tags=list(sandbox.unknown)) if sandbox.unknown else None


def _where(error: TemplateError) -> str:
    """The text of the document around the fault, in one line."""
    lines = getattr(error, "docx_context", ())
    text = " ".join(part for line in lines if (part := re.sub(r"\s+", " ", line).strip()))
    return text[:200] or str(error)[:200]


def render_in_process(template: bytes, *sets_of_words: Words) -> Answer:
    """As `render`, in a process with limits. Never raises for what the template does."""
    question = json.dumps({"template": base64.b64encode(template).decode(), "sets_of_words": sets_of_words})
    command = [sys.executable, "-m", "courses.documents.rendering", str(MEGABYTES), str(SECONDS)]
    try:
        done = subprocess.run(
            command,
            cwd=PROJECT,
            input=question.encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=2 * SECONDS,  # it may wait for a processor
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Answer(TOO_LARGE)
    if done.returncode:
        return Answer(TOO_LARGE if done.returncode in OVER_LIMIT else FAILED)
    line, _, document = done.stdout.partition(b"\n")
    said = json.loads(line)
    return Answer(said["state"], document, said["tags"], said["detail"])


def limit(megabytes: int, seconds: int) -> None:
    """What this process may take from here on."""
    memory = megabytes * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    """Answer the question on standard input, within the limits that the command line names."""
    limit(*map(int, sys.argv[1:]))
    question = json.load(sys.stdin.buffer)
    answer = render(base64.b64decode(question["template"]), *question["sets_of_words"])
    said = {"state": answer.state, "tags": answer.tags, "detail": answer.detail}
    sys.stdout.buffer.write(json.dumps(said).encode() + b"\n" + answer.document)


if __name__ == "__main__":
    main()
