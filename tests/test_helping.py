"""The words behind the “?” of each page: of words that the README has too, for pages that there are. The leaflets."""

import re
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse

from cadres import roles
from cadres.management.command import CommandFailed
from lao_cai_training.helping import pictures
from lao_cai_training.helping.leaflets import LEAFLETS
from lao_cai_training.helping.words import found, words, words_of
from tests.conftest import client_of, make_user
from tests.test_access import ROUTES
from tests.test_structure import ROOT, SOURCES


def test_the_readme_names_every_word_of_the_glossary():
    glossary = (ROOT / "README.md").read_text(encoding="utf-8").partition("## Glossary")[2].lower()
    named = "\n".join(line.split("|")[1] for line in glossary.splitlines() if line.startswith("|"))
    assert [word.word for word in words() if word.word.lower() not in named] == []


def test_every_page_that_the_glossary_names_is_a_page_of_the_site():
    assert {page for word in words() for page in word.pages} - set(ROUTES) == set()


def test_no_word_is_explained_twice_or_on_no_page():
    assert len({word.word for word in words()}) == len(words())
    assert [word.word for word in words() if not word.pages or not word.meaning.endswith((".", "…"))] == []


def test_a_page_explains_its_own_words(province_staff):
    shown = client_of(province_staff).get(reverse("courses:commitment-list")).content.decode()
    assert {word.word for word in words_of("courses:commitment-list")} == {"cam kết"}
    assert "thôi sớm thì đền bù" in shown
    assert "Số người được bố trí" not in shown


def test_the_help_finds_a_word_without_its_marks(province_staff):
    client = client_of(province_staff)
    assert next(word.word for word in found("diem danh")) == "điểm danh"
    shown = client.get(reverse("help"), {"q": "diem danh"}).content.decode()
    assert "Ai có mặt ở buổi học" in shown
    assert "thôi sớm thì" not in shown
    assert "Không có từ nào giống" in client.get(reverse("help"), {"q": "xyzzy"}).content.decode()


def test_every_page_leads_to_the_help(leader):
    assert f'href="{reverse("help")}"' in client_of(leader).get(reverse("reports:home")).content.decode()


LEAFLET_TEXTS = {
    slug: (ROOT / "templates" / leaflet.template).read_text(encoding="utf-8") for slug, leaflet in LEAFLETS.items()
}


def test_what_a_leaflet_tells_to_press_stands_somewhere_in_the_product():
    """Each label in bold is that of a button, a field, a heading or an entry of the menu."""
    sources = [path for path in (ROOT / "templates").rglob("*.html") if path.parent.name != "leaflets"]
    sources += [*SOURCES, *(ROOT / "lao_cai_training" / "static").glob("*.js")]
    said = " ".join(" ".join(path.read_text(encoding="utf-8").split()) for path in sources).casefold()
    labels = {label for text in LEAFLET_TEXTS.values() for label in re.findall("<b>(.+?)</b>", text)}
    assert len(labels) > 30
    assert {label for label in labels if label.casefold() not in said} == set()


def test_every_picture_of_a_leaflet_comes_with_the_product():
    shown = {name for text in LEAFLET_TEXTS.values() for name in re.findall(r"leaflets/([\w-]+)\.png", text)}
    assert shown == set(pictures.PICTURES) == {path.stem for path in pictures.FOLDER.glob("*.png")}


def test_the_help_leads_to_the_leaflets_the_own_one_first(province_staff, leader):
    for user, own in ((province_staff, "so-noi-vu"), (leader, "lanh-dao")):
        shown = client_of(user).get(reverse("help")).content.decode()
        links = re.findall(r"/tro-giup/huong-dan/([\w-]+)/", shown)
        assert links[0] == own
        assert set(links) == set(LEAFLETS)


def test_a_leaflet_names_whom_its_readers_ask(leader):
    for name, role in (("Trần Văn Hồ", roles.REGISTRY_STAFF), ("Nguyễn Thị Dạy", roles.TRAINING_STAFF)):
        user = make_user(role, role)
        user.full_name = name
        user.save()
    shown = client_of(leader).get(reverse("leaflet", args=["co-so-dao-tao"])).content.decode()
    asked = shown.partition("Hỏi về công việc")[2]
    assert "Nguyễn Thị Dạy" in asked
    assert "Trần Văn Hồ" not in asked
    assert client_of(leader).get("/tro-giup/huong-dan/khong-co/").status_code == 404


def test_the_command_says_where_there_is_no_demonstration(tmp_path):
    with pytest.raises(CommandFailed, match=r"không vào được http://127\.0\.0\.1:9 "):
        call_command("leaflets", tmp_path, address="http://127.0.0.1:9", stderr=StringIO())
    assert list(tmp_path.iterdir()) == []
