"""An identifier cell becomes a number of the identity card (CMND, 9 digits) or citizen card (CCCD, 12), or none.

Excel takes leading zeros off a number and rounds a long one; people write two numbers in a cell, or where and when the
card was issued, and something where they know none: `000000000` is nobody's number.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

CMND, CCCD = 9, 12  # digits

# Blanks, points, dashes and apostrophes that people put between digits.
BETWEEN_DIGITS = re.compile(r"(?<=\d)[\s.'’‘`´\-–](?=\d)")
DAY = re.compile(r"(?<![\d.])\d{1,2}\s*[/.\-]\s*\d{1,2}\s*[/.\-]\s*\d{4}(?![\d.])")
# What a number is called; any other letters beside it make it something else: a passport, an officer's card.
LABEL = re.compile(
    r"(?:số|so|cmnd|cmtnd|cmt|cccd|cc|căn\s*cước(?:\s*công\s*dân)?|chứng\s*minh(?:\s*nhân\s*dân|\s*thư)?|cũ|mới|định\s*danh"
    r"|cá\s*nhân|và|:|\.|\(|\))",
    re.IGNORECASE,
)
ISSUED = re.compile(r"(?:,|;|-|–|\()?\s*(?:ngày|nơi\s*cấp|cấp|do|tại|ca\b|công\s*an|cục).*$", re.IGNORECASE)
APART = re.compile(r"\s*[/;,|\n+]\s*|\s+[-–]\s+|\s+")
SCIENTIFIC = re.compile(r"^\d(?:[.,]\d+)?E\+?\d{1,2}$", re.IGNORECASE)
LETTERS_FOR_DIGITS = str.maketrans("OoQIl", "00011")
MISTYPED = re.compile(r"^(?=(?:.*\d){6})[\dOoQIl\s.\-]{8,}$")
NUMBER = re.compile(r"\d{8,12}", re.ASCII)
REPEATED = re.compile(r"(\d{1,4}?)\1{2,}|(\d\d)\2{3}\d")
UP, DOWN = "01234567890123456789", "98765432109876543210"
RUN = 8  # digits in sequence that no office gives out


@dataclass(frozen=True, slots=True)
class ReadNumber:
    """What a cell says: the number to write ('' where none), what was repaired, and what else stands there.

    `given` are the digits before leading zeros were put back; `others` are further numbers and what is said of the
    card; `is_invented` tells a number that stands for an unknown one.
    """

    number: str = ""
    given: str = ""
    others: tuple[str, ...] = ()
    is_invented: bool = False
    is_rounded: bool = False

    @property
    def is_repaired(self) -> bool:
        return bool(self.number) and self.number != self.given


@lru_cache(maxsize=2**12)
def read_number(text: str) -> ReadNumber:
    """The number in a cell; of two the citizen card's, which has taken the other's place.

    >>> read_number("63914612").number, read_number("063123456 / 010079001234").number
    ('063914612', '010079001234')
    """
    if NUMBER.fullmatch(text):
        return _checked(text, ())
    if SCIENTIFIC.match(text):
        return ReadNumber(is_rounded=True)
    others: list[str] = []
    rest = text
    if issued := ISSUED.search(rest):
        others.append(issued[0].strip(" ,;-–()"))
        rest = rest[: issued.start()]
    for day in DAY.findall(rest):
        others.append(day)
    rest = LABEL.sub(" ", BETWEEN_DIGITS.sub("", DAY.sub(" ", rest))).strip(" '’,;-–")
    if MISTYPED.match(rest):
        rest = BETWEEN_DIGITS.sub("", rest.translate(LETTERS_FOR_DIGITS).strip(" .-"))
    parts = [part for part in APART.split(rest) if part]
    if any(len(part) > CCCD for part in parts):  # two numbers with a blank between them
        parts = LABEL.sub(" ", text).split()
    numbers = [part for part in parts if NUMBER.fullmatch(part)]
    if not numbers or len(numbers) != len(parts):
        return ReadNumber()
    best = max(numbers, key=lambda number: (_full(number) is not None, len(number)))
    others = [number for number in dict.fromkeys(numbers) if number != best] + others
    return _checked(best, tuple(others), text=BETWEEN_DIGITS.sub("", text))


def _full(number: str) -> str | None:
    """The number with the zeros that Excel took off; None where it stands for an unknown one."""
    full = number.zfill(CMND if len(number) <= CMND else CCCD)
    return None if is_invented(number) or is_invented(full) else full


def is_invented(number: str) -> bool:
    """Whether the digits are such as people type where they know no number: one digit, a sequence, a repetition."""
    if REPEATED.fullmatch(number):
        return True
    runs = [number[at : at + RUN] for at in range(len(number) - RUN + 1)]
    return any(run in UP or run in DOWN for run in runs)


def _checked(number: str, others: tuple[str, ...], *, text: str = "") -> ReadNumber:
    full = _full(number)
    if full is None:
        return ReadNumber(others=others, is_invented=True)
    given = number if not text or number in text else ""
    return ReadNumber(full, given, others)
