"""What axe finds on page after page, each at two widths.

To find what is the same on two pages a second time would take most of the time, so of what an earlier page has had this
looks only once at: entries of the menu with the same elements and classes, the contrast of text of the same colour and
size upon the same ground, and what tells a link from such text. All other rules are asked of the whole of every page.
"""

from dataclasses import dataclass
from pathlib import Path

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from tests.browser.conftest import PHONE, WIDE

SCRIPT = Path(__file__).with_suffix(".js").read_text()
OURS = f"window.accessibility = (() => {{ {SCRIPT} return {{ faultsOf, faultsOfAnotherWidth, wholeWidth }} }})()"
SERIOUS = ("serious", "critical")


@dataclass
class Known:
    """What pages had, and how often axe was asked about it, in JSON: one text goes to a page and back more cheaply than
    some hundred keys."""

    text: str = "{}"


EARLIER = Known()  # whichever test opened them


class Auditor:
    """Goes through the pages of one tab; each is opened after it has been given the tab."""

    def __init__(self, page: Page, known: Known = EARLIER) -> None:
        self.page = page
        self.known = known
        page.add_init_script(f"{AXE_SCRIPT};{OURS}")

    def faults(self, address: str) -> list[str]:
        """Those of the open page at both widths, each with the address: what axe calls serious, and wider than a phone.

        The page is left at the other width than it was opened at, and with one row of each kind.
        """
        first, second = (PHONE, WIDE) if self.page.viewport_size == PHONE else (WIDE, PHONE)
        faults = self._found("faultsOf", f"{address} at {first['width']}")
        self.page.set_viewport_size(second)
        return faults + self._found("faultsOfAnotherWidth", f"{address} at {second['width']}")

    def _found(self, function: str, address: str) -> list[str]:
        ask = f"""async text => {{
            const width = accessibility.wholeWidth(), known = JSON.parse(text);
            return {{ width, faults: await accessibility.{function}(known), known: JSON.stringify(known) }};
        }}"""
        answer = self.page.evaluate(ask, self.known.text)
        self.known.text = answer["known"]
        is_phone = self.page.viewport_size == PHONE
        too_wide = is_phone and answer["width"] > PHONE["width"]
        return [
            *([f"{address}: {answer['width']} pixels wide"] if too_wide else []),
            *(
                f"{address}: {fault['id']} ({fault['help']}): {fault['html'][:160]}"
                for fault in answer["faults"]
                if fault["impact"] in SERIOUS
            ),
        ]
