"""A position cell becomes the posts that it names, the primary one first, in the order in which they are written.

A cell is understood where every word of it is accounted for: as a post, as what a civil servant of that post also looks
after, or as what says nothing about the post (`UVBTV`, `xã Bản Phố`, `kiêm`). So `Phó`, `nguyên` or `thôn` before or
behind a post are never overlooked: they are words of nothing, and the cell stays unknown. Abbreviations are spelled
out first, in every way that they can be. The words are those of data/position_words.csv, of the positions' titles and
of the dictionary that people extend.

The same words may name one post until a reorganisation and another after it, or a post that only then begins: a roster
is read by the posts in force on its day, and what names none of them by those that have ended.

The titles: Luật Cán bộ, công chức 2008 Điều 61; NĐ 121/2003/NĐ-CP Điều 2 (Thường trực Đảng ủy), NĐ 92/2009/NĐ-CP
Điều 3, NĐ 33/2023/NĐ-CP Điều 5; from 1/7/2025 NĐ 150/2025/NĐ-CP (rooms) and the ministry's list of vị trí việc làm.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from functools import cached_property, lru_cache
from itertools import islice, product

from cadres.models import Position, PositionGroup
from cadres.reference_data import DATA, rows_of
from cadres.text import fold, match_key

MAX_LENGTH = 300  # characters; a longer text is no position
MAX_READINGS = 64  # of one cell, whose abbreviations stand for several things
ALIKE = 0.75  # how alike the letters of a text and of a post must be for it to be suggested
MAX_NOT_READ = 300  # different cells of one file; after them each is read in the likeliest way only
MAX_REPAIRED = 9  # ways in which the slips of a cell are put right
SLIP = 0.65  # how alike a word must be to the one that was meant
MAX_SUGGESTED = 50  # texts of one file; of a file with more unknown ones something else is wrong

WORD = re.compile(r"[0-9a-z]+")
OPTIONAL = re.compile(r"\[([^]]*)\]")
TERM = re.compile(r"\(?\b(?:(?:nhiem ky|nk|khoa)\s*:?\s*)(\d{4}\s*[-–/]\s*\d{4}|[ivxl]{1,6}\b|\d{1,2}\b)\s*\)?")
YEARS = re.compile(r"\(?\b(\d{4}\s*[-–]\s*\d{4})\b\)?")
SINCE = re.compile(
    r"[(,-]?\s*\b(?:(?:bo nhiem|duoc bau|bau)\s+)?(?:ke\s+)?tu\s*(?:ngay|thang|nam)?\s*((?:\d{1,2}[/.-]){0,2}\d{4})\b"
    r"(?:\s*(?:den|-)\s*nay)?\s*\)?"
)
# What a law adds to a title about where it holds: `(đối với phường, thị trấn)`.
HOLDS_FOR = re.compile(r"\((?:ap dung )?doi voi [^)]*\)")
IN_BRACKETS = re.compile(r"\(([^)]*)\)")
NUMBERED = re.compile(r"(?:^|\s)\d{1,2}[.)]\s+(?=[a-z])")
# `PCT UBND phụ trách văn hóa - xã hội` names what the deputy looks after, `Phụ trách kế toán` a post.
LOOKS_AFTER = re.compile(
    r"[\s,(-]*\b(?:duoc phan cong|phan cong)?\s*(?:phu trach|theo doi|linh vuc)\s+([^,;()+/]*?)\s*\)?"
    r"(?=\s+kiem\b|\s+dong thoi\b|[,;()+/]|$)"
)
PARTS = re.compile(r"\s+(?:kiêm(?:\s+nhiệm)?|đồng thời(?:\s+là)?)\s+|[,;+/()\n]|\s[-–]\s", re.IGNORECASE)
STARTS_POST = re.compile(r"(?:^|\bkiem(?: nhiem)?)\s*(?:(?:cong chuc|can bo|chuyen vien|cc|cb|cv)\s*)?$")
CELL_OF_VILLAGE = re.compile(r"(?<=\bchi bo) (?:thon|ban|khu|to)\b[^,;()+/]*?(?=\s+kiem\b|[,;()+/]|$)")
# They begin a post, whatever follows.
HEADS = re.compile(r"\b(?:truong|bi thu|chu tich|chi huy|chanh|giam doc|chu nhiem|bt|pbt|ct|pct|tca|cht)\b")

JOINED = ("kiem", "dong")  # `kiêm`, `đồng thời`: that one person holds both is said
POST, AREA, BESIDE, OFFICE, ACTING, EITHER, NEVER, SHORT = (
    "post", "area", "beside", "office", "acting", "or", "never", "short",
)  # fmt: skip

FACTS = ("party_committee", "council_deputy")  # fields of which a position cell may speak; their rows say the text

Words = tuple[str, ...]
Meaning = tuple[str, str]  # (kind, code)


@dataclass(frozen=True, slots=True)
class ReadPosition:
    """What a cell names. `codes` is empty where any part of it is unknown.

    `office` names what stands beside the posts and is none of a commune; `is_acting` that somebody only stands in;
    `facts` is what it says of other fields (a seat on the Party committee); `term` and `since` what about time, as
    written.
    """

    codes: list[str] = field(default_factory=list)
    office: str = ""
    is_acting: bool = False
    term: str = ""
    since: str = ""
    facts: dict[str, str] = field(default_factory=dict)


UNKNOWN = ReadPosition()


class Posts:
    """The posts that a cell may name, and the words by which it names them: what all files of the same day share.

    `spellings` are those of the dictionary, as (spelling, code): of two alike the first counts; `own`, those of the
    file's unit, come before the titles. `places` names the units that may stand behind a post;
    it is asked once, where a cell is more than a title.
    """

    def __init__(
        self,
        positions: Mapping[str, Position],
        spellings: Iterable[tuple[str, str]],
        places: Callable[[], Iterable[str]],
        *,
        own: Iterable[tuple[str, str]] = (),
    ) -> None:
        self.positions = positions
        self.exact: dict[str, str] = {}
        self.places = places
        self._spellings, self._own = [*spellings], [*own]
        self._of_days: dict[frozenset[str], Posts] = {}
        titles = [
            (title, position.code)
            for position in positions.values()
            for title in (position.title, *position.full_title.split(";"))
        ]
        held: dict[Words, Meaning] = {}
        for spelling, code in (*self._own, *titles, *self._spellings):
            if code in positions:
                self.exact.setdefault(match_key(spelling), code)
                for words in _readings(spelling):
                    held.setdefault(words, (POST, code))
        for words, (kind, code) in _words_of_data():
            if kind in (POST, AREA) and code not in positions:
                continue
            if kind == AREA and held.get(words, ("", ""))[0] == AREA:  # of several posts
                held[words] = (AREA, f"{held[words][1]} {code}")
            else:
                held.setdefault(words, (kind, code))
        self.known = held

    def among(self, is_known: Callable[[Position], bool]) -> "Posts":
        """Those of the posts that are known, and no others."""
        known = {code: position for code, position in self.positions.items() if is_known(position)}
        if len(known) == len(self.positions):
            return self
        if (key := frozenset(known)) not in self._of_days:
            self._of_days[key] = Posts(known, self._spellings, self.places, own=self._own)
        return self._of_days[key]

    @cached_property
    def by_first_word(self) -> dict[str, list[tuple[Words, Meaning]]]:
        """What is known by its first word, the longest first; NEVER says nothing that a cell could be read as."""
        known = {words: meaning for words, meaning in self.known.items() if words and meaning[0] != NEVER}
        for place in self.places():
            known.setdefault(tuple(WORD.findall(place)), (BESIDE, ""))
        found: dict[str, list[tuple[Words, Meaning]]] = {}
        for words, meaning in known.items():
            found.setdefault(words[0], []).append((words, meaning))
        for entries in found.values():
            entries.sort(key=lambda entry: -len(entry[0]))
        return found

    @cached_property
    def texts(self) -> dict[str, str]:
        """The words of each post, as one text → its code."""
        return {" ".join(words): code for words, (kind, code) in self.known.items() if kind == POST}


class PositionReader:
    """Reads position cells of one file, equal ones once. How much of a file is read in every way has its bound."""

    def __init__(self, posts: Posts) -> None:
        self.posts = posts
        self.positions = posts.positions
        self._of_days: dict[Posts, PositionReader] = {posts: self}
        self._read: dict[str, ReadPosition] = {}
        self._suggested: dict[str, str] = {}
        self._not_read = 0

    def on(self, day: date) -> "PositionReader":
        """The reader of a roster of the day: it knows the posts in force then and no others."""
        return self._of(self.posts.among(lambda position: position.is_in_force(day)))

    def ended_by(self, day: date) -> "PositionReader":
        """The reader of what no post in force on the day is called: it knows those that have ended as well."""
        return self._of(self.posts.among(lambda position: position.has_begun(day)))

    def _of(self, posts: Posts) -> "PositionReader":
        if posts not in self._of_days:
            self._of_days[posts] = PositionReader(posts)
        return self._of_days[posts]

    def read(self, text: str) -> ReadPosition:
        """The posts that a cell names; none where any part of it is unknown."""
        found = self._read.get(text)
        if found is None:
            found = self._read[text] = self._named(text)
        return found

    def _named(self, text: str) -> ReadPosition:
        if len(text) > MAX_LENGTH:
            return UNKNOWN
        if code := self.posts.exact.get(match_key(text)):
            return ReadPosition([code])
        folded = NUMBERED.sub(" ", HOLDS_FOR.sub(" ", fold(text)))
        told: dict[str, str] = {}
        for name, pattern in (("term", TERM), ("term", YEARS), ("since", SINCE)):
            if said := pattern.search(folded):
                if said[1][:4].isdigit() or name == "since":  # `khóa XIX` tells no years
                    told.setdefault(name, re.sub(r"\s", "", said[1]))
                folded = f"{folded[: said.start()]} {folded[said.end() :]}"
        folded = CELL_OF_VILLAGE.sub(_unless_a_post, LOOKS_AFTER.sub(_without_what_is_looked_after, folded))
        readings: dict[Words, ReadPosition] = {}
        for words in _readings(folded, MAX_READINGS if self._not_read < MAX_NOT_READ else 1):
            if (items := self._covered(words)) and (found := self._judged(items)):
                is_acting = any(kind == ACTING for _, (kind, _) in items)
                facts = {kind: text for _, (kind, text) in items if kind in FACTS}
                read = ReadPosition(found, _office_in(items), is_acting, facts=facts, **told)
                readings.setdefault(tuple(found), read)
        if len(readings) != 1 or self._is_field_of_a_cadre(folded, min(readings)):
            self._not_read += 1
            return UNKNOWN
        return readings[min(readings)]

    def _is_field_of_a_cadre(self, folded: str, codes: Words) -> bool:
        """`Phó Chủ tịch UBND (văn hóa - xã hội)`: nobody can tell what is looked after from a second post."""
        inside = [code for said in IN_BRACKETS.findall(folded) for code in self.read(said).codes if "kiem" not in said]
        return 0 < len(inside) < len(codes) and all(
            self.positions[code].group == PositionGroup.CIVIL_SERVANT for code in inside
        )

    def _covered(self, words: Words) -> list[tuple[Words, Meaning]] | None:
        """The words parted into what is known, the longest first; None where a word is left."""
        by_first_word = self.posts.by_first_word
        dead: set[int] = set()

        def onward(start: int) -> list[tuple[Words, Meaning]] | None:
            if start == len(words):
                return []
            if start not in dead:
                for known, meaning in by_first_word.get(words[start], ()):
                    end = start + len(known)
                    if words[start:end] == known and (rest := onward(end)) is not None:
                        return [(known, meaning), *rest]
                dead.add(start)
            return None

        return onward(0)

    def _judged(self, items: list[tuple[Words, Meaning]]) -> list[str]:
        """The posts among the items; none where they cannot be held together, or something else is said of them."""
        codes = list(dict.fromkeys(code for _, (kind, code) in items if kind == POST))
        posts = [self.positions[code] for code in codes]
        if any(kind == AREA and not set(of.split()) & set(codes) for _, (kind, of) in items):
            return []
        is_said = any(words[0] in JOINED for words, (kind, _) in items if kind == BESIDE)
        if len(codes) > 1 and not is_said:
            titles = {fold(post.title) for post in posts}
            if (
                any(kind == EITHER for _, (kind, _) in items)
                or any(f"pho {title}" in titles for title in titles)  # `Bí thư, Phó Bí thư Đảng ủy`: which one?
                or any(post.group == PositionGroup.NON_SPECIALIST for post in posts)
            ):
                return []
        return codes

    # what is not understood

    def suggest(self, text: str) -> str:
        """The code of the post that an unknown text may mean: one that resembles it, or ''. Never the head for a
        deputy, nor a post of the commune for what is none."""
        if text not in self._suggested:
            if len(self._suggested) >= MAX_SUGGESTED or len(text) > MAX_LENGTH:
                return ""
            self._suggested[text] = self._resembling(text)
        return self._suggested[text]

    def unknown_part(self, text: str) -> str:
        """Of a cell that names several posts, the only part that is not understood; '' where it is not one of them."""
        if len(text) > MAX_LENGTH:
            return ""
        parts = [part for part in (part.strip(" .") for part in PARTS.split(text)) if part]
        unknown = [part for part in parts if not self.read(part).codes and not self.says_nothing(part)]
        return unknown[0] if len(unknown) == 1 < len(parts) else ""

    def says_nothing(self, text: str) -> bool:
        """Whether the text names no post, and nothing that is unknown: `Chuyên viên`."""
        most = MAX_READINGS if self._not_read < MAX_NOT_READ else 1
        return any(self._covered(words) is not None for words in _readings(text, most))

    def _resembling(self, text: str) -> str:
        for repaired in self._repaired(text):
            if len(codes := self._named(repaired).codes) == 1:
                return codes[0]
        for words in _readings(fold(text)):
            if self._mass_deputy(words):
                return next((code for code, post in self.positions.items() if _is_non_specialist(post)), "")
            if (code := self._looked_after(words)) or not (rest := self._without_besides(words)):
                return code
            joined = " ".join(rest)
            if joined in ("chu tich", "pho chu tich"):  # of what is not said; of most communes the People's Committee
                joined += " uy ban nhan dan"
            for near in get_close_matches(joined, self.posts.texts, n=5, cutoff=ALIKE):
                if _marks(joined) == _marks(near) and set(near.split()) <= set(rest) | {"uy", "ban", "nhan", "dan"}:
                    return self.posts.texts[near]
        return ""

    def _repaired(self, text: str) -> Iterator[str]:
        """The text with each word that is none as one that it resembles: `Chủ tịhc` → `chu tich`; the likest first."""
        words = WORD.findall(fold(text))
        known = {*_vocabulary(), *_shorts()}
        slips = {word for word in words if word.isalpha() and word not in known and _spelled(word) == [(word,)]}
        mended = {slip: near for slip in slips if (near := get_close_matches(slip, known, n=3, cutoff=SLIP))}
        if mended:
            for chosen in islice(product(*(mended.get(word, [word]) for word in words)), MAX_REPAIRED):
                yield " ".join(chosen)

    def _looked_after(self, words: Words) -> str:
        """`LĐTBXH`: what only the civil servant of one post looks after."""
        joined = " ".join(words)
        items = () if _marks(joined) or HEADS.search(joined) else self._covered(words) or ()
        codes = {code for _, (kind, code) in items if kind == AREA}
        return min(codes) if len(codes) == 1 and min(codes) in self.positions else ""

    def _mass_deputy(self, words: Words) -> bool:
        """`Phó Chủ tịch Hội Nông dân`: the deputy of a head who is a cadre is none himself (NĐ 121/2003 Điều 2)."""
        if words[:1] != ("pho",) or not (items := self._covered(words[1:])):
            return False
        codes = {code for _, (kind, code) in items if kind == POST}
        deputies = {fold(post.title) for post in self.positions.values()}
        return len(codes) == 1 and f"pho {fold(self.positions[min(codes)].title)}" not in deputies

    def _without_besides(self, words: Words) -> Words:
        """The words without those that say nothing about a post."""
        kept: list[str] = []
        start = 0
        while start < len(words):
            entries = self.posts.by_first_word.get(words[start], ())
            known = next((known for known, meaning in entries if words[start : start + len(known)] == known), None)
            is_beside = known is not None and dict(entries)[known][0] in (BESIDE, *FACTS)
            step = len(known) if known else 1
            if not is_beside:
                kept += words[start : start + step]
            start += step
        return tuple(kept)


def _is_non_specialist(post: Position) -> bool:
    return post.group == PositionGroup.NON_SPECIALIST


def _office_in(items: list[tuple[Words, Meaning]]) -> str:
    return " ".join(next((words for words, (kind, _) in items if kind == OFFICE), ()))


def _without_what_is_looked_after(said: re.Match[str]) -> str:
    """Nothing, where something is before it in the cell, and no other post is in it."""
    before = said.string[: said.start()]
    return said[0] if STARTS_POST.search(before) or HEADS.search(said[1]) else " "


def _unless_a_post(said: re.Match[str]) -> str:
    return said[0] if HEADS.search(said[0]) else " "


@lru_cache(maxsize=1)
def _never() -> re.Pattern[str]:
    phrases = sorted((" ".join(words) for words, (kind, _) in _words_of_data() if kind == NEVER), key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(phrases)})\b")


def _marks(text: str) -> frozenset[str]:
    """What in a text makes it another post, or none."""
    return frozenset(_never().findall(text))


@lru_cache(maxsize=1)
def _words_of_data() -> list[tuple[Words, Meaning]]:
    """What data/position_words.csv says beside the abbreviations: `[…]` may be left out, `a|b` is one of them."""
    return [
        (tuple(words.split()), (row["kind"], row["code"]))
        for row in rows_of(DATA / "position_words.csv")
        if row["kind"] != SHORT
        for pattern in row["words"].split(";")
        for words in _expanded(pattern)
    ]


def _expanded(pattern: str) -> Iterator[str]:
    optional = OPTIONAL.search(pattern)
    if optional is None:
        yield pattern
        return
    for words in (*optional[1].split("|"), ""):
        yield from _expanded(f"{pattern[: optional.start()]} {words} {pattern[optional.end() :]}")


@lru_cache(maxsize=1)
def _shorts() -> dict[str, list[Words]]:
    """Abbreviation → what it stands for, the likeliest first."""
    return {
        row["code"]: [tuple(words.split()) for words in row["words"].split(";")]
        for row in rows_of(DATA / "position_words.csv")
        if row["kind"] == SHORT
    }


@lru_cache(maxsize=1)
def _vocabulary() -> frozenset[str]:
    return frozenset(word for words, _ in _words_of_data() for word in words)


def _readings(text: str, most: int = MAX_READINGS) -> Iterator[Words]:
    """The words of a text with its abbreviations spelled out, in every way that they can be, the likeliest first."""
    parts = [_spelled(word) for word in WORD.findall(fold(text))]
    for chosen in islice(product(*parts), most):
        yield tuple(word for words in chosen for word in words)


@lru_cache(maxsize=2**12)
def _spelled(word: str) -> list[Words]:
    """What a word stands for: itself, an abbreviation, or several written without a space (`CTUBND`, `VPTK`)."""
    shorts = _shorts()
    if word in shorts:
        return shorts[word]
    if word in _vocabulary() or not word.isalpha() or len(word) > 20:
        return [(word,)]
    return [*_parted(word), (word,)]


def _parted(word: str) -> Iterator[Words]:
    shorts = _shorts()
    for end in range(len(word), 1, -1):
        for first in shorts.get(word[:end], ()):
            if end == len(word):
                yield first
            else:
                yield from ((*first, *rest) for rest in _parted(word[end:]))
