"""A name cell becomes a name: what stands around it is taken off, and what is no name is told from one.

Lists put before a name what somebody is called (`Đ/c`, `Ông`) and a number, and behind it what was worth noting
(`(nghỉ hưu)`, ` - Bí thư`). Nothing of this belongs to the name, and none of it is lost without a word.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from cadres.roster.encodings import TCVN3, VNI, is_syllable, to_unicode
from cadres.text import fold

MALE, FEMALE = "M", "F"

NUMBER = re.compile(r"^(?:\d{1,4}|(?:I|[IVX]{2,4})(?=[.)])|[a-hđ](?=\)|\.\s))\s*[.):\-–/]\s*|^\d{1,4}\s+(?=[^\W\d_])")
NUMBER_BEHIND = re.compile(r"(?:\s\d{1,4})+$")
MARKS_AROUND = re.compile(r"^[\s\-–—+*•·.,;:_/'\"“”‘’`´#=>()\[\]]+|[\s\-–—+*•·.,;:_/\"“”†‡#=<¹²³⁴-⁹⁰]+$")
# What somebody is called. `Anh`, `Chị`, `Em`, `Cô`, `Chú` are names too: they count with a mark behind them only.
CALLED = re.compile(
    r"^\(?\s*(?:"
    r"(?P<comrade>đ\s*[/.]\s*c|đc(?=[.:\s])|[dđ]/c|đồng\s*chí|dong\s*chi|tđ/c)"
    r"|(?P<both>ông\s*[/(]\s*bà\s*\)?|ô\s*/\s*b)"
    r"|(?P<he>ông|ong(?=[.:])|ô(?=[.:])|mr(?=[.:\s]))"
    r"|(?P<she>bà|ba(?=[.:])|b(?=[.:])|mrs(?=[.:\s])|ms(?=[.:\s]))"
    r"|(?P<young>(?:anh|chú|em|thầy)(?=\s*[:)]))|(?P<girl>(?:chị|cô)(?=\s*[:)]))"
    r"|(?P<degree>(?:ts|ths|th\.s|bs|ks)(?=\.))"
    r")(?![^\W\d_])\s*\)?\s*[.:,\-–]?\s*",
    re.IGNORECASE,
)
HE, SHE = {"he"}, {"she", "girl"}
IN_BRACKETS = re.compile(r"[(\[{]([^()\[\]{}]*)(?:[)\]}]|$)")
# ` - Bí thư`, `– KCT`, `; tức Páo`, `, nghỉ hưu`: a hyphen without a space may be part of a name.
BEHIND = re.compile(r"\s+[-–—]+\s*|\s*[–—]\s*|-\s+|\s*[,;:/|+=&]\s*")
SEX_WORDS = {"nam": MALE, "nu": FEMALE, "gioi tinh nam": MALE, "gioi tinh nu": FEMALE, "trai": MALE, "gai": FEMALE}
HAS_LEFT = re.compile(
    r"\b(?:nghi (?:huu|viec|che do|cho)|thoi viec|da (?:mat|nghi|chuyen)|tu tran|chuyen|da chet|xin nghi)\b"
)

VOWELS, CONSONANTS = set("aeiouy"), set("bcdđfghjklmnpqrstvwxz")
VIETNAMESE_MARKS = set("\u0300\u0301\u0302\u0303\u0306\u0309\u031b\u0323")
LETTERS = re.compile(r"[^\W\d_]+")
BETWEEN_LETTERS = set(" '’ʼ-.")


@dataclass(frozen=True, slots=True)
class CleanName:
    """A name without what stood around it; `sex` where that told one, `notes` what was left out and says something.

    `is_name` is False where what remains cannot be a name: digits, signs, letters of a lost encoding.
    """

    text: str
    sex: str = ""
    notes: tuple[str, ...] = ()
    is_name: bool = True
    has_left: bool = False  # a note says that the person is no longer in post
    has_number: bool = False  # `Lý A Dơ 2`: a list tells namesakes apart so

    @property
    def words(self) -> int:
        return len(LETTERS.findall(self.text))


@lru_cache(maxsize=2**16)
def clean_name(text: str) -> CleanName:
    """The name in a cell.

    >>> clean_name("1. Đ/c Giàng Seo Hờ (nghỉ hưu 01/2016)")
    CleanName(text='Giàng Seo Hờ', sex='', notes=('nghỉ hưu 01/2016',), is_name=True, has_left=True, has_number=False)
    """
    if text.replace(" ", "").isalpha() and not CALLED.match(text):  # as nearly always
        return CleanName(text, is_name=is_written_like_a_name(text))
    sexes: list[str] = []
    notes: list[str] = []
    name = _without_what_stands_before(text, sexes, notes)
    bare = IN_BRACKETS.sub(" ", name)
    if any(char.isalnum() for char in bare):
        for note in IN_BRACKETS.findall(name):
            _keep_note(note, sexes, notes)
        name = _without_what_stands_before(bare, sexes, notes)
    else:
        name = name.strip("()[]{} ")
    name, *behind = BEHIND.split(" ".join(name.split()), maxsplit=1)
    for note in behind:
        _keep_note(note, sexes, notes)
    name = " ".join(MARKS_AROUND.sub("", name).split())
    number = NUMBER_BEHIND.search(name)
    is_name = is_written_like_a_name(name[: number.start()] if number else name)
    sex = sexes[0] if len(set(sexes)) == 1 else ""
    has_left = any(HAS_LEFT.search(fold(note)) for note in notes)
    return CleanName(name, sex, tuple(notes), is_name, has_left, bool(number))


def _without_what_stands_before(name: str, sexes: list[str], notes: list[str]) -> str:
    """The name from its first word on, without numbers, signs and what somebody is called."""
    before = ""
    while before != name:
        before = name
        name = NUMBER.sub("", name)
        if called := CALLED.match(name):
            if called.lastgroup in HE:
                sexes.append(MALE)
            elif called.lastgroup in SHE:
                sexes.append(FEMALE)
            elif called.lastgroup == "degree":
                notes.append(called["degree"])
            name = name[called.end() :]
        if not name.startswith("("):
            name = MARKS_AROUND.sub("", name) if name[:1] in "-–—+*•·.,;:_/'\"“”‘’`´#=>)]" else name
    return name


def _keep_note(note: str, sexes: list[str], notes: list[str]) -> None:
    note = note.strip(" .,;:*-–()[]")
    if sex := SEX_WORDS.get(fold(note)):
        sexes.append(sex)
    elif any(char.isalnum() for char in note) and not note.isdigit() and fold(note) not in ("d/c", "ong", "ba"):
        notes.append(note)


def is_written_like_a_name(text: str) -> bool:
    """Whether every word is made of letters that Vietnamese has, in an order that it has, with nothing else between.

    Names of the peoples of the mountains need not be Vietnamese syllables; a word that is one only in an encoding older
    than Unicode (`NguyÔn`) is no name, nor is one with a capital inside that no keyboard puts there (`GiÃ ng`).
    """
    return all(char.isalpha() or char in BETWEEN_LETTERS for char in text) and all(
        map(_is_word_of_a_name, LETTERS.findall(text))
    )


@lru_cache(maxsize=2**14)
def _is_word_of_a_name(word: str) -> bool:
    if word.isascii():
        return True
    if any(before.islower() and "À" <= after <= "Þ" for before, after in pairwise(word)):
        return False
    for letter in unicodedata.normalize("NFC", word.lower()):
        parts = unicodedata.normalize("NFD", letter)
        letters = VOWELS if len(parts) > 1 else VOWELS | CONSONANTS
        if parts[0] not in letters or not VIETNAMESE_MARKS.issuperset(parts[1:]):
            return False
    return is_syllable(word) or not any(is_syllable(to_unicode(word, encoding)) for encoding in (TCVN3, VNI))
