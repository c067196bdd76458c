"""Vietnamese text: one written form (NFC), one folded form for search and matching, one order for names.

Everything that compares text in the product goes through this module, so that typing `giang a do`, `Giàng A Dơ` in
decomposed Unicode and `GIÀNG A DƠ` all find the same person.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
# The order of tones in Vietnamese dictionaries (CLDR "vi"): none, huyền, hỏi, ngã, sắc, nặng.
TONES = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
LETTER_RANK = {letter: chr(ord("A") + rank) for rank, letter in enumerate(ALPHABET)}
TONE_RANK = {mark: str(rank) for rank, mark in enumerate(TONES)}

APOSTROPHES = re.compile("['’‘`´ʼ]")
VIETNAMESE_MARKS = re.compile("[\u0300-\u036f]+")
# Marks that nobody sees: widths and directions, soft hyphens, byte order, variants of a glyph.
INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb]"
)
# Letters of other alphabets that look like ours: typed by mistake, or to slip past a comparison.
LOOK_ALIKES = str.maketrans(
    "АаВЕеКкМНОоРрСсТУуХхІіЈјЅѕһԛԁѵԝΑΒΕΖΗΙΚΜΝΟοΡρΤΥΧχναικυÐðƉǍǎıɑɡ",
    "AaBEeKkMHOoPpCcTYyXxIiJjSshqdvwABEZHIKMNOoPpTYXxvaikuĐđĐĂăiag",
)
FOREIGN = re.compile("[\u0370-\u03ff\u0400-\u052f]")
ODD_LETTERS = re.compile("[ÐðƉǍǎıɑɡ\u0300-\u036f\u0370-\u052f\uff01-\uff5e\U0001d400-\U0001d7ff]")
# A tone typed before the mark that makes the letter: `a´^` is ấ as well.
TONE_BEFORE_MARK = re.compile("([\u0300\u0301\u0303\u0309\u0323])([\u0302\u0306\u031b])")
NOT_ALPHANUMERIC = re.compile(r"[^0-9a-z]+")
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
FORMULA_OF_TEXT = re.compile(r'=\s*(?:[Tt]\s*\(\s*)?"((?:[^"]|"")*)"\s*\)?\s*')
NAMED = 5  # of those whom a message is about; more are counted


WHOLE_PROVINCE = "toàn tỉnh"  # what a scope of everything is called within a sentence


def nfc(text: str) -> str:
    """Return the text as it is stored: composed Unicode, nothing invisible, no space at the ends or doubled inside."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", INVISIBLE.sub("", text))
        if ODD_LETTERS.search(text):
            text = " ".join(map(_in_our_letters, text.split()))
    return " ".join(text.split())


def _in_our_letters(word: str) -> str:
    """The word in Vietnamese letters where all of its own look like such; `МГУ`, which is Russian, stays."""
    if not ODD_LETTERS.search(word):
        return word
    plain = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", word).translate(LOOK_ALIKES))
    plain = unicodedata.normalize("NFC", TONE_BEFORE_MARK.sub(r"\2\1", plain).translate(LOOK_ALIKES))
    return word if FOREIGN.search(plain) else plain


def fold(text: str) -> str:
    """Return the form used for searching: lower case, no diacritics, đ as d, no apostrophes, single spaces.

    >>> fold("  Giàng A Dơ ")
    'giang a do'
    """
    if text.isascii():  # what has been folded before, and most of what is typed
        return " ".join(text.replace("'", "").replace("`", "").lower().split())
    decomposed = unicodedata.normalize("NFD", APOSTROPHES.sub("", text).lower().replace("đ", "d"))
    bare = VIETNAMESE_MARKS.sub("", decomposed)
    if not bare.isascii():  # marks of other scripts
        bare = INVISIBLE.sub("", bare).translate(LOOK_ALIKES).replace("đ", "d")
        bare = "".join(char for char in bare if not unicodedata.combining(char))
    return " ".join(bare.split())


def holds(text: str, words: Iterable[str]) -> bool:
    """Whether each of the words, which are folded, stands in the text, whatever its diacritics."""
    folded = fold(text)
    return all(word in folded for word in words)


@lru_cache(maxsize=16_384)  # the words of dictionaries and cells come again and again
def match_key(text: str) -> str:
    """Return the form used for looking a spelling up in a dictionary: folded, letters and digits only, y as i.

    `Kỹ sư`, `kĩ sư` and `KỸ  SƯ` share a key, as do `VP-TK` and `VPTK`. Never shown, never stored as a value.

    >>> match_key("Chức vụ,\\nchức danh")
    'chucvuchucdanh'
    """
    return NOT_ALPHANUMERIC.sub("", fold(text)).replace("y", "i")


def place_key(text: str) -> str:
    """Return the form under which place names meet: `Sa Pa`, `Sapa`; `Si Ma Cai`, `Xi Ma Cai`."""
    return match_key(text).replace("x", "s")


def sort_key(full_name: str) -> str:
    """Return a key whose byte order is the Vietnamese order of names: by given name, then family and middle names.

    The given name is the last word. Stored in a column with COLLATE "C", so that no server needs ICU.
    """
    *before, given = nfc(full_name).lower().split() or [""]
    middle = [_word_key(word) for word in before]
    letters, tones = _word_key(given)
    others, their_tones = "!".join([word for word, _ in middle]), "".join([marks for _, marks in middle])
    return f"{letters}\x1f{tones} {others}\x1f{their_tones}".strip()


@lru_cache(maxsize=2**13)  # every page with a list of communes sorts their names
def alphabetical(text: str) -> tuple[str, str]:
    """Return a key whose order is that of a Vietnamese dictionary, word by word: `Xã A`, `Xã Âu`, `Xã Bản`."""
    words = [_word_key(word) for word in nfc(text).lower().split()]
    return "!".join([letters for letters, _ in words]), "!".join([tones for _, tones in words])


def thousands(number: int) -> str:
    """Return the number as people write it, with a point between thousands.

    >>> thousands(1234567)
    '1.234.567'
    """
    return f"{number:,}".replace(",", ".")


def dong(amount: int) -> str:
    """Return an amount of money in đồng as people write it.

    >>> dong(31060000000)
    '31.060.000.000 đồng'
    """
    return f"{thousands(amount)} đồng"


def first_named(told: Sequence[object], more: str = "người khác", *, separator: str = ", ", most: int = NAMED) -> str:
    """Return the first five (`most`) by name and the number of the others, for a message; `more` says what they are.

    >>> first_named("ABCDEFG", "dòng khác")
    'A, B, C, D, E và 2 dòng khác'
    """
    named = separator.join(str(one) for one in told[:most])
    return named if len(told) <= most else f"{named} và {len(told) - most} {more}"


@lru_cache(maxsize=2**13)
def _word_key(word: str) -> tuple[str, str]:
    """Letters and tones apart, the letters to come first: `Ma` < `Mà` < `Mả` < `Mạ` < `Mai`. Names share words."""
    letters, tones = [], []
    for char in word:
        marks = unicodedata.normalize("NFD", char)
        tone = next((mark for mark in marks[1:] if mark in TONE_RANK), "")
        letter = unicodedata.normalize("NFC", "".join(mark for mark in marks if mark != tone or not tone))
        letters.append(LETTER_RANK.get(letter, "~" + letter))
        tones.append(TONE_RANK[tone])
    return "".join(letters), "".join(tones)


def strip_apostrophe(text: str) -> str:
    """Take off the apostrophe that an export puts before text which a spreadsheet would run as a formula."""
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(FORMULA_STARTS) else text


def text_of_formula(text: str) -> str:
    """The text that other software keeps from becoming a number by a formula: `="063914612"` says 063914612."""
    found = FORMULA_OF_TEXT.fullmatch(text) if text.startswith("=") else None
    return found[1].replace('""', '"') if found else text


def protect_from_formula(text: str) -> str:
    """The inverse of strip_apostrophe, for CSV cells."""
    return f"'{text}" if text.lstrip("'").startswith(FORMULA_STARTS) else text
