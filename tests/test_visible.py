"""What tests/visible.py takes for strange on a page; which pages it is asked of, tests/test_access.py says."""

import pytest

from tests.visible import strange_words


@pytest.mark.parametrize(
    ("shown", "word"),
    [
        ("<p>Mặt: state_management</p>", "state_management"),
        ("<p>Ngày 2015-12-31</p>", "2015-12-31"),
        ("<p>This field is required.</p>", "This"),
        ('<img alt="Search">', "Search"),
        ('<input type="submit" value="Save">', "Save"),
        ("<title>Select user</title>", "Select"),
        ("<p>(Trường ẩn TOTAL_FORMS) là bắt buộc.</p>", "TOTAL_FORMS"),
    ],
)
def test_what_only_the_source_or_a_package_says_is_strange(shown, word):
    assert strange_words(f"<body>{shown}")[0].split(":")[0] == word


@pytest.mark.parametrize(
    "shown",
    [
        "<p>Ngày 31/12/2015, to do in an</p>",  # syllables of Vietnamese without their marks
        "<p>Chức danh VP_TK</p>",  # a code that rosters write
        "<p>Tệp danh_sach_2015.xlsx của a_b@laocai.gov.vn</p>",
        "<p>Cột <code>valid_from</code></p>",  # what has to be typed so
        '<input name="as_of" value="2015-12-31">',  # nobody sees it, or somebody typed it
        "<script>let user_name</script>",
        "",
    ],
)
def test_what_people_write_is_not(shown):
    assert strange_words(shown) == []
