"""Every form of the site: handed out with a token of its own, says what each field held, and is done once however often
it is sent.

The forms are those of the pages that tests/test_access.py opens, as each account that works there.
"""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.db import transaction

from cadres.web.form_tokens import FIELD
from tests.forms import SentPage
from tests.tables import contents_of, rows_written

# Forms that make something new, filled in by hand where a plausible filling (below) would not do.
FILLED: dict[str, dict[str, str]] = {
    "cadres:identifier-add": {"kind": "CCCD", "number": "010000000777"},
    "cadres:review-aside-add": {"end_date": "2099-12-31", "reason": "Chờ trích lục"},
    "admin:cadres_position_add": {"holders": "1"},
    "cadres:account-add": {"username": "ly-a-bay"},
    "admin:cadres_staffquota_add": {"start_date": "01/01/2099", "end_date": ""},
    "admin:cadres_zoneperiod_add": {"start_date": "01/01/2099", "end_date": ""},
    "admin:cadres_ratetarget_add": {"year": "2030", "percent": "62.5"},
    "admin:cadres_ethnicgroup_add": {"code": "99", "name": "Khác"},
    "cadres:dimension-add": {"name": "Kỹ năng số", "code": "digital", "levels": "CB: Cơ bản"},
    "cadres:cluster-list-add": {"day": "2025-07-01", "text": "Cụm thử: Xã Bát Xát"},
    "courses:inspection-add": {"finding": "Thiếu máy", "remedy": "Mua thêm"},
    "courses:class-inspection-add": {"finding": "Thiếu máy", "remedy": "Mua thêm"},
    "admin:courses_needrule_add": {"level": "", "subgroup": "", "within_years": "3"},
    "admin:courses_supportnorm_add": {"km_below": "5"},
    "admin:cadres_level_add": {"code": "KHAC", "name": "Khác", "rank": "77"},
}
# These a rule refuses; that they are done once is tried elsewhere, or follows from the one way that all go.
REFUSED = {
    *("cadres:official-add", "cadres:official-appoint", "cadres:qualification-add", "cadres:standard-add"),
    *(
        "courses:plan-add",
        "courses:plan-line-add",
        "courses:class-add",
        "courses:session-add",
        "courses:commitment-add",
    ),
    *("admin:cadres_retirementage_add", "admin:courses_programme_add"),
    "admin:courses_trainingregulation_add",
    "courses:feedback-codes-add",  # nobody studies yet in the class of this world
    "cadres:grant-add",  # its meaning is shown first
    "reports:publication-add",  # on the default day of this world nobody is in a total
}


def plausible(form: SentPage) -> dict[str, Any]:
    """Something in every field that is empty: the last choice, a day, a number, a text; every box ticked."""
    filled: dict[str, Any] = {}
    for field in form.form.inputs:
        name, kind = field.name, field.get("type", field.tag)
        if not name or form.fields.get(name, [""]) != [""] or "__prefix__" in name:
            continue
        if field.tag == "select":
            filled[name] = [option for option in field.value_options if option][-1:]
        elif kind in ("checkbox", "radio"):
            filled[name] = field.get("value", "on")
        elif "vDateField" in field.get("class", "") or (
            field.get("data-day") is not None and field.get("data-part-of-day") is None
        ):
            filled[name] = "31/12/2015"
        elif kind == "number":
            filled[name] = field.get("min") or "1"
        elif kind in ("text", "textarea"):
            filled[name] = "1980" if "birth" in name else "Lý A Bảy 7"
    return filled


# ---------------------------------------------------------------- two people at one form

# What is sent here makes something new (so do all addresses that end with "add"), or is a step that a state allows
# once: its function locks the row, and refuses where the state is another by now.
MAKES = "makes something new"
STEP = "a step from one state to the next"
WITHOUT_ROW = {
    "cadres:official-appoint": MAKES,
    "cadres:official-transfer": MAKES,
    "cadres:official-waive": MAKES,
    "cadres:planned-post-add": MAKES,
    "cadres:planned-post-end": STEP,
    "courses:submission-planned": "what was shown is compared with what would be done",
    "cadres:appointment-end": STEP,
    "cadres:post-error": STEP,
    "cadres:review-aside-end": STEP,
    "cadres:reorganisation-list": MAKES,
    "cadres:reorganisation": STEP,
    "cadres:former-units": MAKES,
    "cadres:zone-period": "a list is shown with what it changes before it is written",
    "cadres:cluster-move": "tells where communes are from a day on, whatever they were in",
    "cadres:cluster-end": STEP,
    "cadres:posts-move": "what was shown is compared with what would be done",
    "cadres:posts-end": "what was shown is compared with what would be done",
    "cadres:posts-give": "what was shown is compared with what would be done",
    "cadres:review-aside-many": "what was shown is compared with what would be done",
    "cadres:post-mapping": "what was shown is compared with what would be done",
    "cadres:transfer-take-back": STEP,
    "cadres:act-take-back": "refused where somebody has built on the act",
    "cadres:change-restore": "refused where somebody has built on the change",
    "courses:submission": "ticks, which are no act",
    "courses:class-enrol": "ticks, which are no act",
    "cadres:official-list": "ticks, which are no act",
    "cadres:review-findings": "ticks, which are no act",
    "courses:class-waiting": "one place up or down from where the list stands, behind its lock",
    "courses:class-names": "ticks, which are no act",
    "courses:yearly-hours": "ticks, which are no act",
    "cadres:requirement-list": "ticks, which are no act",
    "cadres:qualification-revoke": STEP,
    "cadres:qualification-error": STEP,
    "cadres:standard-amend": "its grid is compared by the page (luoi)",
    "cadres:standard-correct": "text and grid are compared by the page (luoi)",
    "cadres:standard-copy": MAKES,
    "cadres:standard-local": MAKES,
    "cadres:standard-end": STEP,
    "cadres:import-list": MAKES,
    "cadres:import-batch": "what words mean, asked as long as nobody has said it (viet-…)",
    "cadres:import-reading": "its fields are compared by the page (was-…)",
    "cadres:import-row": "its decision is compared by the page (da_quyet)",
    "cadres:import-missing": "a decision about whoever is ticked, shown beside each",
    "cadres:second-factor-set-up": MAKES,
    "cadres:account-suspend": STEP,
    "cadres:account-resume": STEP,
    "cadres:grant-end": STEP,
    "cadres:account-hand-over": STEP,
    "cadres:account-word": "a password is never shown",
    "cadres:account-second-factor": STEP,
    "courses:plan-amend": MAKES,
    "courses:plan-delete": STEP,
    "courses:plan-approve": STEP,
    "courses:plan-line-delete": STEP,
    "courses:amendment-approve": STEP,
    "courses:amendment-drop": STEP,
    "courses:class-open": STEP,
    "courses:class-start": STEP,
    "courses:class-end": STEP,
    "courses:class-reopen": STEP,
    "courses:class-cancel": STEP,
    "courses:class-approve": STEP,
    "courses:class-decide": STEP,
    "courses:class-lists": MAKES,
    "courses:enrolment-withdraw": STEP,
    "courses:result-withdraw": STEP,
    "courses:session-delete": STEP,
    "courses:submission-submit": STEP,
    "courses:submission-send-back": STEP,
    "courses:commitment-detail": STEP,
    "courses:measure-list": MAKES,
    "courses:feedback-answer": "a code is used once",
    "courses:class-inspection-add": MAKES,
    "reports:publication-withdraw": MAKES,
    "reports:proposal-refuse": STEP,
}
FILLED_IN = {"select", "textarea", "text", "number", "time", "email", "checkbox", "radio"}


def left_out(form: SentPage) -> set[str]:
    """The fields that a person fills in and of which the form does not say what they held.

    Of a field of several values that held none nothing is said; a row that a table offers to add has held nothing.
    """
    named = {field.name for field in form.form.inputs if field.name}
    held = {name.removeprefix("initial-") if name.startswith("initial-") else name for name in named} & {
        name.replace("initial-", "", 1) for name in named if "initial-" in name
    }
    fields = set()
    for field in form.form.inputs:
        name, _, rest = (field.name or "").partition("-")
        index = rest.partition("-")[0]
        initial = form.fields.get(f"{name}-INITIAL_FORMS")
        if field.get("type", field.tag) not in FILLED_IN or not field.name or field.name.endswith("-DELETE"):
            continue
        if initial and (not index.isdecimal() or int(index) >= int(initial[0])):
            continue
        is_one_of_several = field.get("type") == "checkbox" and field.get("value", "on") != "on"
        if is_one_of_several or field.get("multiple") is not None:
            continue
        fields.add(field.name)
    return fields - held


# ---------------------------------------------------------------- the forms of one address


class EachForm:
    """What the forms of an address have told, whoever was handed them out."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.opened, self.done = False, 0
        self.tokens: list[str] = []
        self.forgotten: set[str] = set()

    def send(self, forms: Iterable[SentPage]) -> None:
        """Fill in each form of a page that was opened, send it twice, and take it back."""
        self.opened = True
        for form in forms:
            self.tokens += form.fields.get(FIELD, [f"{self.address}: a form without {{% csrf_token %}}"])
            self.forgotten |= left_out(form)
            with transaction.atomic():
                self.done += self.is_done_once(form, plausible(form) | FILLED.get(self.address, {}))
                transaction.set_rollback(True)

    def is_done_once(self, form: SentPage, filled: dict[str, Any]) -> bool:
        """Whether the form was taken; the second time, it is answered alike and nothing more is written."""
        first = form.send(filled)
        if first.status_code != 302:
            return False
        before = rows_written()
        with transaction.atomic():
            again = form.send(filled)
            touched = {table for table, _ in rows_written().items() ^ before.items()}
            after = contents_of(touched)
            transaction.set_rollback(True)
        assert again.headers.get("Location") == first["Location"], f"{self.address}: answered otherwise ({again})"
        said = list(messages.get_messages(again.wsgi_request))
        if any(message.level == messages.ERROR for message in said):
            return False
        assert after == contents_of(touched), f"{self.address}: done twice"
        return True

    def judge(self) -> None:
        """After all accounts have opened the address."""
        if not self.opened:
            return
        assert all(":" in token and " " not in token for token in self.tokens), self.tokens
        assert len(set(self.tokens)) == len(self.tokens)
        if self.address.endswith("add"):
            assert bool(self.done) == (self.address not in REFUSED), f"{self.address}: {self.done} forms were taken"
        elif self.address not in WITHOUT_ROW:
            assert not self.forgotten, f"{self.address}: build the form upon OverRow (cadres/web/versions.py)"
