"""“Trợ giúp”: what the words of the pages mean, and the leaflets for each kind of work."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lao_cai_training.helping.words import found, words


@login_required
@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """The glossary, or the words of it that answer to `?q=`."""
    text = " ".join(request.GET.get("q", "").split())[:100]
    context = {"title": "Trợ giúp", "text": text, "words": found(text), "all_words": len(words())}
    return render(request, "helping/help.html", context)
