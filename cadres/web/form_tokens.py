"""The token that every form is handed out with: whose it is, on which page it stands, and that it is this one.

`{% csrf_token %}` writes it (settings, `builtins`), so that no form can do without. It is signed: who holds one of an
account was shown a page as that account. What becomes of it when the form is sent: sending.py.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django import template
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from django.http import HttpRequest
from django.template import Context
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import format_html
from django.utils.safestring import SafeString

from cadres.models import KeptForm
from cadres.web.addresses import query_string

FIELD = "form_token"
GOOD_FOR = timedelta(days=2)  # a form that lay open longer is looked at once more before it is sent

register = template.Library()
_signer = TimestampSigner(salt="form")


@dataclass(frozen=True)
class FormToken:
    """`account` is the key of the account, `page` the address of the page with the form, `kept` what filled it."""

    key: UUID
    account: int
    page: str
    kept: str = ""
    is_old: bool = False

    def __str__(self) -> str:
        return _signer.sign_object([self.key.hex, self.account, self.page, self.kept], compress=True)


def token_of(request: HttpRequest) -> FormToken | None:
    """The token that was sent with a form; None where there is none, or none of ours."""
    signed = request.POST.get(FIELD, "")
    try:
        key, account, page, kept = _signer.unsign_object(signed)
    except BadSignature:
        return None
    try:
        _signer.unsign(signed, max_age=GOOD_FOR)
    except SignatureExpired:
        return FormToken(UUID(key), account, page, kept, is_old=True)
    return FormToken(UUID(key), account, page, kept)


def new_token(request: HttpRequest, account: int) -> FormToken:
    """For a form of the page that is being shown; a form that was refused stands where it stood."""
    if sent := token_of(request):
        return FormToken(uuid4(), account, sent.page, sent.kept)
    words = {name: values for name, values in request.GET.lists() if name != KeptForm.NAME}
    return FormToken(uuid4(), account, request.path + query_string(words), request.GET.get(KeptForm.NAME, ""))


class FormTokenNode(CsrfTokenNode):
    """Django's token against forged requests, and for who is signed in also ours."""

    def render(self, context: Context) -> SafeString:
        written: Any = super().render(context)
        request = context.get("request")
        account = getattr(request, "user", None)
        if not written or request is None or account is None or not account.is_authenticated:
            return written
        return format_html(
            '{}<input type="hidden" name="{}" value="{}">', written, FIELD, new_token(request, account.pk)
        )


@register.tag
def csrf_token(parser: Any, token: Any) -> FormTokenNode:
    return FormTokenNode()
