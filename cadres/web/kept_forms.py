"""A form that could not be taken is kept, and its page is filled with it again once its account is signed in.

Kept is what was typed and chosen: no file, no password, nothing too large, nothing for longer than a day or two; and
only for the account that the form was handed out to (form_tokens.py). kept_form.js puts it into the form of the page,
as not yet saved: it is sent, and judged, like any other.
"""

import re
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.timezone import localtime, now

from cadres.models import KeptForm
from cadres.walls import for_nobody, keeping_for
from cadres.web.form_tokens import FIELD, GOOD_FOR, FormToken, token_of
from cadres.web.permissions import account

LARGEST = 1024 * 1024  # characters of names and values; the largest page of ours sends a fifth of it
AT_MOST = 5  # of one account
NEVER_KEPT = frozenset({"csrfmiddlewaretoken", FIELD})
SECRETS = re.compile("password|secret")  # a part of the name of every field that holds one

Reason = KeptForm.Reason


def keep(request: HttpRequest, token: FormToken, reason: Reason) -> HttpResponse:
    """Keep what was sent, write nothing of it, and lead to where it can be sent again: the page, or the sign-in."""
    fields = {
        name: values
        for name, values in request.POST.lists()
        if name not in NEVER_KEPT and not SECRETS.search(name) and name not in request.FILES
    }
    page, left = token.page, "việc vừa bấm chưa được làm. Hãy đăng nhập lại rồi bấm lại."
    if sum(len(text) for name, values in fields.items() for text in (name, *values)) > LARGEST:
        left = "biểu mẫu vừa gửi chưa được ghi, và quá lớn nên không giữ lại được. Hãy đăng nhập lại rồi nhập lại."
    elif fields:
        with keeping_for(token.account):
            kept = KeptForm.objects.create(
                key=uuid4(),
                account_id=token.account,
                page=page,
                action=request.path,
                fields=fields,
                had_files=bool(request.FILES),
                reason=reason,
            )
        _forget_others(token.account)
        page = kept.filled_page
        left = "biểu mẫu vừa gửi chưa được ghi. Hãy đăng nhập lại bằng chính tài khoản đó: những gì đã nhập vẫn còn."
    if request.user.pk == token.account:
        return redirect(page)
    if request.user.is_authenticated:
        return render(request, "403_csrf.html", {"is_of_another": True}, status=403)
    messages.warning(request, f"Phiên làm việc đã kết thúc nên {left}")
    return redirect(f"{reverse(settings.LOGIN_URL)}?{urlencode({'next': page})}")


def _forget_others(of: int) -> None:
    """Whatever is too old, and of the account all but the newest."""
    with for_nobody():
        KeptForm.objects.filter(kept_at__lt=now() - GOOD_FOR).delete()
        newest = KeptForm.objects.filter(account=of).order_by("-kept_at")[:AT_MOST]
        KeptForm.objects.filter(account=of).exclude(pk__in=list(newest.values_list("pk", flat=True))).delete()


def refused_as_forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose token against forged requests is that of another session (settings.CSRF_FAILURE_VIEW).

    Our own token says as well that the site handed the form out, and to whom; so what was filled in is kept for that
    account. Nothing is written.
    """
    if token := token_of(request):
        return keep(request, token, Reason.ANOTHER_SESSION)
    return render(request, "403_csrf.html", status=403)


def tell_of_kept_form(request: HttpRequest) -> None:
    """To an account that has just signed in, and not from a form: what it has not sent since."""
    own = KeptForm.objects.filter(account=request.user.pk, kept_at__gte=now() - GOOD_FOR)
    with keeping_for(account(request).pk):  # the request began for nobody
        kept = own.order_by("-kept_at").first()
    if kept:
        messages.warning(
            request,
            format_html(
                'Có một biểu mẫu đã nhập lúc {} mà chưa được ghi. <a href="{}">Mở lại biểu mẫu</a>',
                f"{localtime(kept.kept_at):%H:%M %d/%m/%Y}",
                kept.filled_page,
            ),
        )


def kept_form(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `kept_form`, what the page is to be filled with; asked for where the address names one."""
    if request.method != "GET" or KeptForm.NAME not in request.GET or not request.user.is_authenticated:
        return {}
    try:
        key = UUID(request.GET[KeptForm.NAME])
    except ValueError:
        return {}
    own = KeptForm.objects.filter(account=request.user.pk, kept_at__gte=now() - GOOD_FOR)
    return {"kept_form": own.filter(key=key).first()}


def forget(key: str) -> None:
    """Drop a kept form that has been sent by now."""
    if key:
        KeptForm.objects.filter(key=key).delete()
