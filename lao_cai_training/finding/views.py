"""“Tìm nhanh”: what is found for a few words, as a page, or as the part of it that Ctrl-K shows on any page."""

from itertools import islice

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from cadres.views.import_effect import FRAGMENT
from cadres.web.addresses import query_string
from cadres.web.day import shown_day
from cadres.web.permissions import account
from lao_cai_training.finding.kinds import ENOUGH, KINDS, SHORTEST, Asked

IN_SHORT = 6  # of a kind, in the part


@login_required
@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """What the account may open that answers to `?q=`, by kind; a kind in which nothing is found is left out."""
    text = " ".join(request.GET.get("q", "").split())[:100]
    user, is_part = account(request), FRAGMENT in request.headers
    asked = Asked.by(user, text, shown_day(request))
    most = IN_SHORT if is_part else ENOUGH
    groups = []
    for kind in KINDS if asked.is_enough else ():
        if kind.permission and not user.has_perm(kind.permission):
            continue
        found = list(islice(kind.look(asked), most + 1))
        if found:
            everything = reverse(kind.everything) + query_string({"q": text}) if kind.everything else ""
            groups.append(
                {"title": kind.title, "found": found[:most], "is_more": len(found) > most, "everything": everything}
            )
    context = {
        "title": "Tìm nhanh",
        "text": text,
        "groups": groups,
        "is_enough": asked.is_enough,
        "shortest": SHORTEST,
        "is_part": is_part,
    }
    return render(request, "finding/found.html" if is_part else "finding/find.html", context)
