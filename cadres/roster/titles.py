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
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import product

from cadres import reference_data
from cadres.text import match_key

MAX_TITLE = 80  # characters; a longer text is a sentence
MAX_READINGS = 16  # of a title whose abbreviations may mean several things
IN_BRACKETS = re.compile(r"\([^)]*\)|\[[^\]]*\]")
WORD = re.compile(r"[^\W_]+")
SEVERAL_LEVELS = re.compile(r"[,;/]| - |-|–")
DEGREE = "tđ"  # glued before others: TĐCM, TĐHV
NEAR, SAME_LETTERS = 0.5, 0.85  # shares of words, of letters, from which a title is told to be like another

Words = frozenset[str]


class Spelling:
    """The words of titles: how abbreviations are spelled out, which words are the same, and which say nothing."""

    def __init__(self, rows: Iterable[Mapping[str, str]]) -> None:
        self.means: dict[tuple[str, ...], list[tuple[str, ...]]] = defaultdict(list)
        for row in rows:
            means = tuple(match_key(word) for word in row["means"].split())
            for spelling in row["words"].split(";"):
                self.means[_written(spelling)].append(means)
        self.plain: dict[tuple[str, ...], list[tuple[str, ...]]] = {}  # for titles typed without any mark
        for written, meanings in self.means.items():
            self.plain.setdefault(tuple(match_key(word) for word in written), meanings)
        self.longest: dict[str, int] = {}  # first word → words of the longest phrase that begins with it
        for phrase in (*self.means, *self.plain):
            self.longest[phrase[0]] = max(self.longest.get(phrase[0], 0), len(phrase))

    @classmethod
    @lru_cache(maxsize=1)
    def load(cls) -> "Spelling":
        return cls(reference_data.rows_of(reference_data.DATA / "title_words.csv"))

    def readings(self, text: str) -> list[Words]:
        """What the text may say, as sets of words; several where an abbreviation stands for several words."""
        words = _written(text)
        known = self.plain if text.isascii() else {}
        parts: list[list[tuple[str, ...]]] = []
        at = 0
        while at < len(words):
            for length in range(min(self.longest.get(words[at], 1), len(words) - at), 0, -1):
                phrase = words[at : at + length]
                if meanings := self.means.get(phrase) or known.get(phrase):
                    parts.append(meanings)
                    at += length
                    break
            else:
                parts.append([(_key_of_word(words[at]),)])
                at += 1
        if all(len(meanings) == 1 for meanings in parts):
            return [frozenset(word for meanings in parts for word in meanings[0])]
        readings = (
            frozenset(word for part in parts_chosen for word in part)
            for parts_chosen, _ in zip(product(*parts), range(MAX_READINGS), strict=False)
        )
        return list(dict.fromkeys(readings))


@lru_cache(maxsize=10_000)
def title_key(text: str) -> str:
    """The key under which a title is looked up: what stands in brackets is an explanation, not the title."""
    return match_key(IN_BRACKETS.sub(" ", text)) or match_key(text)


@lru_cache(maxsize=10_000)
def _key_of_word(word: str) -> str:
    return match_key(word)


def _written(text: str) -> tuple[str, ...]:
    """The words of a text as written, without numbers; `TĐCM` is two."""
    words: list[str] = []
    for word in WORD.findall(unicodedata.normalize("NFC", text).lower()):
        if word.isdigit():
            continue
        if word.startswith(DEGREE) and len(word) > len(DEGREE):
            words += DEGREE, word.removeprefix(DEGREE)
        else:
            words.append(word)
    return tuple(words)


@dataclass
class Titles:
    """The dictionary of titles: field by key and by words, and level code by (dimension, spelling key)."""

    keys: dict[str, str]  # the title as a whole
    words: dict[Words, set[str]]
    never_kept: list[tuple[Words, str]]  # words, what they are about
    levels: Mapping[tuple[str, str], str]
    ranks: Mapping[tuple[str, str], int]
    vocabulary: set[str]
    spelling: Spelling
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
        spelling = Spelling.load()
        never_kept = [
            (reading, row["subject"])
            for row in reference_data.rows_of(reference_data.DATA / "columns_not_kept.csv")
            for phrase in row["words"].split(";")
            for reading in spelling.readings(phrase)
            if reading
        ]
        vocabulary = {match_key(word) for phrase in spelling.means for word in phrase}
        known = cls({}, {}, never_kept, levels, ranks, vocabulary, spelling)
        for name, title in titles:
            known._add(name, title, known.words.get(known._own_words(title), set()) | {name})
        return known

    def with_own(self, titles: Iterable[tuple[str, str]]) -> "Titles":
        """The dictionary with titles (field, title) of another kind of list, which mean there what is said here."""
        extended = replace(
            self, keys=dict(self.keys), words=dict(self.words), vocabulary=set(self.vocabulary), _seen={}
        )
        for name, title in titles:
            extended._add(name, title, {name})
        return extended

    def _add(self, name: str, title: str, names: set[str]) -> None:
        self.keys[title_key(title)] = name
        if words := self._own_words(title):
            self.words[words] = names
            self.vocabulary.update(words)

    def _own_words(self, title: str) -> Words:
        """The words by which a title of the dictionary is known: none where an abbreviation leaves them open."""
        only, *others = self.spelling.readings(title)
        return only if not others else frozenset()

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
        if "(" not in text and "[" not in text:
            spelled = [_key_of_word(word) for word in WORD.findall(unicodedata.normalize("NFC", text).lower())]
            if name := self.keys.get("".join(spelled)):
                return name
            if not all(word in self.vocabulary or word.isdigit() or word.startswith("td") for word in spelled):
                return ""  # as nearly every text of a person row
        elif name := self.keys.get(match_key(text)):
            return name
        return self._by_words([text])

    def _by_words(self, path: Sequence[str]) -> str:
        """The field that titles name together, from the group down: with what their brackets say, else without."""
        if name := self._only(self.readings(*path)):
            return name
        bare = [IN_BRACKETS.sub(" ", title) for title in path]
        if bare == list(path) or self.subject_not_kept(*path):
            return ""
        return self.keys.get(match_key(" ".join(bare)), "") or self._only(self.readings(*bare))

    def _only(self, readings: Iterable[Words]) -> str:
        named = {name for reading in readings for name in self.words.get(reading, ())}
        return named.pop() if len(named) == 1 else ""

    def readings(self, *titles: str) -> list[Words]:
        """The words of titles that stand above each other, taken together."""
        if len(titles) == 1:
            return self.spelling.readings(titles[0])
        together = (frozenset().union(*parts) for parts in product(*map(self.spelling.readings, titles)))
        return [reading for reading, _ in zip(dict.fromkeys(together), range(MAX_READINGS), strict=False)]

    def says_nothing(self, text: str) -> bool:
        """Whether a title only repeats what the group above it says: `Số`, `Trình độ`."""
        return not any(self.readings(text))

    def of_path(self, path: Sequence[str]) -> str:
        """The field that the titles of a column name together, from the group down, or ''."""
        return self.keys.get(match_key(" ".join(path)), "") or self._by_words(path)

    def subject_not_kept(self, *path: str) -> str:
        """What a column is about that rosters have and the registry does not keep; '' where it is not known to be."""
        readings = self.readings(*path)
        return next((about for words, about in self.never_kept if all(words <= reading for reading in readings)), "")

    def like(self, path: Sequence[str]) -> str:
        """The field whose titles are nearest to one that is not understood, to be asked about; '' for none."""
        best, found = 0.0, ""
        readings = [reading for reading in self.readings(*path) if reading]
        for words, names in self.words.items():
            for reading in readings:
                share = len(words & reading) / len(words | reading)
                if share > best and len(names) == 1:
                    best, found = share, next(iter(names))
        if best >= NEAR:
            return found
        key = match_key(path[-1]) if path else ""
        best, found = 0.0, ""
        for known, name in self.keys.items():
            matcher = SequenceMatcher(None, key, known)
            if min(len(key), len(known)) < 4 or matcher.real_quick_ratio() < SAME_LETTERS:
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
