"""A list of names on its way among those ticked for a class: each line with whom it means, taken over by a click."""

from typing import Any

from django.contrib import messages
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from cadres.access import writable_by
from cadres.models import Official
from cadres.periods import in_force_then
from cadres.posts import primary_posts
from cadres.roster.reading import UnreadableFileError
from cadres.web.addresses import kept
from cadres.web.day import acting_day
from cadres.web.permissions import account, permission_needed
from cadres.web.posted import ticked
from cadres.web.ticks import TICKED
from courses.access import SEND
from courses.class_pages import class_of
from courses.enrolment.nomination import why_closed
from courses.enrolment.views.nominating import ticks_of
from courses.lists.forms import NamesForm
from courses.lists.names import NamedLine, named_in_file, named_in_text

READ, TAKE = "doc", "them"


@permission_needed(SEND)
def class_names(request: HttpRequest, pk: int) -> HttpResponse:
    """A list of names, pasted or from a file; what each line means (`doc`); whom to take among those ticked (`them`).

    Nothing is written: those taken over stand in the list of candidates, as if ticked there.
    """
    training_class, day = class_of(request, pk), acting_day(request)
    back = reverse("courses:class-enrol", args=[pk]) + kept(request)
    if not training_class.takes_nominations_on(day):
        messages.error(request, why_closed(training_class, day))
        return redirect(back)
    if TAKE in request.POST:
        chosen = ticked(request, TICKED)
        ticks_of(request, training_class).add(chosen)
        messages.success(request, f"Đã thêm {len(chosen)} người vào danh sách cử. Hãy xem lại rồi bấm Cử.")
        return redirect(back)
    form = NamesForm(request.POST or None, request.FILES or None)
    lines: list[NamedLine] = []
    if request.method == "POST" and form.is_valid():
        own = writable_by(Official.objects.all(), account(request), SEND)
        file = form.cleaned_data["file"]
        try:
            if file:
                lines = named_in_file(file.name, file.read(), training_class, day=day, officials=own)
            else:
                lines = named_in_text(form.cleaned_data["names"], training_class, day=day, officials=own)
        except UnreadableFileError as error:
            form.add_error("file" if file else "names", str(error))
    sure = sum(line.is_sure for line in lines)
    return render(
        request,
        "courses/lists/class_names.html",
        {
            "title": f"Thêm theo danh sách tên: {training_class.programme}",
            "training_class": training_class,
            "form": form,
            "rows": _shown(lines, day),
            "sure": sure,
            "unsure": len(lines) - sure,
            "back": back,
        },
        status=400 if request.method == "POST" and not lines else 200,
    )


def _shown(lines: list[NamedLine], day: Any) -> list[dict[str, Any]]:
    """The lines, those first that are not sure, with the posts of whom they may mean."""
    keys = {person.id for line in lines for person in line.people}
    posts = primary_posts(day).filter(official__in=keys).select_related("official", "position")
    named = posts.alias(version_now=in_force_then("unit__versions", day)).annotate(commune=F("version_now__name"))
    of_official: dict[int, Any] = {post.official_id: post for post in named}
    return [
        {
            "line": line,
            "people": [(person, of_official.get(person.id)) for person in line.people],
        }
        for line in sorted(lines, key=lambda line: line.is_sure)
    ]
