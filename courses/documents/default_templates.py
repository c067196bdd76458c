"""The templates that the product brings along, one function a kind of document.

They are made when they are needed, so that no binary file lies in the source; the province can download one, change it
in Word and upload it as its own (word_templates). The wording of a paper stands here, its facts in contents.py.
"""

from collections.abc import Callable
from functools import cache

from courses.documents import kinds
from courses.documents.blocks import (
    Repeated,
    as_bytes,
    body_text,
    command,
    head,
    list_table,
    new_document,
    new_section,
    page_break,
    recipients,
    rule,
    signatures,
    titled,
    width_of,
    write,
)
from courses.documents.kinds import Columns, Kind
from courses.documents.letterhead import ISSUER, ISSUER_HEAD

CLASS_IN_WORDS = "lớp {{ lop.ten }} (mã lớp {{ lop.ma }})"


def sending_decision(columns: Columns) -> bytes:
    """Quyết định cử đi học, and the list that goes with it on pages of its own."""
    document = new_document(Kind.SENDING_DECISION.label, landscape=False)
    head(document, number="Số: {{ so }}", draft="la_du_thao")
    write(document, "QUYẾT ĐỊNH", bold=True, align="center", before=16)
    write(document, "Về việc cử cán bộ, công chức cấp xã đi học lớp {{ lop.ten }}", bold=True, align="center", after=2)
    rule(document, width=60, within=width_of(document.sections[-1]))
    write(document, f"{ISSUER_HEAD} {ISSUER} TỈNH LÀO CAI", bold=True, align="center", before=10, after=10)
    command(document, "{%p for van_ban in can_cu %}")
    body_text(document, "Căn cứ {{ van_ban }};", italic=True)
    command(document, "{%p endfor %}")
    body_text(document, "Xét đề nghị của {{ noi_de_nghi }}.", italic=True)
    write(document, "QUYẾT ĐỊNH:", bold=True, align="center", before=8, after=8)
    body_text(
        document,
        "**Điều 1.** Cử {{ so_nguoi }} cán bộ, công chức cấp xã (có danh sách kèm theo) đi học "
        f"{CLASS_IN_WORDS}, loại hình {{{{ lop.loai_hinh }}}}, hình thức {{{{ lop.hinh_thuc }}}}.",
    )
    body_text(document, "1. Thời gian: từ ngày {{ lop.tu_ngay }} đến ngày {{ lop.den_ngay }} ({{ lop.so_tiet }} tiết).")
    body_text(document, "2. Địa điểm: {{ lop.dia_diem }}.")
    command(document, "{%p if lop.co_so %}")
    body_text(document, "3. Cơ sở đào tạo, bồi dưỡng: {{ lop.co_so }}.")
    command(document, "{%p endif %}")
    body_text(
        document,
        "**Điều 2.** Kinh phí đào tạo, bồi dưỡng do {{ nguon_kinh_phi }} bảo đảm theo quy định hiện hành. Cán bộ, công "
        "chức được cử đi học có trách nhiệm học tập đầy đủ, chấp hành quy chế của lớp học, báo cáo kết quả với cơ "
        "quan, đơn vị và được hưởng các chế độ theo quy định.",
    )
    command(document, "{%p if so_lan_cam_ket %}")
    body_text(
        document,
        "Sau khi hoàn thành chương trình, người được cử đi học có trách nhiệm tiếp tục công tác trong thời gian ít "
        "nhất gấp {{ so_lan_cam_ket }} lần thời gian đào tạo; nếu vi phạm thì đền bù chi phí đào tạo theo "
        "{{ van_ban_dao_tao }}.",
    )
    command(document, "{%p endif %}")
    last = body_text(
        document,
        "**Điều 3.** Chánh Văn phòng Sở, Thủ trưởng các cơ quan, đơn vị có liên quan và các ông (bà) có tên trong danh "
        "sách tại Điều 1 chịu trách nhiệm thi hành Quyết định này kể từ ngày ký./.",
    )
    last.paragraph_format.keep_with_next = True  # a signature does not stand alone on a page
    recipients(
        document,
        (
            "- Như Điều 3;",
            "- UBND tỉnh (b/c);",
            "{%p if lop.co_so %}",
            "- {{ lop.co_so }};",
            "{%p endif %}",
            "- Lưu: VT, hồ sơ lớp.",
        ),
        signer=("{{ nguoi_ky.chuc_vu }}",),
        name="{{ nguoi_ky.ho_ten }}",
    )
    section = new_section(document, landscape=True)
    write(document, "DANH SÁCH", bold=True, align="center")
    write(document, f"Cán bộ, công chức cấp xã được cử đi học {CLASS_IN_WORDS}", bold=True, align="center")
    write(
        document,
        "(Kèm theo Quyết định số {{ so }} {{ ngay_quyet_dinh }} của Giám đốc Sở Nội vụ tỉnh Lào Cai)",
        italic=True,
        align="center",
        after=2,
    )
    rule(document, width=60, within=width_of(section))
    command(document, "{%p if pham_vi %}")
    write(document, "{{ pham_vi }}", italic=True, align="center")
    command(document, "{%p endif %}")
    write(document, "", size=6)
    list_table(document, columns, loop="nguoi in danh_sach", row="nguoi", size=11)
    write(document, "Danh sách có {{ so_trong_danh_sach }} người./.", italic=True, before=6)
    return as_bytes(document)


def class_list(columns: Columns) -> bytes:
    document = new_document(Kind.CLASS_LIST.label, landscape=True)
    head(document)
    titled(document)
    list_table(document, columns, loop="nguoi in danh_sach", row="nguoi", size=11)
    write(document, "Danh sách có {{ so_trong_danh_sach }} người./.", italic=True, before=6)
    signatures(document, "NGƯỜI LẬP BIỂU", "THỦ TRƯỞNG ĐƠN VỊ")
    return as_bytes(document)


def attendance(columns: Columns) -> bytes:
    """Phiếu điểm danh: as many sheets as the sessions need, each with all people."""
    document = new_document(Kind.ATTENDANCE.label, landscape=True)
    command(document, "{%p for to in cac_to %}")
    head(document)
    titled(document)
    list_table(
        document,
        columns,
        loop="nguoi in to.danh_sach",
        row="nguoi",
        size=11,
        repeated=Repeated(
            kinds.SESSION_WIDTH,
            kinds.SESSIONS_A_SHEET,
            ("buoi in to.cac_buoi", "buoi"),
            ("dau in nguoi.cac_dau", "dau"),
        ),
    )
    write(document, "{{ chu_thich }}", size=11, italic=True, before=4)
    signatures(document, "NGƯỜI ĐIỂM DANH", "GIẢNG VIÊN")
    command(document, "{%p if not loop.last %}")
    page_break(document)
    command(document, "{%p endif %}")
    command(document, "{%p endfor %}")
    return as_bytes(document)


def results(columns: Columns) -> bytes:
    document = new_document(Kind.RESULTS.label, landscape=True)
    head(document)
    titled(document)
    list_table(document, columns, loop="nguoi in danh_sach", row="nguoi", size=11)
    write(document, "{{ tong_ket }}", italic=True, before=6)
    signatures(document, "NGƯỜI LẬP BẢNG", "THỦ TRƯỞNG ĐƠN VỊ", names=("", "{{ nguoi_dung_dau }}"))
    return as_bytes(document)


def certificates(columns: Columns) -> bytes:
    document = new_document(Kind.CERTIFICATES.label, landscape=True)
    head(document)
    titled(document)
    list_table(document, columns, loop="nguoi in nhom.danh_sach", row="nguoi", group="nhom in cac_nhom", size=11)
    write(document, "{{ tong_ket }}", italic=True, before=6)
    signatures(document, "NGƯỜI VÀO SỔ", "THỦ TRƯỞNG ĐƠN VỊ", names=("", "{{ nguoi_dung_dau }}"))
    return as_bytes(document)


def plan(columns: Columns) -> bytes:
    document = new_document(Kind.PLAN.label, landscape=True)
    head(document)
    titled(document)
    list_table(
        document,
        columns,
        loop="dong in nhom.danh_sach",
        row="dong",
        group="nhom in cac_nhom",
        size=10,
        total={column.key: f"{{{{ tong.{column.key} }}}}" for column in columns if column.key in kinds.PLAN_TOTALS}
        | {"noi_dung": "Tổng cộng"},
    )
    write(document, "{{ tong_ket }}", italic=True, before=6)
    signatures(document, "NGƯỜI LẬP BIỂU", "THỦ TRƯỞNG ĐƠN VỊ")
    return as_bytes(document)


MAKERS: dict[Kind, Callable[[Columns], bytes]] = {
    Kind.SENDING_DECISION: sending_decision,
    Kind.CLASS_LIST: class_list,
    Kind.ATTENDANCE: attendance,
    Kind.RESULTS: results,
    Kind.CERTIFICATES: certificates,
    Kind.PLAN: plan,
}


@cache
def default_template(kind: Kind, columns: Columns = ()) -> bytes:
    """The product's template of a kind, as .docx; with other columns of its table than usual, where they are given."""
    return MAKERS[kind](columns or kinds.COLUMNS[kind])
