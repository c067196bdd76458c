"""The Word templates in use: the product's, or the one that the province has put in its place.

A template of the province is looked at before it is kept: it must be a Word document, harmless to whoever gets the
paper, and bear every word that may come. What it does when it is run happens in a process with limits (rendering).
"""

import re
from io import BytesIO
from typing import IO
from zipfile import BadZipFile, ZipFile
from zlib import error as ZlibError  # noqa: N812 (it is a class of exceptions)

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction

from cadres.history import signed
from cadres.models import User
from cadres.roster.workbook_reader import Refusal, scan_zip
from cadres.text import first_named
from courses.documents import rendering
from courses.documents.default_templates import default_template
from courses.documents.kinds import Kind, columns_of
from courses.documents.rendering import Answer
from courses.documents.samples import bare, sample
from courses.documents.wording import Content, in_words
from courses.models import DocumentTemplate

LARGEST_TEMPLATE = 4 * 2**20  # bytes
LARGEST_UNPACKED = 32 * 2**20
MOST_PARTS = 500
PARTS_OF_WORD = {"[Content_Types].xml", "word/document.xml"}
# A part that runs or carries a program. Word asks before it runs one; a paper of the province needs none.
PROGRAM = re.compile(r"vbaProject|activeX|/embeddings/", re.IGNORECASE)
EXTERNAL = re.compile(rb'<Relationship\b[^>]*\bTargetMode\s*=\s*["\']External["\'][^>]*>')
HYPERLINK = re.compile(rb'\bType\s*=\s*["\'][^"\']*/hyperlink["\']')
DOCTYPE = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
TAGS_NAMED = 10
ANEW = "Hãy tải mẫu gốc về, sửa trong Word rồi tải lên lại."
WHAT_TO_DO = "Hãy vào Mẫu văn bản để thay mẫu khác hoặc dùng lại mẫu gốc."


def template_of(kind: Kind) -> bytes | None:
    """The province's own template of a kind; None where the product's is used.

    Raises ValidationError where its file is no longer there.
    """
    own = DocumentTemplate.objects.filter(kind=kind).first()
    if own is None:
        return None
    try:
        with own.file.open("rb") as file:
            content: bytes = file.read()
    except OSError as error:
        raise ValidationError(f"Không đọc được mẫu riêng của “{kind.label}”: tệp không còn. {WHAT_TO_DO}") from error
    return content


def word_document(content: Content) -> bytes:
    """The paper as .docx. Raises ValidationError where the province's own template does not do."""
    own = template_of(content.kind)
    words = in_words(content.data)
    if own is None:
        answer = rendering.render(default_template(content.kind, columns_of(content.kind, content.data)), words)
        if answer.state != rendering.MADE:  # ours bear whatever comes
            raise RuntimeError(f"{content.kind}: {answer.state} {answer.tags} {answer.detail}")
        return answer.document
    answer = rendering.render_in_process(own, words)
    if answer.state != rendering.MADE:
        raise ValidationError(f"Mẫu riêng của “{content.kind.label}” không dùng được: {_why(answer)} {WHAT_TO_DO}")
    return answer.document


def check_template(kind: Kind, content: bytes) -> None:
    """Raise ValidationError, which says what to mend, unless the template can be used for that kind."""
    _check_file(content)
    words = sample(kind)
    answer = rendering.render_in_process(content, words, bare(words))
    if answer.state != rendering.MADE:
        raise ValidationError(f"Mẫu không dùng được: {_why(answer)}")


@signed
def keep_template(kind: Kind, content: bytes, *, by: User) -> DocumentTemplate:
    """Put a template of the province in place of the one used so far. Raises ValidationError as check_template."""
    check_template(kind, content)
    own = DocumentTemplate.objects.select_for_update().filter(kind=kind).first() or DocumentTemplate(kind=kind)
    before = own.file.name
    own.uploaded_by = by
    own.file.save(f"{kind}.docx", ContentFile(content), save=True)
    _delete_later(own, before)
    return own


@transaction.atomic
def drop_template(kind: Kind) -> None:
    """Use the product's template again; the province's is deleted. Nothing happens where there is none."""
    own = DocumentTemplate.objects.select_for_update().filter(kind=kind).first()
    if own:
        name = own.file.name
        own.delete()
        _delete_later(own, name)


def _delete_later(own: DocumentTemplate, name: str | None) -> None:
    """Files know nothing of transactions: the old one goes once the new state is certain."""
    storage = own.file.storage
    if name:
        transaction.on_commit(lambda: storage.delete(name))


def _check_file(content: bytes) -> None:
    """What can be told without running the template. Raises ValidationError."""
    limit = LARGEST_TEMPLATE // 2**20
    if len(content) > LARGEST_TEMPLATE:
        raise ValidationError(f"Tệp mẫu quá lớn (giới hạn {limit} MB). Hãy bỏ bớt hình ảnh trong mẫu.")
    try:
        scan_zip(BytesIO(content))
        with ZipFile(BytesIO(content)) as archive:
            _check_parts(archive)
    except Refusal as error:
        raise ValidationError("Tệp mẫu có mật khẩu hoặc giải nén ra quá lớn. " + ANEW) from error
    except (BadZipFile, ZlibError, EOFError, OSError, NotImplementedError, ValueError) as error:
        raise ValidationError("Tệp này không phải là văn bản Word (.docx), hoặc bị hỏng. " + ANEW) from error


def _check_parts(archive: ZipFile) -> None:
    members = archive.infolist()
    names = [member.filename for member in members]
    if not set(names) >= PARTS_OF_WORD:
        raise ValidationError(
            "Tệp này không phải là văn bản Word (.docx). Nếu là tệp .doc, hãy mở bằng Word và lưu lại thành .docx."
        )
    if len(members) > MOST_PARTS or sum(member.file_size for member in members) > LARGEST_UNPACKED:
        raise ValidationError("Tệp mẫu giải nén ra quá lớn. " + ANEW)
    if any(PROGRAM.search(name) for name in names):
        raise ValidationError("Mẫu có macro hoặc tệp nhúng. Hãy bỏ chúng trong Word rồi lưu lại thành .docx.")
    for name in names:
        if not name.endswith((".xml", ".rels")):
            continue
        part = archive.read(name)
        if DOCTYPE.search(part):
            raise ValidationError("Tệp mẫu không phải do Word lưu. " + ANEW)
        if any(not HYPERLINK.search(found) for found in EXTERNAL.findall(part)):
            raise ValidationError(
                "Mẫu lấy hình ảnh hoặc nội dung từ nơi khác. Hãy chèn thẳng vào văn bản, không dùng liên kết."
            )


def _why(answer: Answer) -> str:
    if answer.state == rendering.UNKNOWN_TAGS:
        tags = first_named([f"“{tag}”" for tag in answer.tags], "thẻ khác", most=TAGS_NAMED)
        return f"không có thẻ {tags}. Hãy sửa theo danh sách các thẻ dùng được."
    if answer.state == rendering.NO_TAGS:
        return "trong mẫu không có thẻ dữ liệu nào, nên mọi văn bản in ra sẽ giống nhau và không có tên ai. " + ANEW
    if answer.state == rendering.FORBIDDEN:
        which = f" ({answer.detail})" if answer.detail else ""
        return (
            f"mẫu dùng lệnh không được phép{which}. Hãy chỉ dùng các thẻ trong danh sách, lệnh for và if; "
            "không gọi hàm, không tính nhân, chia, lũy thừa."
        )
    if answer.state == rendering.MALFORMED:
        return f"có thẻ viết sai gần chỗ “{answer.detail}”. Hãy xem lại dấu ngoặc và các cặp for … endfor, if … endif."
    if answer.state == rendering.BROKEN:
        return (
            "các thẻ làm hỏng bố cục. Hãy để lệnh {%p … %} ở đoạn riêng, lệnh {%tr … %} ở hàng riêng của bảng, "
            "mỗi lệnh mở có lệnh đóng ở cùng bảng."
        )
    if answer.state == rendering.TOO_LARGE:
        return "mẫu chạy quá lâu hoặc tạo ra văn bản quá lớn. Hãy xem lại các lệnh lặp."
    return f"Word không mở được văn bản tạo ra từ mẫu này ({answer.detail or 'lỗi không rõ'}). {ANEW}"


def read_upload(upload: IO[bytes]) -> bytes:
    """The bytes of an uploaded template, no more than one may have and one beyond."""
    return upload.read(LARGEST_TEMPLATE + 1)
