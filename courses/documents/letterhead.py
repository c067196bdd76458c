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
TO_BE_WRITTEN = "\u00a0" * 6  # room for a hand

# The law on cadres and civil servants, by the day from which it held.
LAWS = (
    (date(2025, 7, 1), "Luật Cán bộ, công chức số 80/2025/QH15 ngày 24 tháng 6 năm 2025"),
    (date(2010, 1, 1), "Luật Cán bộ, công chức ngày 13 tháng 11 năm 2008"),
)
ABBREVIATIONS = {"NĐ": "Nghị định", "QĐ": "Quyết định", "TT": "Thông tư", "NQ": "Nghị quyết", "KH": "Kế hoạch"}
NUMBERED = re.compile(rf"^({'|'.join((*ABBREVIATIONS, *ABBREVIATIONS.values()))})\s+(?:số\s+)?(?=\d)", re.IGNORECASE)
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


def place_and_day(day: date | None, *, year: int | None = None) -> str:
    """The line below the motto: "Lào Cai, ngày 06 tháng 7 năm 2016"."""
    return f"{PLACE}, {day_in_words(day, year=year)}"


def decision_number(number: str) -> str:
    """A number with the sign of the kind and the issuer: "125" and "125/QĐ-SNV" are both "125/QĐ-SNV"."""
    return number if "/" in number or not number else f"{number}/{DECISION_SIGN}"


def law_on(day: date) -> str | None:
    """The law on cadres and civil servants that held on the day; None before 2010."""
    return next((law for since, law in LAWS if day >= since), None)


def spelt_out(text: str) -> str:
    """A text of law as papers name it: "NĐ 18/2010/NĐ-CP" is "Nghị định số 18/2010/NĐ-CP"."""
    return NUMBERED.sub(lambda match: f"{ABBREVIATIONS.get(match[1].upper(), match[1])} số ", text.strip())


def unit_within_sentence(name: str) -> str:
    """The name of a unit inside a sentence: "Huyện Bắc Hà" is "huyện Bắc Hà"."""
    return name[:1].lower() + name[1:]


def listed(words: list[str]) -> str:
    """Words in a sentence: "a", "a và b", "a, b và c"."""
    return " và ".join(part for part in (", ".join(words[:-1]), words[-1] if words else "") if part)


def file_name(*parts: str) -> str:
    """Words as the name of a file without its ending: ASCII, lower case, hyphens."""
    return NOT_IN_FILE_NAMES.sub("-", fold(" ".join(parts))).strip("-")
