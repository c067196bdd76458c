"""What is found from every page: pages, people, communes, classes, programmes, papers; each within the account's scope.

Diacritics need not be typed. Who bears all the words comes first, an equal name and a given name before others; where
they are few, names that a slip of the pen away are found too.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.contrib.postgres.search import TrigramWordDistance
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.urls import reverse
from django_cte import CTE, with_cte

from cadres.access import VIEW, communes_in_scope, held_in_scope, units_given, units_visible_to, visible_to
from cadres.models import Appointment, Official, Standard, User
from cadres.search import people_found
from cadres.text import fold, match_key, place_key
from courses.access import certificates_visible_to, classes_visible_to
from courses.models import Programme, SendingDecision, TrainingPlan
from lao_cai_training.menu import MENU

SHORTEST = 2  # letters and digits that are looked for
SHORTEST_MISTYPED = 4  # letters in which a slip of the pen is looked for
ENOUGH = 30  # of a kind
SIGNS = re.compile(r"[^0-9a-z]+")


@dataclass(frozen=True)
class Asked:
    """What was typed, by whom, and the day of the page where; `words` are folded."""

    text: str
    user: User
    day: date
    words: tuple[str, ...]

    @classmethod
    def by(cls, user: User, text: str, day: date) -> "Asked":
        return cls(text, user, day, tuple(fold(text).split()))

    @property
    def is_enough(self) -> bool:
        return len(match_key(self.text)) >= SHORTEST

    def begins_words_of(self, told: str) -> bool:
        """Whether each word begins a word of the text; signs part words."""
        there, typed = (SIGNS.sub(" ", fold(text)).split() for text in (told, self.text))
        return all(any(known.startswith(word) for known in there) for word in typed)


@dataclass(frozen=True)
class Found:
    label: str
    detail: str
    address: str


@dataclass(frozen=True)
class Kind:
    """A kind of what is found: who has `permission` may open it, `look` gives the best first; `everything` is the list
    that shows all of them for `?q=`."""

    title: str
    permission: str
    look: Callable[[Asked], Iterable[Found]]
    everything: str = ""


def _pages(asked: Asked) -> Iterable[Found]:
    for group, entries in MENU:
        for entry in entries:
            if asked.user.has_perm(entry.permission) and asked.begins_words_of(entry.label):
                yield Found(entry.label, group, reverse(entry.view))


# ---------------------------------------------------------------- people


def _people(asked: Asked) -> Iterable[Found]:
    """People by a whole number, or by words of the name, then those whose name is nearly what was typed."""
    by_number = match_key(asked.text).isdecimal()
    people = people_found(_seen(asked), asked.text, official="pk") if by_number else _called(asked)
    found = list(people[: ENOUGH + 1])
    posts = _latest_posts(found, asked.user)
    for official in found:
        born = f"sinh {official.birth_date.year}" if official.birth_date else ""
        detail = " · ".join(filter(None, (born, posts.get(official.pk))))
        yield Found(official.full_name, detail, reverse("cadres:official-detail", args=[official.pk]))


def _seen(asked: Asked) -> QuerySet[Official]:
    """Whom the account may see.

    Of a part of the units the holders of a post there are named besides, by the units' keys: nothing else of this does
    the second wall let PostgreSQL look up in an index, and the people of a district are a few in three hundred.
    """
    people = Official.objects.filter(merged_into=None)
    if units_given(asked.user) is not None:
        held = Appointment.objects.filter(unit__in=units_visible_to(asked.user).values("pk"))
        people = people.filter(pk__in=held.values("official"))
    return visible_to(people, asked.user)


def _called(asked: Asked) -> QuerySet[Official]:
    """Who has all the words in the name, then whose name has nearly the whole text in one piece, or nearly each word.

    What answers is found among the names there are, then who bears them: a hundred people share a name, how near two
    texts are costs much, and below the second wall no name can be looked up in an index. Of a name the first in order
    stands for all, so that no name behind the first ones has anybody who is shown.
    """
    name = " ".join(asked.words)
    bears = Q(*(Q(folded_name__contains=word) for word in asked.words))
    place = Case(
        When(folded_name=name, then=Value(0)),
        When(folded_name__endswith=f" {name}", then=Value(1)),
        When(folded_name__startswith=f"{name} ", then=Value(2)),
        When(bears, then=Value(3)),
        default=Value(4),
    )
    far = Case(When(~bears, then=TrigramWordDistance(name, "folded_name")), default=Value(0.0))
    each = _seen(asked).order_by("folded_name", "name_order").distinct("folded_name")
    names = CTE(each.values("folded_name", first=F("name_order")), materialized=True)
    answering = names.queryset().filter(bears | _is_near(asked))
    ranked = answering.annotate(place=place, far=far).order_by("place", "far", "first")
    nearest = CTE(ranked.values("folded_name", "place", "far")[: ENOUGH + 1], name="nearest", materialized=True)
    bearers = nearest.join(_seen(asked), folded_name=nearest.col.folded_name)
    return with_cte(names, nearest, select=bearers).order_by(nearest.col.place, nearest.col.far, "name_order", "pk")


def _is_near(asked: Asked) -> Q:
    """Of a name: a slip of the pen away from what was typed, which is long enough to tell."""
    letters = match_key(asked.text)
    if not letters.isalpha() or len(letters) < SHORTEST_MISTYPED:
        return Q(pk__in=())
    each_word = Q()
    for word in asked.words:
        how = "trigram_word_similar" if len(word) >= SHORTEST_MISTYPED else "contains"
        each_word &= Q(**{f"folded_name__{how}": word})
    return Q(folded_name__trigram_word_similar=" ".join(asked.words)) | each_word


def _latest_posts(officials: list[Official], user: User) -> dict[int, str]:
    """Key of an official → the latest post that the account sees, and where; two queries."""
    held = Appointment.objects.filter(official__in=officials, is_primary=True)
    posts = held_in_scope(held, user, VIEW).select_related("position", "unit").prefetch_related("unit__versions")
    return {post.official_id: f"{post.position.title}, {post.unit}" for post in posts.order_by("start_date")}


# ---------------------------------------------------------------- units, training, papers


def _communes(asked: Asked) -> Iterable[Found]:
    """Communes of the day, a name that begins so first; spaces and y or i make no difference."""
    key = place_key(asked.text)
    found = [(place_key(row["name"]), row) for row in communes_in_scope(asked.user, asked.day)]
    near = [(bare.find(key), row["name"], row) for bare, row in found if key in bare]
    for _, name, row in sorted(near, key=lambda one: one[:2]):
        yield Found(name, row["above_name"], reverse("reports:commune", args=[row["unit"]]))


def _classes(asked: Asked) -> Iterable[Found]:
    """Classes by code, programme or place of learning, the latest first."""
    rows = classes_visible_to(asked.user).order_by("-start_date", "code")
    for pk, code, programme, venue, begins, state in rows.values_list(
        "pk", "code", "programme__title", "venue", "start_date", "state"
    ):
        if asked.begins_words_of(f"{code} {programme} {venue} {begins.year}"):
            detail = f"{programme} · khai giảng {begins:%d/%m/%Y} · {rows.model.State(state).label}"
            yield Found(code, detail, reverse("courses:class-detail", args=[pk]))


def _programmes(asked: Asked) -> Iterable[Found]:
    for programme in Programme.objects.order_by("title"):
        if asked.begins_words_of(f"{programme.code} {programme.title}"):
            address = reverse("admin:courses_programme_change", args=[programme.pk])
            yield Found(programme.title, f"Mã {programme.code}", address)


def _plans(asked: Asked) -> Iterable[Found]:
    for plan in TrainingPlan.objects.order_by("-year"):
        if asked.begins_words_of(f"{plan.title} {plan.year} {plan.decision_number}"):
            decided = f"Quyết định {plan.decision_number}" if plan.decision_number else plan.get_state_display()
            yield Found(plan.title, decided, reverse("courses:plan-detail", args=[plan.pk]))


def _standards(asked: Asked) -> Iterable[Found]:
    for standard in Standard.objects.order_by("-start_date"):
        if asked.begins_words_of(f"{standard.name} {standard.legal_basis}"):
            yield Found(standard.name, standard.legal_basis, reverse("cadres:standard-detail", args=[standard.pk]))


def _sending_decisions(asked: Asked) -> Iterable[Found]:
    rows = SendingDecision.objects.filter(training_class__in=classes_visible_to(asked.user).values("pk"))
    for decision in rows.filter(number__icontains=asked.text).select_related("training_class")[: ENOUGH + 1]:
        detail = f"Ký ngày {decision.signed_on:%d/%m/%Y} · lớp {decision.training_class.code}"
        yield Found(str(decision), detail, reverse("courses:class-detail", args=[decision.training_class_id]))


def _certificates(asked: Asked) -> Iterable[Found]:
    rows = certificates_visible_to(asked.user).filter(number__istartswith=asked.text)
    for certificate in rows.select_related("enrolment__official", "enrolment__training_class")[: ENOUGH + 1]:
        enrolment = certificate.enrolment
        detail = f"{enrolment.official.full_name} · lớp {enrolment.training_class.code}"
        yield Found(certificate.number, detail, reverse("courses:class-detail", args=[enrolment.training_class_id]))


KINDS = (
    Kind("Trang", "", _pages),
    Kind("Cán bộ, công chức", VIEW, _people, "cadres:official-list"),
    Kind("Xã, phường, thị trấn", VIEW, _communes),
    Kind("Lớp học", "courses.view_trainingclass", _classes),
    Kind("Chương trình", "courses.view_programme", _programmes),
    Kind("Kế hoạch", "courses.view_trainingplan", _plans),
    Kind("Văn bản tiêu chuẩn", "cadres.view_standard", _standards),
    Kind("Quyết định cử đi học", "courses.view_enrolment", _sending_decisions),
    Kind("Chứng chỉ", "courses.view_certificate", _certificates),
)
