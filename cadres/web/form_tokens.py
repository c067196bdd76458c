"""The token that every form is handed out with: whose it is, on which page it stands, and that it is this one.

`{% csrf_token %}` writes it (settings, `builtins`), so that no form can do without. It is signed: who holds one of an
account was shown a page as that account. What becomes of it when the form is sent: sending.py.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django import template
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from django.http import HttpRequest
from django.middleware.csrf import get_token
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
    """`account` is the key of the account, `page` the address of the page with the form, `kept` what filled it.

    `labels` names what is typed into a form over a row (versions.py): all that is left of it once the row is gone.
    """

    key: UUID
    account: int
    page: str
    kept: str = ""
    labels: dict[str, str] = field(default_factory=dict)
    is_old: bool = False

    def __str__(self) -> str:
        return _signer.sign_object([self.key.hex, self.account, self.page, self.kept, self.labels], compress=True)


def token_of(request: HttpRequest) -> FormToken | None:
    """The token that was sent with a form; None where there is none, or none of ours."""
    signed = request.POST.get(FIELD, "")
    try:
        key, account, page, kept, labels = _signer.unsign_object(signed)
    except BadSignature:
        return None
    try:
        _signer.unsign(signed, max_age=GOOD_FOR)
        is_old = False
    except SignatureExpired:
        is_old = True
    return FormToken(UUID(key), account, page, kept, labels, is_old)


def new_token(request: HttpRequest, account: int, labels: dict[str, str]) -> FormToken:
    """For a form of the page that is being shown; a form that was refused stands where it stood."""
    if sent := token_of(request):
        return FormToken(uuid4(), account, sent.page, sent.kept, labels)
    words = {name: values for name, values in request.GET.lists() if name != KeptForm.NAME}
    page, kept = request.path + query_string(words), request.GET.get(KeptForm.NAME, "")
    return FormToken(uuid4(), account, page, kept, labels)


class FormTokenNode(CsrfTokenNode):
    """Django's token against forged requests, and for who is signed in also ours."""

    def render(self, context: Context) -> SafeString:
        written: Any = super().render(context)
        request = context.get("request")
        account = getattr(request, "user", None)
        if not written or request is None or account is None or not account.is_authenticated:
            return written
        token = new_token(request, account.pk, _labels(context))
        return format_html('{}<input type="hidden" name="{}" value="{}">', written, FIELD, token)


def token_fields(request: HttpRequest) -> SafeString:
    """What `{% csrf_token %}` writes, for a form that is written without a template."""
    return FormTokenNode().render(Context({"request": request, "csrf_token": get_token(request)}))


def _labels(context: Context) -> dict[str, str]:
    """The fields to type in of the page's form over a row: of one of ours, or of the admin's with its tables."""
    forms: list[Any] = [context.get("form"), getattr(context.get("adminform"), "form", None)]
    for table in context.get("inline_admin_formsets") or ():
        forms += table.formset.initial_forms
    return {
        form.add_prefix(name): str(field.label)
        for form in forms
        if getattr(form, "row", None) is not None
        for name, field in form.fields.items()
        if not (hasattr(field, "choices") or field.widget.is_hidden)
    }


@register.tag
def csrf_token(parser: Any, token: Any) -> FormTokenNode:
    return FormTokenNode()
