"""The glossary behind the “?” of each page: of words that the README has too, for pages that there are."""

from django.urls import reverse

from lao_cai_training.helping.words import found, words, words_of
from tests.conftest import client_of
from tests.test_access import ROUTES
from tests.test_structure import ROOT


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
