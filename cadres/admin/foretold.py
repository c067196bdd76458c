"""The effect before the act, on the pages of the admin: adding, changing and deleting a row."""

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict

from cadres.models import Change
from cadres.web.effects import Context, done_or_shown


class ShownAgain:
    """Before a form class: whatever is filled in stays on the page, and nothing is saved."""

    def is_valid(self) -> bool:
        super().is_valid()  # type: ignore[misc]
        return False


class Foretelling:
    """For an admin page: a change that would move a verdict shows its effect first (cadres/web/effects.py).

    `moves_no_verdict` says why no change of these rows can, where that is so; nothing is tried then.
    """

    moves_no_verdict = ""
    opts: Any

    def criterion_judged(self, request: HttpRequest, object_id: str | None) -> Any:
        """The criterion by which the effect is told; None: the one of the page."""
        return None

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        def page(context: Context | None = None) -> HttpResponse:
            request.is_shown_again = context is not None  # type: ignore[attr-defined]
            more = (extra_context or {}) | (context or {})
            return super(Foretelling, self).changeform_view(request, object_id, form_url, more)  # type: ignore[misc]

        if request.method != "POST" or self.moves_no_verdict:
            return page()
        return done_or_shown(request, page, page, criterion=self.criterion_judged(request, object_id))

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)  # type: ignore[misc]
        if not getattr(request, "is_shown_again", False):
            return form
        return type(form)(form.__name__, (ShownAgain, form), {})

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        def page(context: Context | None = None) -> HttpResponse:
            more = (extra_context or {}) | (context or {})
            return super(Foretelling, self).delete_view(request, object_id, more)  # type: ignore[misc]

        def ask(context: Context) -> HttpResponse:
            request.POST = QueryDict()  # then Django asks whether it is to be deleted
            return page(context)

        if request.method != "POST" or not request.POST or self.moves_no_verdict:
            return page()
        written = Change.objects.filter(table_name=self.opts.db_table, key=_key(object_id))
        latest = written.order_by("-pk").values_list("pk", flat=True).first()
        return done_or_shown(request, page, ask, of=latest)


def _key(object_id: str) -> int:
    return int(object_id) if object_id.isdecimal() else 0
