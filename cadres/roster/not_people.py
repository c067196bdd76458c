"""Texts of a roster that are nobody's name: vacancies, those who have left, signatures, notes, letterheads."""

import re
from functools import lru_cache

from cadres.text import fold, nfc

# A post that nobody holds, in the place of a name. With their marks: `Trọng`, `Thiệu`, `Chứa` are names.
VACANT = re.compile(
    r"^[\s(\[*\"“'-]*(?:hiện\s+|đang\s+|tạm\s+|tạm thời\s+|còn\s+)*"
    r"(?:khuyết|khuyêt|bỏ trống|để trống|trống|thiếu|vị trí (?:trống|khuyết|thiếu)|chức danh (?:trống|khuyết)"
    r"|(?:chưa|chờ|chuẩn bị|dự kiến|sẽ)\s+(?:được\s+|có quyết định\s+)?(?:bố trí|có|bầu|tuyển|bổ nhiệm"
    r"|bổ sung|kiện toàn|phân công|sắp xếp|điều động|phê chuẩn)"
    r"|(?:đang\s+)?tuyển (?:dụng|mới)|đang tuyển|kiêm nhiệm|kiêm$|không có(?: ai| người)?|không bố trí|không"
    r"|chưa|vacant|n/a)"
    r"(?:[\s,.:;()\[\]/–-].*)?$",
    re.IGNORECASE,
)
VACANT_WITHOUT_MARKS = re.compile(
    r"^[\s(\[*-]*(?:hien |dang |tam )?(?:khuyet(?: chuc danh)?|(?:chua|cho) (?:bo tri|co nguoi|bau|tuyen"
    r"|bo nhiem|kien toan)"
    r"|vi tri trong|bo trong|de trong|dang tuyen(?: dung)?|khong co nguoi|con thieu)\b"
)
NOTHING = re.compile(r"^(?:[\W_]+|0+|[x×?]+)$", re.IGNORECASE)  # `-`, `…`, `0`, `x`, `??`
MAX_VACANT = 80

# Those who have left: of the name of a sheet, of a title, of a group row. With their marks: `chuyên` is no `chuyển`.
LEFT = (
    "(?:nghỉ|về) (?:việc|hưu|chế độ|công tác|theo (?:nđ|nghị định|chế độ))", "hưu trí", "đã nghỉ",
    "(?:ds|danh sách) nghỉ",
    "(?:cán bộ|công chức|cb|cc|cbcc|người) nghỉ", "thôi (?:việc|giữ|công tác|đảm nhiệm)", "đã thôi",
    "chuyển (?:công tác|đi|đơn vị|huyện|tỉnh|xã|ngành)", "đã (?:chuyển|mất|chết|điều động|giảm)",
    "điều động đi", "từ trần", "qua đời",
    "(?:biến động|phát sinh|danh sách|ds|cán bộ|công chức|cbcc|người|số) giảm",
    "giảm (?:trong|cán bộ|công chức|cbcc|biên chế|năm|kỳ|so)",
    "miễn nhiệm", "bãi nhiệm", "không còn công tác", "tinh giản biên chế", "rời khỏi", "^(?:giảm|nghỉ)$",
)  # fmt: skip
LEFT_WITH_MARKS = re.compile("|".join(rf"(?<!\w){words}(?!\w)" for words in LEFT))
LEFT_WITHOUT_MARKS = re.compile("|".join(rf"(?<!\w){fold(words)}(?!\w)" for words in LEFT))
# Who is going to leave is still there.
NOT_YET_LEFT = re.compile(
    r"\b(?:sap|se|du kien|den tuoi|chuan bi|du dieu kien|du tuoi|ke hoach|quy hoach|khong nghi|chua nghi"
    r"|nhu cau|de nghi|thay the|tang)\b"
)
REASON_LEFT = re.compile(r"^(?:ly do|hinh thuc|truong hop|nguyen nhan)[ ,]*(?:nghi|thoi|giam|chuyen|roi)")
SIGNED = re.compile(
    r"^[\W_]*(?:nguoi (?:lap|ky|tong hop|ghi|bao cao|kiem tra|doi chieu)|lap (?:bieu|bang)|can bo (?:lap"
    r"|tong hop|phu trach)"
    r"|thu truong|truong phong|pho truong phong|giam doc|pho giam doc|tm\b|t/m\b|kt\b|k/t\b|tl\b|t/l\b|tuq\b"
    r"|noi nhan|ky,? ?(?:ten|ghi|ro)"
    r"|\(?ky\b|da ky|xac nhan|phe duyet|nguoi duyet|duyet\b|ke toan truong|van thu|luu:|- ?luu|nhu tren"
    r"|(?:tuyet )?mat$"
    r"|chu tich$|pho chu tich$|bi thu$|pho bi thu$|truong ban$"
    r"|.{2,60}, ?ngay ?[\d.… ]{0,8}thang)"
)
NOTE = re.compile(
    r"^[\W_]*(?:ghi chu|luu y|chu thich|chu y|trong do|nguon|don vi tinh|dvt|danh sach (?:nay|co|gom|tren"
    r"|kem)|an dinh|tong hop|so lieu"
    r"|tinh den|thoi diem|kem theo|ban hanh kem|theo (?:thong tu|quyet dinh|cong van|nghi dinh)|can cu"
    r"|trang (?:so )?\d|page \d|trang$"
    r"|(?:mang|chuyen|cong don) sang|tiep theo|xem tiep|huong dan|giai thich|luy ke|vi du|het\b|hết\b|in ngay"
    r"|ngay in|dien thoai|dia chi|so:|so \d)"
)
LETTERHEAD = re.compile(
    r"^[\W_]*(?:cong hoa xa hoi|doc lap|dang cong san|mau (?:so|bieu|\d)|bieu (?:so|mau|\d)|bieu$|phu luc"
    r"|danh sach|thong ke|bao cao|tong hop|bang|ds\b"
    r"|so noi vu|phong noi vu|ban to chuc|so:|thang \d|nam \d)"
)
SENTENCE = 8  # words; a longer text is no name of a person
PERSON_NAME = re.compile(r"^[^\W\d_]+(?:[ '’][^\W\d_]+){1,5}$")


@lru_cache(maxsize=2**14)
def is_vacant(name: str) -> bool:
    """Whether what stands in the place of a name says that nobody holds the post: `Khuyết`, `(chưa bố trí)`, `-`."""
    text = nfc(name)
    if not text or len(text) > MAX_VACANT:
        return False
    if text.isascii() and VACANT_WITHOUT_MARKS.match(text.lower()):
        return True
    return bool(NOTHING.match(text) or VACANT.match(text))


@lru_cache(maxsize=2**12)
def tells_of_leavers(text: str) -> bool:
    """Whether a title, the name of a sheet or a group row says that its people have left: `Nghỉ hưu 2015`."""
    told = LEFT_WITHOUT_MARKS if text.isascii() else LEFT_WITH_MARKS
    return bool(told.search(nfc(text).lower())) and not NOT_YET_LEFT.search(fold(text))


def is_signature(text: str) -> bool:
    """`NGƯỜI LẬP BIỂU`, `TM. UBND XÃ`, `(Ký, ghi rõ họ tên)`, `Lào Cai, ngày 31 tháng 12 năm 2015`."""
    return bool(SIGNED.match(fold(text)))


def is_note(text: str) -> bool:
    """`Ghi chú: …`, a remark in brackets, a letterhead, a sentence: what is no person and no group."""
    folded = fold(text)
    return bool(
        NOTE.match(folded)
        or LETTERHEAD.match(folded)
        or text.count(" ") >= SENTENCE
        or text.startswith(("(", "*(", "* (", "(*"))
        or not any(map(str.isalpha, text))
    )


def is_like_a_name(text: str) -> bool:
    """Two to six words of letters, each with a capital."""
    return bool(PERSON_NAME.match(text)) and all(word[0].isupper() for word in text.split())
