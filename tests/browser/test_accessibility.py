"""That what was looked at on one page hides no fault of the next (tests/browser/accessibility.py)."""

import pytest

from tests.browser.accessibility import Auditor, Known
from tests.browser.conftest import PHONE, WIDE

PAGE = """<!doctype html><html lang="vi"><head><title>Trang</title><style>
    body {{ color: #222; background: #fff }} .dark {{ background: #333 }} .wide {{ width: 1200px }}
    .phone {{ display: none; color: #ccc }} .plain {{ text-decoration: none }}
    .box {{ max-width: 600px; height: 100px; overflow: auto }} .box p {{ white-space: nowrap }}
    @media (max-width: 800px) {{ .phone {{ display: block }} .box {{ max-width: 200px }} .hidden {{ display: none }} }}
</style></head><body><div id="header"><ul><li><a href="/">Trang chủ</a></li></ul></div><main>{}</main></body></html>"""
SOUND = '<div><p>Chữ đen</p></div><label for="ten">Tên</label><input id="ten"><table><tr><td>Ô</td></tr></table>'
SOUND += '<p>Chữ dài hơn chữ của <a href="/">liên kết</a></p>'
BROKEN = {
    "color-contrast": SOUND.replace("<div>", '<div class="dark">'),
    "label": SOUND.replace("<label", "<b").replace("</label", "</b"),
    "scrollable-region-focusable": f'{SOUND}<div class="box"><p>{"Dài " * 15}</p></div>',
    "scrollable-region-focusable of what a phone hides": (
        f'{SOUND}<div class="box"><p>{"Dài " * 99}<a class="hidden" href="/">hơn</a></p></div>'
    ),
    "link-in-text-block": SOUND.replace("<a", '<a class="plain"'),
    "color-contrast of what a phone shows": f'{SOUND}<p class="phone">Chữ nhạt</p>',
    "link-name": f'{SOUND}<ul><li><a href="/"></a></li></ul>',
    "pixels wide": f'{SOUND}<div class="wide">Rộng</div>',
    "pixels wide of a row like another": SOUND.replace("</table>", f"<tr><td>{'Rộng' * 99}</td></tr></table>"),
}


@pytest.mark.parametrize("first", [PHONE, WIDE], ids=["phone", "wide"])
def test_no_fault_hides_behind_what_an_earlier_page_had(unpainted, first):
    auditor = Auditor(unpainted, known=Known())
    for name, broken in {"": SOUND, **BROKEN, "once more": SOUND}.items():
        unpainted.set_viewport_size(first)
        unpainted.goto("about:blank")
        unpainted.set_content(PAGE.format(broken))
        told = auditor.faults("page")
        if name in BROKEN:
            assert len(told) == 1, f"{name}: {told}"
            assert name.partition(" of ")[0] in told[0]
        else:
            assert told == []
