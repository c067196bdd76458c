"""What a column is titled, understood by its words: `Trình độ CM` says what `Chuyên môn` says, `CM và NV` as well.

The dictionary of titles (ColumnTitle, which people extend) and the titles of a file are brought to the same form
before they meet: what stands in brackets apart, abbreviations spelled out, words that say nothing left out, the order
of words and all punctuation ignored. `data/title_words.csv` is that form; `data/columns_not_kept.csv` names by words
what rosters have and the registry does not keep. Nothing is guessed: a title of which only some words agree is no
field, only a suggestion for a person who looks at it.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from functools import cache, lru_cache
from itertools import islice, product

from cadres import reference_data
from cadres.text import TONES, match_key

MAX_TITLE = 80  # characters; a longer text is a sentence
MAX_READINGS = 16  # of a title whose abbreviations may mean several things
IN_BRACKETS = re.compile(r"\([^)]*\)|\[[^\]]*\]")
PLACE = re.compile(r"^\(?\d{1,2}\s*[.)\-/:]\s*(?=[^\W\d_]{2})")  # `2. Họ và tên`
WORD = re.compile(r"[^\W_]+")
SEVERAL_LEVELS = re.compile(r"[,;/]| - |-|–")
DEGREE = "tđ"  # glued before others: TĐCM, TĐHV
TIERS = ("xã", "huyện", "tỉnh", "trung ương")
# Shares of words (where several are the same, where one is), and of letters, from which a title is like another.
NEAR, NEAR_BY_ONE_WORD, SAME_LETTERS = 0.5, 0.6, 0.85
SEVERAL = 2
COMMON, LITTLE = ("ngày", "vào", "tham", "gia"), 0.25  # words that many titles have weigh little
SHORTEST = 4  # letters; abbreviations are all alike

Words = frozenset[str]
Phrase = tuple[str, ...]


class Spelling:
    """The words of titles in one form of writing: what abbreviations stand for, which words are the same, which say
    nothing (data/title_words.csv). `word` brings a word to that form."""

    def __init__(self, word: Callable[[str], str]) -> None:
        self.word = word
        self.means: dict[Phrase, list[Phrase]] = defaultdict(list)
        for row in reference_data.rows_of(reference_data.DATA / "title_words.csv"):
            means = tuple(map(word, row["means"].split()))
            for spelling in row["words"].split(";"):
                of_phrase = self.means[tuple(map(word, written_words(spelling)))]
                if means not in of_phrase:
                    of_phrase.append(means)
        self.longest: dict[str, int] = {}  # first word → words of the longest phrase that begins with it
        for phrase in self.means:
            self.longest[phrase[0]] = max(self.longest.get(phrase[0], 0), len(phrase))

    def readings(self, text: str) -> list[Words]:
        """What the text may say, as sets of words; several where an abbreviation stands for several words."""
        words = tuple(map(self.word, written_words(text)))
        parts: list[list[Phrase]] = []
        at = 0
        while at < len(words):
            for length in range(min(self.longest.get(words[at], 0), len(words) - at), 0, -1):
                if meanings := self.means.get(words[at : at + length]):
                    parts.append(meanings)
                    at += length
                    break
            else:
                parts.append([words[at : at + 1]])
                at += 1
        if all(len(meanings) == 1 for meanings in parts):
            return [frozenset(word for meanings in parts for word in meanings[0])]
        chosen = islice(product(*parts), MAX_READINGS)
        return list(dict.fromkeys(frozenset(word for part in parts for word in part) for parts in chosen))


@lru_cache(maxsize=10_000)
def title_key(text: str) -> str:
    """The key under which a title is looked up: what stands in brackets is an explanation, not the title."""
    return match_key(IN_BRACKETS.sub(" ", text)) or match_key(text)


def written_words(text: str) -> list[str]:
    """The words of a text as written, without numbers; `TĐCM` is two."""
    words: list[str] = []
    for word in WORD.findall(unicodedata.normalize("NFC", text).lower()):
        if word.isdigit():
            continue
        if word.startswith(DEGREE) and len(word) > len(DEGREE):
            words += DEGREE, word.removeprefix(DEGREE)
        else:
            words.append(word)
    return words


@lru_cache(maxsize=10_000)
def bare_word(word: str) -> str:
    """A word without its marks, as it meets those of a title typed without any."""
    return match_key(word)


@lru_cache(maxsize=10_000)
def spoken_word(word: str) -> str:
    """A word as it is spoken, wherever its tone is written: `hoá` and `hóa`, `uỷ` and `ủy`, `lí` and `lý` are one.

    >>> spoken_word("hoá") == spoken_word("hóa") != spoken_word("hoa")
    True
    """
    letters = unicodedata.normalize("NFD", word)
    tone = "".join(char for char in letters if char in TONES[1:])
    bare = "".join(char for char in letters if char not in TONES[1:])
    return unicodedata.normalize("NFC", bare).replace("y", "i") + tone


@dataclass
class Lexicon:
    """The titles of the dictionary by their words, in one form of writing, and what is known not to be kept."""

    spelling: Spelling
    fields: dict[Words, set[str]] = field(default_factory=dict)
    never_kept: list[tuple[Words, bool, str]] = field(default_factory=list)  # words, whether no more may stand there

    @classmethod
    @lru_cache(maxsize=2)
    def without_titles(cls, word: Callable[[str], str]) -> "Lexicon":
        spelling = _spelling(word)
        never_kept = [
            (reading, phrase.startswith("="), row["subject"])
            for row in reference_data.rows_of(reference_data.DATA / "columns_not_kept.csv")
            for phrase in row["words"].split(";")
            for reading in spelling.readings(phrase)
            if reading and (word is spoken_word or is_clear_without_marks(phrase))
        ]
        return cls(spelling, never_kept=never_kept)

    def copied(self) -> "Lexicon":
        return replace(self, fields=dict(self.fields))

    def add(self, name: str, title: str, *, alone: bool) -> None:
        """Know a title by its words, where no abbreviation leaves them open; `alone` takes it from other fields."""
        if words := _only_words(self.spelling.word, title):
            self.fields[words] = {name} if alone else self.fields.get(words, set()) | {name}

    def readings(self, titles: Sequence[str]) -> list[Words]:
        """The words of titles that stand above each other, taken together."""
        if len(titles) == 1:
            return self.spelling.readings(titles[0])
        together = (frozenset().union(*parts) for parts in product(*map(self.spelling.readings, titles)))
        return list(islice(dict.fromkeys(together), MAX_READINGS))

    def field(self, titles: Sequence[str]) -> str:
        """The one field that the titles name together, or ''."""
        named = {name for reading in self.readings(titles) for name in self.fields.get(reading, ())}
        return named.pop() if len(named) == 1 else ""

    def subject_not_kept(self, titles: Sequence[str]) -> str:
        readings = self.readings(titles)
        for words, is_all, about in self.never_kept:
            if all(words == reading if is_all else words <= reading for reading in readings):
                return about
        return ""


@cache
def _spelling(word: Callable[[str], str]) -> Spelling:
    return Spelling(word)


@lru_cache(maxsize=10_000)
def _only_words(word: Callable[[str], str], title: str) -> Words:
    """The words by which a title of the dictionary is known; none where an abbreviation leaves them open."""
    words, *others = _spelling(word).readings(title)
    return words if not others else frozenset()


@lru_cache(maxsize=10_000)
def is_clear_without_marks(title: str) -> bool:
    """Whether a title typed without marks still says as many words: `Chuc vu Dang` (đang, Đảng) does not."""
    spoken, bare = (_spelling(word).readings(title)[0] for word in (spoken_word, bare_word))
    return len(spoken) == len(bare)


@dataclass
class Titles:
    """The dictionary of titles: field by key and by words, and level code by (dimension, spelling key)."""

    levels: Mapping[tuple[str, str], str]
    ranks: Mapping[tuple[str, str], int]
    spoken: Lexicon = field(default_factory=lambda: Lexicon.without_titles(spoken_word).copied())
    bare: Lexicon = field(default_factory=lambda: Lexicon.without_titles(bare_word).copied())
    keys: dict[str, str] = field(default_factory=dict)  # the title as a whole → field
    with_bar: set[str] = field(default_factory=set)  # keys of titles written with đ: `ĐT` is not `DT`
    vocabulary: set[str] = field(default_factory=set)  # bare words of titles
    _seen: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        titles: Iterable[tuple[str, str]],
        *,
        levels: Mapping[tuple[str, str], str],
        ranks: Mapping[tuple[str, str], int],
    ) -> "Titles":
        """The dictionary of (field, title); of a title that stands there twice the last counts."""
        known = cls(levels, ranks)
        known.vocabulary.update(word for phrase in known.bare.spelling.means for word in phrase)
        known._add(titles, alone=False)
        return known

    def with_own(self, titles: Iterable[tuple[str, str]]) -> "Titles":
        """The dictionary with titles (field, title) of another kind of list, which mean there what is said here."""
        extended = replace(
            self, spoken=self.spoken.copied(), bare=self.bare.copied(), keys=dict(self.keys),
            with_bar=set(self.with_bar), vocabulary=set(self.vocabulary), _seen={},
        )  # fmt: skip
        extended._add(titles, alone=True)
        return extended

    def _add(self, titles: Iterable[tuple[str, str]], *, alone: bool) -> None:
        for name, title in titles:
            key = title_key(title)
            self.keys[key] = name
            if "đ" in title.lower():
                self.with_bar.add(key)
            self.spoken.add(name, title, alone=alone)
            if is_clear_without_marks(title):
                self.bare.add(name, title, alone=alone)
            self.vocabulary.update(map(bare_word, written_words(title)))

    def field(self, text: str) -> str:
        """The field that a title names by itself, or ''. Asked of every text below a header, so it is quick."""
        found = self._seen.get(text)
        if found is None:
            if len(self._seen) > 10_000:
                self._seen.clear()
            found = self._seen[text] = self._field(text)
        return found

    def _field(self, text: str) -> str:
        if len(text) > MAX_TITLE:
            return ""
        if text[:1].isdigit():
            text = PLACE.sub("", text)
        if "(" not in text and "[" not in text:
            words = [bare_word(word) for word in WORD.findall(unicodedata.normalize("NFC", text).lower())]
            if name := self._whole("".join(words), text):
                return name
            if not all(word in self.vocabulary or word.isdigit() or word.startswith("td") for word in words):
                return ""  # as nearly every text of a person row
        return self.of_path([text])

    def _whole(self, key: str, text: str) -> str:
        name = self.keys.get(key, "")
        return "" if name and "đ" in text.lower() and key not in self.with_bar else name

    def of_path(self, path: Sequence[str]) -> str:
        """The field that the titles of a column name together, from the group down: with what their brackets say, else
        without; '' for none."""
        path = [PLACE.sub("", title) for title in path]
        if name := self._named(path):
            return name
        without_brackets = [IN_BRACKETS.sub(" ", title) for title in path]
        if without_brackets == list(path) or self.subject_not_kept(path):
            return ""
        return self._named(without_brackets)

    def _named(self, path: Sequence[str]) -> str:
        text = " ".join(path)
        name = self._whole(match_key(text), text)
        if not name and not text.isascii():
            name = self.spoken.field(path)
        return name or self.bare.field(path)

    def _lexicon(self, path: Sequence[str]) -> Lexicon:
        return self.bare if "".join(path).isascii() else self.spoken

    def says_nothing(self, text: str) -> bool:
        """Whether a title only repeats what the group above it says: `Số`, `Trình độ`."""
        return not any(self._lexicon([text]).readings([text]))

    def subject_not_kept(self, path: Sequence[str]) -> str:
        """What a column is about that rosters have and the registry does not keep; '' where it is not known to be."""
        return self._lexicon(path).subject_not_kept(path)

    def of_tier(self, path: Sequence[str], fields: Container[str]) -> tuple[str, str]:
        """`Đại biểu HĐND xã`, `Cấp ủy{Huyện}`: which of the fields, and the tier of government; ('', '') for none."""
        lexicon = self._lexicon(path)
        tiers = {lexicon.spelling.word(tier): tier for tier in TIERS}
        for reading in lexicon.readings(path):
            named = reading & tiers.keys()
            of_fields = [name for name in lexicon.fields.get(reading - named, ()) if name in fields]
            if len(named) == len(of_fields) == 1:
                return of_fields[0], tiers[next(iter(named))]
        return "", ""

    def like(self, path: Sequence[str]) -> str:
        """The field whose titles are nearest to one that is not understood, to be asked about; '' for none."""
        lexicon = self._lexicon(path)
        weight = {lexicon.spelling.word(word): LITTLE for word in COMMON}
        best, found = 0.0, ""
        for reading in lexicon.readings(path):
            for words, names in lexicon.fields.items():
                if len(names) > 1 or words.isdisjoint(reading):
                    continue
                shared = sum(weight.get(word, 1) for word in words & reading)
                share = shared / sum(weight.get(word, 1) for word in words | reading)
                if share > best and share >= (NEAR if shared >= SEVERAL else NEAR_BY_ONE_WORD):
                    best, found = share, next(iter(names))
        return found or self._spelt_like(match_key(path[-1]))

    def _spelt_like(self, key: str) -> str:
        best, found = 0.0, ""
        for known, name in self.keys.items():
            matcher = SequenceMatcher(None, key, known)
            if min(len(key), len(known)) < SHORTEST or matcher.real_quick_ratio() < SAME_LETTERS:
                continue
            if (ratio := matcher.ratio()) > best:
                best, found = ratio, name
        return found if best >= SAME_LETTERS else ""

    def level(self, dimension: str, text: str) -> str:
        """The level that a mark column stands for; of several named (`Chứng chỉ A,B,C`) the lowest, never more."""
        if len(text) > MAX_TITLE:
            return ""
        code = self.levels.get((dimension, match_key(text)), "")
        if code:
            return code
        named = [self._part(dimension, part) for part in SEVERAL_LEVELS.split(text)]
        return min((code for code in named if code), key=lambda code: self.ranks[dimension, code], default="")

    def _part(self, dimension: str, text: str) -> str:
        words = text.split()
        for count in range(len(words)):  # `Chứng chỉ A` → `A`, `CV và tương đương` → `CV`
            for part in self._ends(words, count):
                if code := self.levels.get((dimension, match_key(part)), ""):
                    return code
        return ""

    @staticmethod
    def _ends(words: list[str], count: int) -> Iterator[str]:
        yield " ".join(words[count:])
        yield " ".join(words[: len(words) - count])
