"""The templates that the product brings along, one function a kind of document.

They are made when they are needed, so that no binary file lies in the source; the province can download one, change it
in Word and upload it as its own (word_templates). The wording of a paper stands here, its facts in contents.py.
"""

from collections.abc import Callable
from functools import cache

from docx.document import Document as WordDocument

from courses.documents import kinds
from courses.documents.blocks import (
    BODY,
    RECIPIENTS,
    TITLE,
    Repeated,
    as_bytes,
    body_text,
    closing,
    command,
    head,
    list_table,
    motto,
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

TO_BODY_ABOVE = ("{%p if co_quan_chu_quan %}", "- UBND tỉnh (b/c);", "{%p endif %}")
CLASS_IN_WORDS = "lớp {{ lop.ten }} (mã lớp {{ lop.ma }})"


def sending_decision(columns: Columns) -> bytes:
    """Quyết định cử đi học, and the list that goes with it on pages of its own."""
    document = new_document(Kind.SENDING_DECISION.label, landscape=False)
    decision_head(
        document,
        "Về việc cử cán bộ, công chức cấp xã đi học lớp {{ lop.ten }}",
        authority=f"{ISSUER_HEAD} {ISSUER} TỈNH LÀO CAI",
        draft="la_du_thao",
    )
    rests_on(document, "Xét đề nghị của {{ noi_de_nghi }}.")
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
    last_article(
        document,
        "**Điều 3.** Chánh Văn phòng Sở, Thủ trưởng các cơ quan, đơn vị có liên quan và các ông (bà) có tên trong danh "
        "sách tại Điều 1 chịu trách nhiệm thi hành Quyết định này kể từ ngày ký./.",
    )
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
    list_on_own_pages(
        document,
        columns,
        f"Cán bộ, công chức cấp xã được cử đi học {CLASS_IN_WORDS}",
        "(Kèm theo Quyết định số {{ so }} {{ ngay_quyet_dinh }} của Giám đốc Sở Nội vụ tỉnh Lào Cai)",
    )
    return as_bytes(document)


def class_list(columns: Columns) -> bytes:
    document = new_document(Kind.CLASS_LIST.label, landscape=True)
    head(document)
    titled(document)
    list_table(document, columns, loop="nguoi in danh_sach", row="nguoi")
    closing(document, "Danh sách có {{ so_trong_danh_sach }} người./.")
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
        repeated=Repeated(
            kinds.SESSION_WIDTH,
            kinds.SESSIONS_A_SHEET,
            ("buoi in to.cac_buoi", "buoi"),
            ("dau in nguoi.cac_dau", "dau"),
        ),
    )
    closing(document, "{{ chu_thich }}")
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
    list_table(document, columns, loop="nguoi in danh_sach", row="nguoi")
    closing(document, "{{ tong_ket }}")
    signatures(document, "NGƯỜI LẬP BẢNG", "THỦ TRƯỞNG ĐƠN VỊ", names=("", "{{ nguoi_dung_dau }}"))
    return as_bytes(document)


def certificates(columns: Columns) -> bytes:
    document = new_document(Kind.CERTIFICATES.label, landscape=True)
    head(document)
    titled(document)
    list_table(document, columns, loop="nguoi in nhom.danh_sach", row="nguoi", group="nhom in cac_nhom")
    closing(document, "{{ tong_ket }}")
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
        size=RECIPIENTS,  # fourteen columns, sums of thousands of millions among them
        group="nhom in cac_nhom",
        total={column.key: f"{{{{ tong.{column.key} }}}}" for column in columns if column.key in kinds.PLAN_TOTALS}
        | {"noi_dung": "Tổng cộng"},
    )
    closing(document, "{{ tong_ket }}")
    signatures(document, "NGƯỜI LẬP BIỂU", "THỦ TRƯỞNG ĐƠN VỊ")
    return as_bytes(document)


def registration(columns: Columns) -> bytes:
    document = new_document(Kind.REGISTRATION.label, landscape=True)
    head(document)
    titled(document)
    list_table(document, columns, loop="nguoi in danh_sach", row="nguoi")
    closing(document, "{{ tong_ket }}")
    signatures(document, "NGƯỜI LẬP BIỂU", "{{ nguoi_ky.chuc_vu }}", names=("", "{{ nguoi_ky.ho_ten }}"))
    return as_bytes(document)


def opening(columns: Columns) -> bytes:
    """Quyết định mở lớp, with the seats of each unit where there are quotas."""
    document = new_document(Kind.OPENING.label, landscape=False)
    decision_head(document, "Về việc mở lớp {{ lop.ten }}", authority="{{ tham_quyen }}", draft="la_du_thao")
    rests_on(document, "Xét đề nghị của {{ noi_de_nghi }}.")
    body_text(
        document,
        "**Điều 1.** Mở lớp {{ lop.ten }} (mã lớp {{ lop.ma }}), loại hình {{ lop.loai_hinh }}, hình thức "
        "{{ lop.hinh_thuc }}, như sau:",
    )
    body_text(document, "1. Số học viên: {{ so_hoc_vien }} người, là cán bộ, công chức cấp xã.")
    body_text(
        document,
        "2. Thời gian: từ ngày {{ lop.tu_ngay }} đến ngày {{ lop.den_ngay }} ({{ lop.so_tiet }} tiết, {{ so_ngay }} "
        "ngày học).",
    )
    body_text(document, "3. Địa điểm: {{ lop.dia_diem }}.")
    command(document, "{%p if lop.co_so %}")
    body_text(document, "4. Cơ sở đào tạo, bồi dưỡng: {{ lop.co_so }}.")
    command(document, "{%p endif %}")
    command(document, "{%p if chi_tieu %}")
    body_text(document, "Chỉ tiêu của các đơn vị:")
    list_table(document, columns, loop="dong in chi_tieu", row="dong")
    write(document, "", size=6)
    command(document, "{%p endif %}")
    command(document, "{%p if han_dang_ky %}")
    body_text(document, "Các đơn vị cử người tham gia lớp học đến hết ngày {{ han_dang_ky }}.")
    command(document, "{%p endif %}")
    body_text(
        document,
        "**Điều 2.** Kinh phí tổ chức lớp học{% if kinh_phi %} là {{ kinh_phi }} đồng,{% endif %} do "
        "{{ nguon_kinh_phi }} bảo đảm theo quy định hiện hành.",
    )
    last_article(
        document,
        "**Điều 3.** {{ thi_hanh }}, Thủ trưởng các cơ quan, đơn vị có liên quan"
        "{% if lop.co_so %} và {{ lop.co_so }}{% endif %} chịu trách nhiệm thi hành Quyết định này kể từ ngày ký./.",
    )
    recipients(
        document,
        ("- Như Điều 3;", *TO_BODY_ABOVE, "- Lưu: VT, hồ sơ lớp."),
        signer=("{{ nguoi_ky.chuc_vu }}",),
        name="{{ nguoi_ky.ho_ten }}",
    )
    return as_bytes(document)


def proposal(columns: Columns) -> bytes:
    """Tờ trình cử người đi học of a unit, and the list that goes with it."""
    document = new_document(Kind.PROPOSAL.label, landscape=False)
    head(document, number="Số: {{ so }}")
    write(document, "TỜ TRÌNH", size=TITLE, bold=True, align="center", before=16)
    subject(document, "Về việc cử cán bộ, công chức cấp xã đi học lớp {{ lop.ten }}")
    write(document, "Kính gửi: Sở Nội vụ tỉnh Lào Cai.", align="center", before=10, after=10)
    cited(document)
    body_text(document, "Căn cứ tiêu chuẩn chức danh và nhu cầu đào tạo, bồi dưỡng của đơn vị.", italic=True)
    body_text(
        document,
        "Trân trọng đề nghị Sở Nội vụ xem xét, quyết định cử {{ so_nguoi }} cán bộ, công chức cấp xã của {{ don_vi }} "
        f"(có danh sách kèm theo) đi học {CLASS_IN_WORDS}, loại hình {{{{ lop.loai_hinh }}}}, hình thức "
        "{{ lop.hinh_thuc }}, từ ngày {{ lop.tu_ngay }} đến ngày {{ lop.den_ngay }}, tại {{ lop.dia_diem }}.",
    )
    body_text(
        document,
        "Những người có tên trong danh sách thuộc đối tượng của lớp học; đơn vị bố trí người làm thay và tạo điều kiện "
        "để họ học tập đầy đủ.",
    )
    last_article(document, "Kính trình Sở Nội vụ xem xét, quyết định./.")
    recipients(
        document,
        ("- Như trên;", "- Lưu: VT."),
        signer=("{{ nguoi_ky.chuc_vu }}",),
        name="{{ nguoi_ky.ho_ten }}",
    )
    list_on_own_pages(
        document,
        columns,
        f"Cán bộ, công chức cấp xã được đề nghị cử đi học {CLASS_IN_WORDS}",
        "(Kèm theo Tờ trình số {{ so }} {{ ngay_to_trinh }})",
    )
    return as_bytes(document)


def summons(columns: Columns) -> bytes:
    """Giấy triệu tập học viên, and the list of those who are called."""
    document = new_document(Kind.SUMMONS.label, landscape=False)
    head(document, number="Số: {{ so }}")
    write(document, "GIẤY TRIỆU TẬP", size=TITLE, bold=True, align="center", before=16)
    subject(document, "Học viên lớp {{ lop.ten }}")
    write(document, "", size=8)
    cited(document)
    body_text(
        document,
        "{{ noi_trieu_tap }} triệu tập {{ so_trong_danh_sach }} ông (bà) có tên trong danh sách kèm theo tham gia "
        f"{CLASS_IN_WORDS}:",
    )
    body_text(
        document,
        "1. Thời gian: có mặt lúc {{ co_mat_luc }}; lớp học từ ngày {{ lop.tu_ngay }} đến ngày {{ lop.den_ngay }} "
        "({{ lop.so_tiet }} tiết).",
    )
    body_text(document, "2. Địa điểm: {{ lop.dia_diem }}.")
    body_text(document, "3. Hình thức học: {{ lop.hinh_thuc }}.")
    body_text(document, "4. Khi đến học mang theo giấy triệu tập này, quyết định cử đi học và giấy tờ tùy thân.")
    body_text(
        document,
        "Đề nghị Thủ trưởng các cơ quan, đơn vị thông báo và bố trí để các ông (bà) có tên trong danh sách tham gia "
        "lớp học đầy đủ, đúng thời gian.",
    )
    last_article(
        document, "Người không thể tham gia phải có văn bản của cơ quan, đơn vị gửi về trước ngày khai giảng./."
    )
    recipients(
        document,
        ("- Các ông (bà) trong danh sách;", "- Cơ quan, đơn vị có người học;", "- Sở Nội vụ;", "- Lưu: VT, hồ sơ lớp."),
        signer=("{{ nguoi_ky.chuc_vu }}",),
        name="{{ nguoi_ky.ho_ten }}",
    )
    list_on_own_pages(
        document, columns, f"Học viên được triệu tập tham gia {CLASS_IN_WORDS}", "(Kèm theo Giấy triệu tập số {{ so }})"
    )
    return as_bytes(document)


def recognition(columns: Columns) -> bytes:
    """Quyết định công nhận kết quả học tập và cấp văn bằng, chứng chỉ, and the list of those who completed."""
    document = new_document(Kind.RECOGNITION.label, landscape=False)
    decision_head(
        document,
        "Về việc công nhận kết quả học tập và cấp {{ ten_giay }} lớp {{ lop.ten }}",
        authority="{{ tham_quyen }}",
    )
    rests_on(document, "Căn cứ kết quả học tập của học viên lớp {{ lop.ten }} (mã lớp {{ lop.ma }}).")
    body_text(
        document,
        "**Điều 1.** Công nhận kết quả học tập và cấp {{ ten_giay }} cho {{ so_nguoi }} học viên đã hoàn thành "
        f"{CLASS_IN_WORDS}, từ ngày {{{{ lop.tu_ngay }}}} đến ngày {{{{ lop.den_ngay }}}}, tại {{{{ lop.dia_diem }}}} "
        "(có danh sách kèm theo).",
    )
    body_text(document, "**Điều 2.** Việc vào sổ, cấp phát {{ ten_giay }} thực hiện theo quy định hiện hành.")
    last_article(
        document,
        "**Điều 3.** Các bộ phận chuyên môn, đơn vị có liên quan và học viên có tên trong danh sách tại Điều 1 chịu "
        "trách nhiệm thi hành Quyết định này kể từ ngày ký./.",
    )
    recipients(
        document,
        ("- Như Điều 3;", "- Sở Nội vụ (b/c);", "- Lưu: VT, hồ sơ lớp."),
        signer=("{{ nguoi_ky.chuc_vu }}",),
        name="{{ nguoi_ky.ho_ten }}",
    )
    list_on_own_pages(
        document,
        columns,
        f"Học viên được công nhận kết quả học tập {CLASS_IN_WORDS}",
        "(Kèm theo Quyết định số {{ so }} {{ ngay_quyet_dinh }} của {{ noi_ban_hanh }})",
    )
    return as_bytes(document)


def certificate_sheets(columns: Columns) -> bytes:
    """The certificates themselves: lying, a page each."""
    document = new_document(Kind.CERTIFICATE_SHEET.label, landscape=True)
    command(document, "{%p for giay in cac_giay %}")
    head(document, of="giay.")
    write(document, "{{ ten_giay }}", size=28, bold=True, align="center", before=18, after=6)
    for line, size in (
        ("{{ giay.co_quan }}", BODY + 1),
        ("cấp cho ông (bà): **{{ giay.ho_ten }}**", 16),
        ("Sinh ngày: {{ giay.ngay_sinh }}{% if giay.dan_toc %}; dân tộc: {{ giay.dan_toc }}{% endif %}", BODY + 1),
        ("{{ giay.don_vi }}", BODY + 1),
        ("Đã hoàn thành chương trình: **{{ lop.ten }}** ({{ lop.so_tiet }} tiết)", BODY + 1),
        ("Từ ngày {{ lop.tu_ngay }} đến ngày {{ lop.den_ngay }}, tại {{ lop.dia_diem }}", BODY + 1),
    ):
        write(document, line, size=size, align="center", after=6).paragraph_format.keep_with_next = True
    command(document, "{%p if giay.xep_loai %}")
    grade = write(document, "Xếp loại: **{{ giay.xep_loai }}**", size=BODY + 1, align="center", after=6)
    grade.paragraph_format.keep_with_next = True
    command(document, "{%p endif %}")
    recipients(
        document,
        ("Số hiệu: {{ giay.so_hieu }}", "Số vào sổ: {{ giay.so_vao_so }}"),
        signer=("{{ giay.nguoi_ky.chuc_vu }}",),
        name="{{ giay.nguoi_ky.ho_ten }}",
        title="",
        size=BODY,
    )
    command(document, "{%p if not loop.last %}")
    page_break(document)
    command(document, "{%p endif %}")
    command(document, "{%p endfor %}")
    return as_bytes(document)


def commitments(columns: Columns) -> bytes:
    """Bản cam kết, a page for each."""
    document = new_document(Kind.COMMITMENT.label, landscape=False)
    command(document, "{%p for ban in cac_ban %}")
    motto(document, "{{ ban.noi_va_ngay }}")
    write(document, "BẢN CAM KẾT", size=TITLE, bold=True, align="center", before=14)
    subject(document, "Về việc phục vụ sau khi hoàn thành chương trình đào tạo")
    write(document, "Kính gửi: Sở Nội vụ tỉnh Lào Cai.", align="center", before=8, after=8)
    body_text(document, "Tôi là: **{{ ban.ho_ten }}**; sinh ngày: {{ ban.ngay_sinh }}; dân tộc: {{ ban.dan_toc }}.")
    body_text(document, "Chức danh: {{ ban.chuc_danh }}; đơn vị: {{ ban.don_vi }}.")
    body_text(
        document,
        f"Được cử đi học {CLASS_IN_WORDS}, từ ngày {{{{ lop.tu_ngay }}}} đến ngày {{{{ lop.den_ngay }}}}, tại "
        "{{ lop.dia_diem }}. Căn cứ {{ van_ban_dao_tao }}, tôi cam kết:",
    )
    body_text(document, "1. Học tập đầy đủ, chấp hành quy chế của cơ sở đào tạo; báo cáo kết quả với cơ quan, đơn vị.")
    body_text(
        document,
        "2. Sau khi hoàn thành chương trình, tiếp tục công tác ít nhất {{ ban.so_thang }} "
        "({{ ban.so_thang_bang_chu }}) tháng, gấp {{ so_lan_cam_ket }} lần thời gian đào tạo.",
    )
    body_text(
        document,
        "3. Đền bù chi phí đào tạo{% if ban.chi_phi %} ({{ ban.chi_phi }} đồng){% endif %} theo quy định nếu tự ý bỏ "
        "học, bỏ việc trong thời gian đào tạo, không được cấp văn bằng, hoặc bỏ việc khi chưa phục vụ đủ.",
    )
    last_article(document, "Tôi chịu trách nhiệm về cam kết này./.")
    signatures(document, "XÁC NHẬN CỦA ĐƠN VỊ", "NGƯỜI CAM KẾT", names=("", "{{ ban.ho_ten }}"))
    command(document, "{%p if not loop.last %}")
    page_break(document)
    command(document, "{%p endif %}")
    command(document, "{%p endfor %}")
    return as_bytes(document)


def support(columns: Columns) -> bytes:
    """Danh sách chi hỗ trợ học viên, to be signed by each who is paid."""
    document = new_document(Kind.SUPPORT.label, landscape=True)
    head(document)
    titled(document)
    cited(document)
    list_table(
        document,
        columns,
        loop="nguoi in danh_sach",
        row="nguoi",
        total={"ho_ten": "Cộng", "so_tien": "{{ tong.so_tien }}"},
    )
    closing(document, "Tổng số tiền bằng chữ: {{ bang_chu }}.")
    signatures(document, "NGƯỜI LẬP BIỂU", "THỦ TRƯỞNG ĐƠN VỊ")
    return as_bytes(document)


def settlement(columns: Columns) -> bytes:
    document = new_document(Kind.SETTLEMENT.label, landscape=True)
    head(document)
    titled(document)
    cited(document)
    list_table(
        document,
        columns,
        loop="dong in danh_sach",
        row="dong",
        total={key: f"{{{{ tong.{key} }}}}" for key in kinds.SETTLEMENT_TOTALS} | {"nguon": "Cộng"},
    )
    closing(document, "Số quyết toán bằng chữ: {{ bang_chu }}. Ngày quyết toán: {{ ngay_quyet_toan }}.")
    command(document, "{%p if mot_nguoi_mot_ngay %}")
    closing(document, "Bình quân {{ mot_nguoi_mot_ngay }} đồng một học viên một ngày học.")
    command(document, "{%p endif %}")
    signatures(document, "NGƯỜI LẬP BIỂU", "THỦ TRƯỞNG ĐƠN VỊ")
    return as_bytes(document)


def repayment(columns: Columns) -> bytes:
    """Quyết định đền bù chi phí đào tạo, with how the sum comes about."""
    document = new_document(Kind.REPAYMENT.label, landscape=False)
    decision_head(
        document,
        "Về việc đền bù chi phí đào tạo",
        authority="{{ tham_quyen }}",
        draft="la_du_thao",
    )
    rests_on(document, "Theo đề nghị của Hội đồng xét đền bù chi phí đào tạo.")
    body_text(
        document,
        "**Điều 1.** Ông (bà) **{{ ho_ten }}**, sinh ngày {{ ngay_sinh }}, {{ don_vi }}, được cử đi học "
        f"{CLASS_IN_WORDS}, {{{{ truong_hop }}}} từ ngày {{{{ tu_ngay }}}}, phải đền bù chi phí đào tạo số tiền "
        "**{{ so_tien }} đồng** (bằng chữ: {{ so_tien_bang_chu }}).",
    )
    body_text(document, "Cách tính:")
    body_text(document, "1. Chi phí đào tạo (F): {{ chi_phi }} đồng.")
    command(document, "{%p if tinh_theo_thoi_gian %}")
    body_text(
        document,
        "2. Thời gian phải phục vụ (T1): {{ so_thang_cam_ket }} tháng; đã phục vụ (T2): {{ so_thang_da_phuc_vu }} "
        "tháng. Số tiền S = F / T1 × (T1 − T2) = {{ so_tien_truoc_giam }} đồng.",
    )
    command(document, "{%p else %}")
    body_text(document, "2. Đền bù 100% chi phí đào tạo: S = {{ so_tien_truoc_giam }} đồng.")
    command(document, "{%p endif %}")
    body_text(
        document,
        "3. Giảm {{ ty_le_giam }}% do có {{ so_nam_cong_tac }} năm công tác trước khi được cử đi đào tạo: "
        "{{ so_tien_giam }} đồng.",
    )
    body_text(
        document,
        "**Điều 2.** Ông (bà) {{ ho_ten }} nộp số tiền trên theo quy định tại {{ van_ban_dao_tao }}; quá hạn mà không "
        "nộp thì xử lý theo quy định của pháp luật.",
    )
    last_article(
        document,
        "**Điều 3.** {{ thi_hanh }}, Thủ trưởng các cơ quan, đơn vị có liên quan và ông (bà) {{ ho_ten }} chịu "
        "trách nhiệm thi hành Quyết định này kể từ ngày ký./.",
    )
    recipients(
        document,
        ("- Như Điều 3;", *TO_BODY_ABOVE, "- Lưu: VT, hồ sơ."),
        signer=("{{ nguoi_ky.chuc_vu }}",),
        name="{{ nguoi_ky.ho_ten }}",
    )
    return as_bytes(document)


def transcript(columns: Columns) -> bytes:
    document = new_document(Kind.TRANSCRIPT.label, landscape=True)
    head(document)
    titled(document)
    write(
        document,
        "Họ và tên: **{{ ho_ten }}**; sinh ngày: {{ ngay_sinh }}{% if gioi_tinh %}; giới tính: {{ gioi_tinh }}{% endif "
        "%}{% if dan_toc %}; dân tộc: {{ dan_toc }}{% endif %}",
    )
    write(document, "Chức danh, đơn vị: {{ don_vi }}", after=6)
    list_table(document, columns, loop="dong in danh_sach", row="dong")
    write(document, "", size=6).paragraph_format.keep_with_next = True
    signatures(document, "NGƯỜI KHAI", "XÁC NHẬN CỦA ĐƠN VỊ", names=("{{ ho_ten }}", ""))
    return as_bytes(document)


# ---------------------------------------------------------------- parts of several


def decision_head(document: WordDocument, about: str, *, authority: str, draft: str = "") -> None:
    """The head of a decision down to who decides."""
    head(document, number="Số: {{ so }}", draft=draft)
    write(document, "QUYẾT ĐỊNH", size=TITLE, bold=True, align="center", before=16)
    subject(document, about)
    write(document, authority, bold=True, align="center", before=10, after=10)


def subject(document: WordDocument, about: str) -> None:
    """What a paper is about, below its name, and the line below that."""
    write(document, about, size=TITLE, bold=True, align="center", after=2)
    rule(document, width=60, within=width_of(document.sections[-1]))


def cited(document: WordDocument) -> None:
    """The texts that a paper rests on, a paragraph each."""
    command(document, "{%p for van_ban in can_cu %}")
    body_text(document, "Căn cứ {{ van_ban }};", italic=True)
    command(document, "{%p endfor %}")


def rests_on(document: WordDocument, last: str) -> None:
    """The texts that a decision rests on, the last ground in the words given, and that it is decided."""
    cited(document)
    body_text(document, last, italic=True)
    write(document, "QUYẾT ĐỊNH:", bold=True, align="center", before=8, after=8)


def last_article(document: WordDocument, text: str) -> None:
    """The last words before a signature, which does not stand alone on a page."""
    body_text(document, text).paragraph_format.keep_with_next = True


def list_on_own_pages(document: WordDocument, columns: Columns, title: str, note: str) -> None:
    """The list that goes with a paper, on lying pages of its own."""
    section = new_section(document, landscape=True)
    write(document, "DANH SÁCH", size=TITLE, bold=True, align="center")
    write(document, title, bold=True, align="center")
    write(document, note, italic=True, align="center", after=2)
    rule(document, width=60, within=width_of(section))
    command(document, "{%p if pham_vi %}")
    write(document, "{{ pham_vi }}", italic=True, align="center")
    command(document, "{%p endif %}")
    write(document, "", size=6)
    list_table(document, columns, loop="nguoi in danh_sach", row="nguoi")
    write(document, "Danh sách có {{ so_trong_danh_sach }} người./.", italic=True, before=6)


MAKERS: dict[Kind, Callable[[Columns], bytes]] = {
    Kind.REGISTRATION: registration,
    Kind.OPENING: opening,
    Kind.PROPOSAL: proposal,
    Kind.SENDING_DECISION: sending_decision,
    Kind.SUMMONS: summons,
    Kind.COMMITMENT: commitments,
    Kind.CLASS_LIST: class_list,
    Kind.ATTENDANCE: attendance,
    Kind.RESULTS: results,
    Kind.RECOGNITION: recognition,
    Kind.CERTIFICATE_SHEET: certificate_sheets,
    Kind.CERTIFICATES: certificates,
    Kind.SUPPORT: support,
    Kind.SETTLEMENT: settlement,
    Kind.REPAYMENT: repayment,
    Kind.TRANSCRIPT: transcript,
    Kind.PLAN: plan,
}


@cache
def default_template(kind: Kind, columns: Columns = ()) -> bytes:
    """The product's template of a kind, as .docx; with other columns of its table than usual, where they are given."""
    return MAKERS[kind](columns or kinds.COLUMNS[kind])
