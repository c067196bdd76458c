"""Text typed in the encodings before Unicode becomes Unicode: TCVN3 (fonts `.VnTime`…) and VNI (fonts `VNI-Times`…).

A file in these encodings holds Latin letters and signs that only their font shows as Vietnamese: `NguyÔn V¨n` and
`Nguyeãn Vaên` are both Nguyễn Văn. The font's name decides; where there is none, or where it lies, the words do: a word
that is a Vietnamese syllable in one reading and not in the other speaks for the first. Such words are counted by
column, because one cell is too short to tell (`Lê` in TCVN3 is Lờ). Text with a letter that only Unicode has is never
touched, nor is anything but text.

Sources: TCVN 5712:1993 (VN3); VNI's own chart for Windows fonts.
"""

import codecs
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from typing import Any

TCVN3, VNI = "TCVN3", "VNI"

SAMPLE = 2**18  # bytes of a text file from which its encoding is told
CHUNK = 2**20
LEAST_SHARE = 0.4  # of the words beyond ASCII that must be Vietnamese syllables; abbreviations are not

# Distinct words that must speak for an encoding before text without such a font is converted.
LEAST_WORDS = 3

TONES = "\u0300\u0309\u0303\u0301\u0323"  # huyền, hỏi, ngã, sắc, nặng
FONTS = {TCVN3: re.compile(r"^\.Vn", re.IGNORECASE), VNI: re.compile(r"^VNI[- ]", re.IGNORECASE)}
CAPITALS_FONT = re.compile(r"^\.Vn.*H$", re.IGNORECASE)  # .VnTimeH shows the codes of small letters as capitals


def _tcvn3_table() -> dict[int, str]:
    """One code a letter; the tones in the order none, huyền, hỏi, ngã, sắc, nặng. Capitals with a tone do not exist."""
    codes = {
        "a": "aµ¶·¸¹", "ă": "¨»¼½¾Æ", "â": "©ÇÈÉÊË", "e": "eÌÎÏÐÑ", "ê": "ªÒÓÔÕÖ", "i": "i×ØÜÝÞ", "o": "oßáâãä",
        "ô": "«åæçèé", "ơ": "¬êëìíî", "u": "uïñòóô", "ư": "\u00adõö÷øù", "y": "yúûüýþ",
    }  # fmt: skip
    table = {ord(code): letter for code, letter in zip("®¡¢§£¤¥¦", "đĂÂĐÊÔƠƯ", strict=True)}
    for letter, row in codes.items():
        for code, tone in zip(row, ("", *TONES), strict=True):
            table[ord(code)] = unicodedata.normalize("NFC", letter + tone)
    return table


def _vni_table() -> dict[str, str]:
    """A letter and a mark behind it; ơ, ư, đ, the toned i and ỵ are one code each."""
    marks = dict.fromkeys("aeouy", "øûõùï") | {"â": "àåãáä", "ă": "èúüéë"}
    table = {"ñ": "đ", "ô": "ơ", "ö": "ư", "î": "ỵ"} | dict(zip("ìæóíò", "ìỉĩíị", strict=True))
    for base, toned in (("a", "aâă"), ("e", "eâ"), ("o", "oâ"), ("u", "u"), ("y", "y"), ("ô", "ơ"), ("ö", "ư")):
        for kind in toned:
            letter = {"aâ": "â", "eâ": "ê", "oâ": "ô", "aă": "ă"}.get(base + kind, kind)
            if kind in "âă":
                table[base + ("â" if kind == "â" else "ê")] = letter
            for mark, tone in zip(marks.get(kind, "øûõùï"), TONES, strict=True):
                table[base + mark] = unicodedata.normalize("NFC", letter + tone)
    # A capital takes its mark in either case.
    for code, letter in list(table.items()):
        for written in (code.upper(), code[0].upper() + code[1:]):
            table[written] = letter.upper()
    return table


TCVN3_LETTERS = _tcvn3_table()
VNI_LETTERS = _vni_table()
VNI_CODE = re.compile("|".join(sorted(map(re.escape, VNI_LETTERS), key=len, reverse=True)))

# Letters of Vietnamese that neither encoding has a code for: text with one of them is Unicode already.
UNICODE_ONLY = re.compile("[\u0100-\u01b0\u0300-\u0323\u1ea0-\u1ef9]")
WORD = re.compile(r"[^\s\d!-/:-@\[-`{-~\u2000-\u206f]+")
ONSET = re.compile(r"^(?:ngh?|nh|ch|gh|gi(?![cghmnpt]|$)|kh|ph|qu|th|tr|[bcdđghklmnpqrstvx])?")
CODA = re.compile(r"(?:ng|nh|ch|[cmnpt])?$")
# Vowels of a syllable, by which of them may carry the tone.
VOWELS = {
    (0,): "a ă â e ê i o ô ơ u ư y ai ao au ay âu ây eo êu ia iu oi ôi ơi ua ui ưa ưi ưu",
    (1,): "iê yê uô ươ uâ uê uơ oă oo oai oao oay oeo uây uôi ươi ươu iêu yêu uya uyu uêu",
    (0, 1): "oa oe uy",
    (2,): "uyê",
}
NUCLEI = {vowels: toned for toned, words in VOWELS.items() for vowels in words.split()}


def encoding_of_font(font: str) -> str:
    """TCVN3, VNI or '' (Unicode)."""
    return next((encoding for encoding, pattern in FONTS.items() if pattern.match(font)), "")


def to_unicode(text: str, encoding: str) -> str:
    """The text as Unicode (NFC); codes that the encoding does not have stay as they are."""
    if encoding == TCVN3:
        return text.translate(TCVN3_LETTERS)
    return VNI_CODE.sub(lambda code: VNI_LETTERS[code[0]], text)


@lru_cache(maxsize=50_000)
def is_syllable(word: str) -> bool:
    """Whether the word is spelled like a Vietnamese syllable, its tone where it belongs.

    >>> [is_syllable(word) for word in ("Nguyễn", "hoà", "hòa", "NguyÔn", "Nguyeãn", "xaõ")]
    [True, True, True, False, False, False]
    """
    word = unicodedata.normalize("NFC", word).lower()
    onset = ONSET.match(word)
    rime = CODA.sub("", word[onset.end() :] if onset else word)
    plain, toned = "", []
    for index, letter in enumerate(rime):
        marks = unicodedata.normalize("NFD", letter)
        tone = next((mark for mark in marks[1:] if mark in TONES), "")
        if tone:
            toned.append(index)
        plain += unicodedata.normalize("NFC", marks.replace(tone, "")) if tone else letter
    allowed = NUCLEI.get(plain)
    return allowed is not None and (not toned or (len(toned) == 1 and toned[0] in allowed))


@lru_cache(maxsize=50_000)
def _speaks_for(word: str, encoding: str) -> int:
    """1 where the word is a syllable in the encoding only, -1 as Unicode only, 0 where it does not tell."""
    return is_syllable(to_unicode(word, encoding)) - is_syllable(word)


def legacy_words(texts: Iterable[str]) -> Counter[str]:
    """Encoding → how many distinct words speak for it, less those that speak against it."""
    words = {word for text in texts for word in _doubtful_words(text)}
    return Counter({encoding: sum(_speaks_for(word, encoding) for word in words) for encoding in (TCVN3, VNI)})


def _doubtful_words(text: str) -> list[str]:
    if text.isascii() or UNICODE_ONLY.search(text):
        return []
    return [word for word in WORD.findall(text) if not word.isascii()]


def encoding_of(content: bytes) -> str:
    """The encoding of a text file: UTF-8 or UTF-16 where the bytes prove it, else the code page in which the words are
    Vietnamese; '' where none is.
    """
    sample = content[:SAMPLE]
    # Of common letters one byte of two is 0 in UTF-16, the upper one. NULs elsewhere only fill up a field.
    lower, upper = sorted([(sample[1::2].count(0), "utf-16-le"), (sample[::2].count(0), "utf-16-be")])
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        candidates = ["utf-16"]
    elif upper[0] > len(sample) / 8 and lower[0] < upper[0] / 20:
        candidates = [upper[1]]
    else:
        candidates = ["utf-8-sig", *_code_pages(sample[: sample.rfind(b"\n") + 1] or sample)]
    return next((encoding for encoding in candidates if _decodes(content, encoding)), "")


def _code_pages(sample: bytes) -> list[str]:
    """Windows-1258 and, for TCVN3 and VNI, Windows-1252: those in which the words are Vietnamese, the best first."""
    vietnamese, latin = sample.decode("cp1258", "replace"), sample.decode("cp1252", "replace")
    readings = [("cp1258", vietnamese), *(("cp1252", to_unicode(latin, encoding)) for encoding in (TCVN3, VNI))]
    shares = []
    for encoding, text in readings:
        words = {word for word in WORD.findall(unicodedata.normalize("NFC", text)) if not word.isascii()}
        shares.append((sum(map(is_syllable, words)) / (len(words) or 1), encoding))
    return [encoding for share, encoding in sorted(shares, reverse=True) if share >= LEAST_SHARE]


def _decodes(content: bytes, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for start in range(0, len(content), CHUNK):
            decoder.decode(content[start : start + CHUNK])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def convert_cells(
    rows: list[list[Any]], fonts: Mapping[tuple[int, int], str], distinct_texts: Collection[str]
) -> tuple[str, ...]:
    """Convert the cells of a sheet to Unicode, in place; returns the encodings found.

    Args: fonts by (row, column) where the font is one of an old encoding; distinct_texts of the whole file, from which
    the encoding is guessed where no font tells.
    """
    of_file = legacy_words(distinct_texts)
    guesses = [encoding for encoding in of_file if of_file[encoding] >= LEAST_WORDS]
    if not fonts and not guesses:
        return ()
    is_pure = not any(UNICODE_ONLY.search(text) for text in distinct_texts)
    groups: dict[tuple[int, str], list[tuple[int, str]]] = defaultdict(list)
    of_rows: Counter[tuple[int, str]] = Counter()  # a row is typed, or pasted, by one person
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            if not isinstance(cell, str) or not cell:
                continue
            font = fonts.get((row, column), "") if fonts else ""
            if font or (guesses and not cell.isascii()):
                groups[column, font].append((row, cell))
                for encoding in () if font else guesses:
                    of_rows[row, encoding] += _evidence(cell, encoding)
    found = set()
    for (column, font), cells in groups.items():
        candidates = [encoding_of_font(font)] if font else guesses
        of_column = {encoding: sum(_evidence(text, encoding) for _, text in cells) for encoding in candidates}
        encoding = max(candidates, key=lambda encoding: (of_column[encoding], of_file[encoding]))
        prior = of_column[encoding] or bool(font or (is_pure and not fonts))
        capitals = bool(CAPITALS_FONT.match(font))
        for row, text in cells:
            # The words of the cell go before those of its row, and these before those of its column.
            speaks = _evidence(text, encoding) or (0 if font else of_rows[row, encoding]) or prior
            if speaks <= 0 or UNICODE_ONLY.search(text):
                continue
            converted = to_unicode(text, encoding)
            if converted != text:
                found.add(encoding)
            rows[row][column] = converted.upper() if capitals else converted
    return tuple(sorted(found))


@lru_cache(maxsize=50_000)
def _evidence(text: str, encoding: str) -> int:
    """How many words speak for the encoding, less those against it; Unicode-only text speaks against every one."""
    if not text.isascii() and UNICODE_ONLY.search(text):
        return -1
    return sum(_speaks_for(word, encoding) for word in _doubtful_words(text))
