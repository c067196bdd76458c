"""“Trợ giúp”: what the words of the pages mean, and the leaflets for each kind of work."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cadres.web.permissions import account
from lao_cai_training.helping.leaflets import LEAFLETS, whom_to_ask
from lao_cai_training.helping.words import found, words


@login_required
@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """The glossary, or the words of it that answer to `?q=`."""
    text = " ".join(request.GET.get("q", "").split())[:100]
    held = account(request).roles_today
    context = {
        "title": "Trợ giúp",
        "text": text,
        "words": found(text),
        "all_words": len(words()),
        "leaflets": sorted(LEAFLETS.values(), key=lambda leaflet: not leaflet.of & held),  # the own one first
    }
    return render(request, "helping/help.html", context)


@login_required
@require_safe
def leaflet(request: HttpRequest, slug: str) -> HttpResponse:
    """A leaflet, two pages when it is printed."""
    shown = LEAFLETS.get(slug)
    if shown is None:
        raise Http404
    context = {"title": f"Hướng dẫn cho {shown.readers}", "ask": whom_to_ask(shown)}
    return render(request, shown.template, context)
