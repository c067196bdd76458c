"""Words that stand on every official paper: who issues it, from where, on which day (Nghị định 30/2020/NĐ-CP)."""

import re
from datetime import date

from cadres.text import fold

STATE_TITLE = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"  # quốc hiệu
STATE_MOTTO = "Độc lập - Tự do - Hạnh phúc"  # tiêu ngữ
BODY_ABOVE = "UBND TỈNH LÀO CAI"
ISSUER = "SỞ NỘI VỤ"
ISSUER_HEAD = "GIÁM ĐỐC"
PLACE = "Lào Cai"
DECISION_SIGN = "QĐ-SNV"
DEPARTMENT_HEAD = "Giám đốc Sở Nội vụ tỉnh Lào Cai"  # as it is named in a sentence
PROVINCE_COMMITTEE = "Ủy ban nhân dân tỉnh Lào Cai"
# Who issues what bears the sign.
ISSUERS = {
    "QĐ-SNV": DEPARTMENT_HEAD,
    "KH-SNV": "Sở Nội vụ tỉnh Lào Cai",
    "QĐ-UBND": PROVINCE_COMMITTEE,
    "KH-UBND": PROVINCE_COMMITTEE,
    "NQ-HĐND": "Hội đồng nhân dân tỉnh Lào Cai",
    "NĐ-CP": "Chính phủ",
    "QĐ-TTG": "Thủ tướng Chính phủ",
    "TT-BNV": "Bộ trưởng Bộ Nội vụ",
    "TT-BTC": "Bộ trưởng Bộ Tài chính",
}
TO_BE_WRITTEN = "\u00a0" * 6  # room for a hand

# The law on cadres and civil servants, by the day from which it held.
LAWS = (
    (date(2025, 7, 1), "Luật Cán bộ, công chức số 80/2025/QH15 ngày 24 tháng 6 năm 2025"),
    (date(2010, 1, 1), "Luật Cán bộ, công chức ngày 13 tháng 11 năm 2008"),
)
ABBREVIATIONS = {"NĐ": "Nghị định", "QĐ": "Quyết định", "TT": "Thông tư", "NQ": "Nghị quyết", "KH": "Kế hoạch"}
NUMBERED = re.compile(rf"^({'|'.join((*ABBREVIATIONS, *ABBREVIATIONS.values()))})\s+(?:số\s+)?(?=\d)", re.IGNORECASE)
NUMBER = re.compile(r"\b\d+(?:/\d{4})?/[A-ZĐa-z]+-[A-ZĐa-z]+")
SIGN = re.compile(r"/([A-ZĐa-z]+-[A-ZĐa-z]+)")
DAY_IN_FIGURES = re.compile(r"(?:ngày\s+)?\b(\d{1,2})/(\d{1,2})/(\d{4})\b")
NOT_IN_FILE_NAMES = re.compile(r"[^0-9a-z]+")


def day_in_words(day: date | None, *, year: int | None = None) -> str:
    """A day as papers write it: "ngày 06 tháng 7 năm 2016". Without a day there is room to write it by hand.

    Days below 10 and the months 1 and 2 have a leading 0 (Nghị định 30/2020/NĐ-CP, Phụ lục I). `year` is written where
    there is no day yet.
    """
    if day is None:
        return f"ngày{TO_BE_WRITTEN}tháng{TO_BE_WRITTEN}năm {year or TO_BE_WRITTEN}"
    month = f"{day.month:02d}" if day.month <= 2 else f"{day.month}"
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def place_and_day(day: date | None, *, year: int | None = None, place: str = PLACE) -> str:
    """The line below the motto: "Lào Cai, ngày 06 tháng 7 năm 2016"."""
    return f"{place}, {day_in_words(day, year=year)}"


def decision_number(number: str) -> str:
    """A number with the sign of the kind and the issuer: "125" and "125/QĐ-SNV" are both "125/QĐ-SNV"."""
    return number if "/" in number or not number else f"{number}/{DECISION_SIGN}"


def law_on(day: date) -> str | None:
    """The law on cadres and civil servants that held on the day; None before 2010."""
    return next((law for since, law in LAWS if day >= since), None)


def spelt_out(text: str) -> str:
    """A text of law as papers name it: "NĐ 18/2010/NĐ-CP" is "Nghị định số 18/2010/NĐ-CP"."""
    return NUMBERED.sub(lambda match: f"{ABBREVIATIONS.get(match[1].upper(), match[1])} số ", text.strip())


def issuer_of(text: str) -> str:
    """Who issued what bears the sign in a text: "12/QĐ-UBND" is of "Ủy ban nhân dân tỉnh Lào Cai"; "" where unknown."""
    sign = SIGN.search(text)
    return ISSUERS.get(sign[1].upper(), "") if sign else ""


def cited(text: str, subject: str) -> str:
    """A decision as somebody wrote it down, as a paper rests on it: with day, issuer and subject.

    "QĐ 45/QĐ-SNV ngày 01/02/2015" is "Quyết định số 45/QĐ-SNV ngày 01 tháng 02 năm 2015 của Giám đốc Sở Nội vụ tỉnh Lào
    Cai về việc mở lớp …". What the text itself says of issuer and subject stands.
    """
    words = DAY_IN_FIGURES.sub(_day_in_words, spelt_out(text))
    issuer = issuer_of(words)
    if issuer and " của " not in words:
        words = f"{words} của {issuer}"
    return words if " về " in words else f"{words} về việc {subject}"


def number_and_day(text: str) -> tuple[str, date | None]:
    """The number and the day of a decision as somebody wrote it down: "QĐ 45/QĐ-SNV ngày 01/02/2015" is
    ("45/QĐ-SNV", 1 February 2015); what cannot be told is "" and None."""
    number, figures = NUMBER.search(text), DAY_IN_FIGURES.search(text)
    return number[0] if number else "", _day(figures) if figures else None


def _day_in_words(figures: re.Match[str]) -> str:
    """Of a day that there is not, what was written."""
    day = _day(figures)
    return day_in_words(day) if day else figures[0]


def _day(figures: re.Match[str]) -> date | None:
    day, month, year = (int(part) for part in figures.groups())
    try:
        return date(year, month, day)
    except ValueError:
        return None


def unit_within_sentence(name: str) -> str:
    """The name of a unit inside a sentence: "Huyện Bắc Hà" is "huyện Bắc Hà"."""
    return name[:1].lower() + name[1:]


def listed(words: list[str]) -> str:
    """Words in a sentence: "a", "a và b", "a, b và c"."""
    return " và ".join(part for part in (", ".join(words[:-1]), words[-1] if words else "") if part)


def file_name(*parts: str) -> str:
    """Words as the name of a file without its ending: ASCII, lower case, hyphens."""
    return NOT_IN_FILE_NAMES.sub("-", fold(" ".join(parts))).strip("-")


# ---------------------------------------------------------------- an amount in words

DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
THOUSANDS = ("", "nghìn", "triệu")
BILLION = 10**9


def amount_in_words(amount: int) -> str:
    """A whole amount of đồng from 0 on as it is written out: "Bảy tỷ hai trăm triệu đồng"."""
    words = f"{number_in_words(amount)} đồng"
    return words[0].upper() + words[1:]


def number_in_words(number: int) -> str:
    """A whole number from 0 on: 1005 is "một nghìn không trăm linh năm"."""
    if number >= BILLION:
        billions, rest = divmod(number, BILLION)
        return f"{number_in_words(billions)} tỷ{f' {_below_a_billion(rest, is_led=True)}' if rest else ''}"
    return _below_a_billion(number, is_led=False) or DIGITS[0]


def _below_a_billion(number: int, *, is_led: bool) -> str:
    """`is_led`: something stands before it, so that empty hundreds are said."""
    parts: list[str] = []
    for place in reversed(range(len(THOUSANDS))):
        group = number // 1000**place % 1000
        if group:
            parts.append(f"{_below_a_thousand(group, is_led=is_led or bool(parts))} {THOUSANDS[place]}".strip())
    return " ".join(parts)


def _below_a_thousand(number: int, *, is_led: bool) -> str:
    hundreds, tens, ones = number // 100, number // 10 % 10, number % 10
    words = [DIGITS[hundreds], "trăm"] if hundreds or is_led else []
    if tens > 1:
        words += [DIGITS[tens], "mươi"]
    elif tens == 1:
        words.append("mười")
    elif ones and words:
        words.append("linh")
    if ones == 1 and tens > 1:
        words.append("mốt")
    elif ones == 5 and tens:
        words.append("lăm")
    elif ones:
        words.append(DIGITS[ones])
    return " ".join(words)
