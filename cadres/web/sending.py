"""What happens to every form that is sent: one transaction, at most once, and only for the account that was given it.

A form is handed out with a token (form_tokens.py). Whoever sends it spends the token in the transaction of the act: the
same form sent twice (a double click, reload, the way back) does the act once and is answered alike, at the same instant
too. A form that was refused is not spent. One that cannot be taken is kept (kept_forms.py).
"""

from collections.abc import Callable
from hashlib import sha256
from typing import Any, TypeVar

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils.timezone import now

from cadres.models import KeptForm, SentForm
from cadres.walls import for_nobody
from cadres.web.effects import unheard
from cadres.web.form_tokens import GOOD_FOR, FormToken, token_of
from cadres.web.kept_forms import NEVER_KEPT, forget, keep, tell_of_kept_form
from cadres.web.ticks import SHOWN
from cadres.web.versions import merging

V = TypeVar("V", bound=Callable[..., Any])

AT_A_TIME = 100  # spent tokens that one act forgets
AHEAD = "X-Ahead"  # the header by which a page asks what it would come to
TELL_AHEAD: set[Callable[..., Any]] = set()  # the views that may be asked so
GOES_ITS_OWN_WAY = "admin:logout"  # whoever leaves may do so twice
Reason = KeptForm.Reason


def tells_ahead(view: V) -> V:
    """A view that may be asked what a form would come to: it does nothing that outlives a transaction, and counts and
    logs nothing that somebody would like undone. Stands above all other decorators."""
    TELL_AHEAD.add(view)
    return view


class FormMiddleware:
    """The last one before the view."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Answer a form in place of the view, which is called from here."""
        address: Any = request.resolver_match
        if request.method != "POST" or address.view_name == GOES_ITS_OWN_WAY:
            return None
        if AHEAD in request.headers:
            if view not in TELL_AHEAD:
                return HttpResponseBadRequest()
            return _told_ahead(request, lambda: view(request, *args, **kwargs))
        token = token_of(request)
        if token and token.account != request.user.pk:
            return keep(request, token, Reason.SIGNED_OUT)
        if not request.user.is_authenticated:
            return _answer_sign_in(request, view(request, *args, **kwargs))
        if token and token.is_old:
            return keep(request, token, Reason.TOO_OLD)
        try:
            return self._answer(request, token, view, args, kwargs)
        except Http404:
            if token and token.labels:
                return _tell_gone(token, request)
            raise

    def _answer(
        self, request: HttpRequest, token: FormToken | None, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse:
        if SHOWN in request.POST:  # ticks, which are no act and may be sent as often as somebody goes back to them
            token = None
        with transaction.atomic(), merging() as merged:
            if token and not _spend(token, request):
                return _answer_again(token, request)
            said_before = len(messages.get_messages(request))
            response = view(request, *args, **kwargs)
            if merged:  # a page that is shown once more has been written by now: the next one tells
                told = "; ".join(merged)
                messages.info(request, f"Trong lúc đó người khác đã sửa, và được giữ như họ ghi: {told}.")
            if token:
                _note(token, request, response, said_before)
            return response


def _told_ahead(request: HttpRequest, answer: Callable[[], HttpResponse]) -> HttpResponse:
    """The page that would come back, or 204 where it would be done at once; 401 for who has been signed out meanwhile.

    Nothing of it stays in the database, nothing is said.
    """
    if not request.user.is_authenticated:
        return HttpResponse(status=401)
    with transaction.atomic(), merging(), unheard(request):
        response = answer()
        transaction.set_rollback(True)
    return HttpResponse(status=204) if _is_done(response) else response


def _tell_gone(token: FormToken, request: HttpRequest) -> HttpResponse:
    """The row that a form is about is no longer there, as it was when it was handed out: what was typed is shown."""
    filled = [
        (label, text)
        for name, label in token.labels.items()
        if (text := request.POST.get(name, "")) and text != request.POST.get(f"initial-{name}")
    ]
    return render(request, "gone.html", {"filled": filled}, status=404)


def _answer_sign_in(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """What somebody sends who is not signed in; whoever is by now is told of a form that was not taken before."""
    if request.user.is_authenticated and KeptForm.NAME not in response.get("Location", ""):
        tell_of_kept_form(request)
    return response


def _spend(token: FormToken, request: HttpRequest) -> bool:
    """False where the token was spent before; whoever spends it at the same instant is waited for."""
    try:
        with transaction.atomic():
            SentForm.objects.create(token=token.key, account_id=token.account, contents=_digest(request))
    except IntegrityError:
        return False
    return True


def _digest(request: HttpRequest) -> str:
    """Of what was filled in: the same for the same form sent twice."""
    fields = sorted((name, values) for name, values in request.POST.lists() if name not in NEVER_KEPT)
    sent = [(name, file) for name in request.FILES for file in request.FILES.getlist(name)]
    files = sorted((name, file.name, file.size) for name, file in sent)
    return sha256(repr((request.path, fields, files)).encode()).hexdigest()


def _note(token: FormToken, request: HttpRequest, response: HttpResponse, said_before: int) -> None:
    """Keep what the form was answered. One that shows its page again, or says why not, may be sent once more."""
    said: Any = messages.get_messages(request)
    told = list(said)[said_before:]
    said.used = False  # they are shown by the page that the answer leads to
    sent = SentForm.objects.filter(token=token.key)
    if not _is_done(response) or any(message.level >= messages.ERROR for message in told):
        sent.delete()
        return
    sent.update(answer=response["Location"], said=told)
    forget(token.kept)
    with for_nobody():
        old = SentForm.objects.filter(sent_at__lt=now() - GOOD_FOR).select_for_update(skip_locked=True)[:AT_A_TIME]
        SentForm.objects.filter(pk__in=old.values("pk")).delete()


def _is_done(response: HttpResponse) -> bool:
    """Whether the act led on; a form that was refused shows its page again."""
    return 300 <= response.status_code < 400


def _answer_again(token: FormToken, request: HttpRequest) -> HttpResponse:
    """As the first time; but what is filled in otherwise since is another act, and is looked at first."""
    first = SentForm.objects.get(token=token.key)
    if first.contents != _digest(request):
        return keep(request, token, Reason.SENT_ALREADY)
    for message in first.said:
        messages.add_message(request, message.level, message.message, message.extra_tags or "")
    messages.info(request, "Biểu mẫu này được gửi hai lần; chỉ lần đầu được ghi.")
    return redirect(first.answer)
