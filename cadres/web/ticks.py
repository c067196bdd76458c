"""What is ticked in a list. It stays while the list is paged, narrowed, sorted and searched, until it is acted upon.

A list with ticks is one form: whatever shows it otherwise (a page, the head of a column, a filter) is a button of that
form, so the ticks of the page go along without any script. They are kept in the session as the keys of rows, and the
answer is a redirect: the address says what is shown as that of any list does, and holds no tick. What is acted upon is
looked at once more on the page of the act (cadres.web.acts).
"""

import re
from collections.abc import Callable, Collection, Container, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.safestring import SafeString, mark_safe

from cadres.text import thousands
from cadres.web.addresses import query_string
from cadres.web.escaping import escaped
from cadres.web.paging import PAGE
from cadres.web.posted import key_of

# What a page with ticks posts: the rows ticked, the rows shown, and one of the four buttons.
TICKED, SHOWN = "chon", "hien"
GO, NARROW, CHOOSE, ACT = "den", "loc", "muc_chon", "viec"
CHOSEN = "cot"  # the columns of a list, in its address
ALL, NOTHING = "tat_ca", "bo"  # the values of CHOOSE
WITHOUT = "bo:"  # and of one that takes a single tick off, before its key

AT_MOST = 10_000  # rows ticked in one list; also what keeps a session small
LISTS_KEPT = 8  # the lists whose ticks a session keeps, those used last
SESSION = "ticks"
KEY = re.compile(r"\d{1,18}(-[A-Za-z0-9_]{1,40})?")  # of a row, or of a part of one
TOLD_AT_MOST = 200  # characters of a field beside a tick


@dataclass(frozen=True)
class Way:
    """Where a button of an act leads; `whom`: the keys it is about, where it is not about those ticked."""

    address: str
    whom: Callable[[], Iterable[object]] | None = None


class Ticks:
    """The ticks of one list of one session: `keys` in the order in which they were set.

    `beside` holds what is filled in beside a tick and goes with it: key → field → text, of the fields named.
    """

    def __init__(self, request: HttpRequest, name: str, *, fields: Collection[str] = ()) -> None:
        self.request, self.name, self.fields = request, name, fields
        stored = request.session.get(SESSION, {}).get(name, {})
        self.keys: list[str] = list(stored.get("keys", ()))
        self.beside: dict[str, dict[str, str]] = dict(stored.get("beside", {}))
        self.shown, self.elsewhere = "", len(self.keys)

    def __len__(self) -> int:
        return len(self.keys)

    def __contains__(self, key: object) -> bool:
        return str(key) in self._set

    @cached_property
    def _set(self) -> frozenset[str]:
        return frozenset(self.keys)

    @property
    def numbers(self) -> list[int]:
        """The keys of a list whose rows have plain ones."""
        return [number for key in self.keys if (number := key_of(key)) is not None]

    def show(self, keys: Iterable[object]) -> "Ticks":
        """Say which rows the page shows: `shown` goes into its form, `elsewhere` are the ticks on other pages."""
        listed = [str(key) for key in keys]
        self.shown = " ".join(listed)
        self.elsewhere = len(self._set.difference(listed))
        return self

    # what a page posts

    def take(self) -> None:
        """Set the ticks of the page that was posted: those of its rows, and whatever is ticked besides."""
        posted = self.request.POST
        ticked = [key for key in posted.getlist(TICKED) if KEY.fullmatch(key)]
        shown = set(posted.get(SHOWN, "").split()) | set(ticked)
        kept = [key for key in self.keys if key not in shown]
        for key in ticked:
            self.beside.pop(key, None)
            said = {name: posted.get(f"{name}-{key}", "")[:TOLD_AT_MOST] for name in self.fields}
            if any(said.values()):
                self.beside[key] = said
        self._keep([*kept, *ticked])

    def add(self, keys: Iterable[object]) -> None:
        self._keep([*self.keys, *(str(key) for key in keys)])

    def remove(self, key: str) -> None:
        self._keep([kept for kept in self.keys if kept != key])

    def clear(self) -> None:
        self._keep([])

    def _keep(self, keys: list[str]) -> None:
        self.keys = list(dict.fromkeys(keys))
        if len(self.keys) > AT_MOST:
            messages.warning(
                self.request,
                f"Chỉ chọn được {thousands(AT_MOST)} dòng một lần; {thousands(len(self.keys) - AT_MOST)} dòng sau "
                "không được chọn. Hãy lọc hẹp hơn và làm thành nhiều lần.",
            )
            self.keys = self.keys[:AT_MOST]
        self.__dict__.pop("_set", None)
        lists = dict(self.request.session.get(SESSION, {}))
        lists.pop(self.name, None)
        if self.keys:
            beside = {key: self.beside[key] for key in self.keys if key in self.beside}
            lists[self.name] = {"keys": self.keys} | ({"beside": beside} if beside else {})
        self.request.session[SESSION] = dict(list(lists.items())[-LISTS_KEPT:])

    def answer(
        self, *, everything: Callable[[], Iterable[object]], acts: Mapping[str, Way], filters: Collection[str] = ()
    ) -> HttpResponse:
        """Keep the ticks that a page posted, and go where its button leads.

        `everything`: the keys of all rows of the filter, on every page. `acts`: value of an ACT button → where it
        leads. `filters`: the fields that the button of the filters sends; that of the columns says so and sends them
        only. Raises BadRequest without a button.
        """
        request, posted = self.request, self.request.POST
        self.take()
        if ACT in posted:
            if posted[ACT] not in acts:
                raise BadRequest("Danh sách này không có việc đó. Hãy tải lại trang.")
            way = acts[posted[ACT]]
            if way.whom:
                self.clear()
                self.add(way.whom())
            return redirect(way.address)
        if GO in posted:
            return redirect(request.path + _query(posted[GO]))
        if NARROW in posted:
            sent = (CHOSEN,) if posted[NARROW] == CHOSEN else filters
            words = {key: values for key, values in request.GET.lists() if key not in {*sent, PAGE}}
            narrowed = {name: [value for value in posted.getlist(name) if value] or None for name in sent}
            return redirect(request.path + query_string({**words, **narrowed}))
        if posted.get(CHOOSE) == ALL:
            self.add(everything())
        elif posted.get(CHOOSE) == NOTHING:
            self.clear()
        elif posted.get(CHOOSE, "").startswith(WITHOUT):
            self.remove(posted[CHOOSE].removeprefix(WITHOUT))
        else:
            raise BadRequest("Trang này gửi thiếu nút đã bấm. Hãy tải lại trang rồi bấm lại.")
        return redirect(request.get_full_path())


def _query(text: str) -> str:
    """The query string that a button carries; nothing else of an address may come this way."""
    words = QueryDict(text.removeprefix("?"))
    return f"?{words.urlencode()}" if words else ""


def tick_box(ticks: Container[object], key: object, name: str) -> SafeString:
    """The box of a row with that key; `name` says what ticking it does, and whom it is for."""
    checked = " checked" if key in ticks else ""
    return mark_safe(
        f'<input type="checkbox" name="{TICKED}" value="{escaped(key)}"{checked} aria-label="{escaped(name)}">'
    )
