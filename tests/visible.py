"""What of a page is read by people, and what of that nobody in a Vietnamese office would have written.

`strange_words` is asked of every page that tests/test_access.py and tests/test_roles.py open, as every role.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from lxml import etree, html

NOT_READ = ("script", "style", "template", "svg", "head", "code", "kbd")
READ = etree.XPath("//text()[not(parent::textarea)]", smart_strings=False)
SPOKEN = (  # attributes that are shown or read out, and the words of buttons
    *(etree.XPath(f"//@{name}", smart_strings=False) for name in ("title", "placeholder", "aria-label", "alt")),
    *(etree.XPath(f"//input[@type='{kind}']/@value", smart_strings=False) for kind in ("submit", "button", "reset")),
)
# Words that are English and no syllable of Vietnamese written without its marks ("to", "in", "do", "an" are).
ENGLISH = frozenset(
    re.findall(
        r"\w+",
        """
    about action actions add added all already and any apply are available been before between but button
    cannot change changed changelist check choose clear click close confirm created current currently date
    day default delete deleted does download edit empty enter entries error errors export failed false field
    fields file filter first following for format from has have help here history home import invalid is
    item items last list log login logout make maximum message minimum missing model more must name next
    none not null number object objects of only open optional or other page password please previous remove
    required reset result results row rows save saved search see select selected should show sorry status
    step submit success successfully the there this time today token true type undefined unknown update
    updated upload user username value values view was were when which will with yes you your
""",
    )
)
ISO_DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
UNDERSCORE = re.compile(r"\b\w*[^\W_]_[^\W_]\w*")
CODE = re.compile(r"[A-Z0-9]+(?:_[A-Z0-9]+)+")  # of a post, a level, a text: VP_TK stands in rosters and catalogues
DASHES = re.compile(r"-{5,}")  # Django's name for choosing nothing
OF_FORMSETS = re.compile(r".*_FORMS$")
WORD = re.compile(r"[^\W\d_]+")
# What stands on a page because somebody typed it, or because it names something outside the product.
NAMES = re.compile(r"\S+@\S+|https?://\S+|\?\w+=\S+|\S+\.(?:xlsx|xlsm|xls|ods|csv|docx|pdf|zip|tar)\b")


def texts(page: str) -> Iterator[str]:
    """Each piece of text that a page of HTML shows, or has read out in place of something shown."""
    if not page.strip():
        return
    root = html.document_fromstring(page)
    title = root.find(".//title")
    if title is not None and title.text:
        yield title.text
    etree.strip_elements(root, *NOT_READ, with_tail=False)
    for spoken in SPOKEN:
        yield from spoken(root)
    yield from READ(root)


def strange_words(page: str) -> list[str]:
    """The words with an underscore, the days written 2015-12-31, dashes for nothing, and the English words, each with
    what it stands in."""
    return [said for text in dict.fromkeys(texts(page)) for said in strange_in(text)]


@lru_cache(maxsize=50_000)
def strange_in(text: str) -> tuple[str, ...]:
    """What `strange_words` says of one piece of text; menu and footer come with every page."""
    said = NAMES.sub(" ", text)
    joined = UNDERSCORE.findall(said)
    odd = [word for word in joined if not CODE.fullmatch(word) or OF_FORMSETS.match(word)] + ISO_DAY.findall(said)
    odd += DASHES.findall(said)
    odd += [word for word in WORD.findall(UNDERSCORE.sub(" ", said)) if word.lower() in ENGLISH]
    return tuple(f"{word}: {' '.join(text.split())[:120]}" for word in odd)
