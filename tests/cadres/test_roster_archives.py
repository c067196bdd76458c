"""A zip of rosters: every roster in it is a file of its own; what is none is told; nothing in it does harm."""

import json
from io import BytesIO, StringIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_LZMA, ZIP_STORED, ZipFile, ZipInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse

from cadres.management.command import CommandFailed
from cadres.models import ImportBatch, Official
from cadres.roster import archives
from cadres.roster.archives import files_in, is_archive
from cadres.roster.reading import UnreadableFileError
from tests.cadres.test_hostile_files import xls
from tests.cadres.test_roster_foreign_files import HTML
from tests.cadres.test_roster_pages import text_of
from tests.cadres.workbooks import flat, layout_b
from tests.conftest import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "uploads"


def roster(name: str) -> bytes:
    return flat({"Họ và tên": name})


def zipped(members: dict[str, bytes], *, method: int = ZIP_DEFLATED) -> bytes:
    stream = BytesIO()
    with ZipFile(stream, "w", method, compresslevel=1) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def with_raw_name(content: bytes, name: bytes) -> bytes:
    """The zip of one member whose name is those bytes, as Windows writes it: claiming no encoding."""
    stream = BytesIO()
    with ZipFile(stream, "w") as archive:
        info = ZipInfo("x" * len(name) + ".xlsx")
        archive.writestr(info, content)
    return stream.getvalue().replace(b"x" * len(name), name)


def changed(content: bytes, entry: bytes, offset: int, value: int) -> bytes:
    """The zip with one byte of an entry of its directory changed."""
    hurt = bytearray(content)
    hurt[content.rindex(entry) - 46 + offset] |= value
    return bytes(hurt)


TWO = {"xã Bản Phố.xlsx": roster("Giàng A Dơ"), "xã Na Hối.xlsx": roster("Lý A Dơ")}


@pytest.mark.parametrize(
    ("members", "names"),
    [
        (TWO, ["xã Bản Phố.xlsx", "xã Na Hối.xlsx"]),
        ({f"Năm 2015/Bắc Hà/{name}": content for name, content in TWO.items()}, ["xã Bản Phố.xlsx", "xã Na Hối.xlsx"]),
        ({"a/1.xlsx": b"PK", "b/1.xlsx": b"PK"}, ["a - 1.xlsx", "b - 1.xlsx"]),
        ({"../../etc/passwd.csv": b"a"}, ["passwd.csv"]),
        ({"/tmp/a.csv": b"a", "C:\\x\\b.csv": b"b"}, ["a.csv", "b.csv"]),
        ({"a.csv": b"a", "__MACOSX/._a.csv": b"x", ".DS_Store": b"x", "~$a.xlsx": b"x", "Thumbs.db": b"x"}, ["a.csv"]),
        ({"a/": b"", "a/b.csv": b"b"}, ["b.csv"]),
        ({"a.xls": xls((0, 0, "a")), "b.htm": HTML["a table and nothing else"]}, ["a.xls", "b.htm"]),
    ],
)  # fmt: skip
def test_each_file_is_named_as_in_the_zip_without_its_folders(members, names):
    found = list(files_in("a.zip", zipped(members)))
    assert [member.name for member in found] == names
    assert not any(member.problem for member in found)


@pytest.mark.parametrize("method", [ZIP_STORED, ZIP_DEFLATED, ZIP_LZMA])
def test_every_way_to_pack_is_unpacked(method):
    assert [member.content for member in files_in("a.zip", zipped(TWO, method=method))] == list(TWO.values())


@pytest.mark.parametrize("name", ["Xã Bản Phố".encode(), "Xa Ban Pho".encode("cp437"), "Xa\u0303 B".encode("cp1258")])
def test_names_are_understood_in_utf_8_and_the_code_pages_of_windows(name):
    (member,) = files_in("a.zip", with_raw_name(roster("Giàng A Dơ"), name))
    assert member.name in ("Xã Bản Phố.xlsx", "Xa Ban Pho.xlsx", "Xã B.xlsx")


@pytest.mark.parametrize("content", [layout_b(), b"", b"a,b", xls((0, 0, "a")), b"PK\x03\x04 nothing"])
def test_workbooks_and_other_files_are_no_zip_of_files(content):
    assert not is_archive(content)
    (member,) = files_in("a.xlsx", content)
    assert (member.name, member.content) == ("a.xlsx", content)


PLAIN = zipped({"a.csv": b"a,b" * 100, "b.csv": b"b"})
TOLD = {
    "a zip within": (zipped({"a.zip": PLAIN, "b.csv": b"b"}), "cũng là tệp nén"),
    "a zip within that is called otherwise": (zipped({"a.xlsx": PLAIN, "b.csv": b"b"}), "cũng là tệp nén"),
    "another archive within": (zipped({"a.rar": b"Rar!", "b.csv": b"b"}), "cũng là tệp nén"),
    "a paper": (zipped({"Quyết định.docx": b"PK", "b.csv": b"b"}), "không phải bảng tính"),
    "a picture": (zipped({"a.jpg": b"x", "b.csv": b"b"}), "không phải bảng tính"),
    "an encrypted file": (changed(PLAIN, b"a.csv", 8, 1), "mật khẩu"),
    "a damaged file": (PLAIN.replace(PLAIN[40:44], b"\0\1\2\3", 1), "bị hỏng"),
    "a way to pack that nobody knows": (changed(PLAIN, b"a.csv", 10, 96), "bị hỏng"),
    "a file that claims to be large": (changed(PLAIN, b"a.csv", 27, 0x10), "quá lớn"),
}


@pytest.mark.parametrize("kind", TOLD)
def test_what_cannot_be_read_is_told_and_stops_no_other(kind):
    content, says = TOLD[kind]
    bad, good = files_in("a.zip", content)
    assert says in bad.problem
    assert "a.zip" in bad.problem
    assert "Hãy" in bad.problem
    assert (good.name, good.content, good.problem) == ("b.csv", b"b", "")


@pytest.mark.parametrize(
    ("names", "each", "says"),
    [
        ([], b"", "không có tệp nào"),
        (["__MACOSX/._a"], b"x", "không có tệp nào"),
        ([f"{at}.csv" for at in range(201)], b"a", "quá nhiều"),
        ([f"{at}.csv" for at in range(9)], 60 * 2**20, "quá nhiều"),
    ],
)
def test_a_zip_of_nothing_or_too_much_is_refused(names, each, says):
    each = bytes(each) if isinstance(each, int) else each  # made in the test alone that needs it
    with pytest.raises(UnreadableFileError, match=says):
        list(files_in("a.zip", zipped(dict.fromkeys(names, each))))


# On the command line


def taken_in(tmp_path: Path, members: dict[str, bytes]) -> tuple[int, dict, str]:
    path = tmp_path / "tat-ca.zip"
    path.write_bytes(zipped(members))
    out, told, code = StringIO(), StringIO(), 0
    try:
        call_command("import_roster", path, "--unit", "085", "--json", stdout=out, stderr=told)
    except SystemExit as end:
        code = end.code
    return code, json.loads(out.getvalue()), told.getvalue()


def test_the_command_takes_in_every_roster_of_a_zip(tmp_path):
    code, result, told = taken_in(tmp_path, TWO)
    assert (code, told) == (0, "")
    assert [file["file"] for file in result["files"]] == list(TWO)
    assert Official.objects.count() == 2


def test_the_command_tells_what_in_a_zip_is_no_roster(tmp_path):
    code, result, told = taken_in(tmp_path, TWO | {"a.pdf": b"%PDF", "khac.csv": b"a,b\n1,2\n"})
    assert code == 1
    assert len(result["files"]) == 2
    assert "a.pdf trong tat-ca.zip" in told
    assert "khac.csv không có danh sách" in told


def test_a_zip_without_a_roster_is_refused_in_one_line(tmp_path):
    with pytest.raises(CommandFailed) as caught:
        taken_in(tmp_path, {"khac.csv": b"a,b\n1,2\n", "a.pdf": b"%PDF"})
    assert caught.value.returncode == 2
    assert "\n" not in str(caught.value)


# On screen


def uploaded(user, *files: tuple[str, bytes]):
    sent = [SimpleUploadedFile(name, content) for name, content in files]
    return client_of(user).post(reverse("cadres:import-list"), {"file": sent, "unit": "085"}, follow=True)


def test_each_roster_of_a_zip_is_an_import_of_its_own(district_officer):
    page = uploaded(district_officer, ("a.zip", zipped(TWO | {"a.pdf": b"%PDF"})), ("b.xlsx", roster("Ma Văn Phú")))
    assert set(ImportBatch.objects.values_list("file_name", "state")) == {
        ("xã Bản Phố.xlsx", "staged"), ("xã Na Hối.xlsx", "staged"), ("b.xlsx", "staged"),
    }  # fmt: skip
    assert "Tệp a.pdf trong a.zip không phải bảng tính" in text_of(page)


def test_a_zip_of_one_roster_leads_to_its_page(district_officer):
    page = uploaded(district_officer, ("a.zip", zipped({"a.xlsx": roster("Giàng A Dơ")})))
    assert page.redirect_chain[-1][0] == reverse("cadres:import-batch", args=[ImportBatch.objects.get().pk])


@pytest.mark.parametrize("members", [{}, {"a.pdf": b"%PDF"}])
def test_a_zip_without_a_roster_is_an_error_of_the_form(members, district_officer):
    page = uploaded(district_officer, ("a.zip", zipped(members)))
    assert page.status_code == 400
    assert "Hãy" in text_of(page)
    assert not ImportBatch.objects.exists()


def test_the_rosters_of_a_large_zip_wait_their_turn(district_officer, settings, monkeypatch):
    settings.ROSTER_IN_REQUEST_BYTES = len(TWO["xã Bản Phố.xlsx"]) + 1
    begun = []
    monkeypatch.setattr("cadres.views.imports.begin", lambda batch, step, by: begun.append(batch.file_name))
    uploaded(district_officer, ("a.zip", zipped(TWO)))
    assert begun == ["xã Na Hối.xlsx"]
    assert archives.MAX_MEMBERS >= 164  # the communes of the province
