"""Programmes that are taken apart over time: who has finished which modules, and what is still lacking.

A class teaches some modules of its programme or, naming none, the whole. Whoever completed it has finished those
modules, in that class and on its last day: nothing is kept beside the result, so that a result taken back takes them
back. Whoever has finished all gets the one certificate of the programme, in the class that was the last. It uses them
up: a programme that is taken again (one that raises no level) begins anew.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from cadres.asked_again import answer
from courses.models import Certificate, Enrolment, ModuleTaught, Programme, ProgrammeModule, TrainingClass

OF_THE_CLASS = ModuleTaught.objects.filter(training_class=OuterRef("training_class"))


def hours_taught(training_class: str) -> Coalesce:
    """TrainingClass.hours as an expression, for a query that reaches the class by the path."""
    of_modules = (
        ModuleTaught.objects.filter(training_class=OuterRef(training_class))
        .order_by()
        .values("training_class")
        .annotate(hours=Sum("module__hours"))
        .values("hours")
    )
    return Coalesce(Subquery(of_modules), F(f"{training_class}__programme__hours"), output_field=IntegerField())


def certificates_of_whole() -> QuerySet[Certificate]:
    """The valid certificates that rest on an enrolment of the query outside, in whichever class of its programme they
    were issued: on a result in a class that ended by their day."""
    return Certificate.objects.filter(
        withdrawn_on=None,
        enrolment__official=OuterRef("official"),
        enrolment__training_class__programme=OuterRef("training_class__programme"),
        issued_on__gte=OuterRef("training_class__end_date"),
    )


def finished() -> QuerySet[Any]:
    """A row for each module that somebody has finished and no certificate has used up: the enrolment, with `module`."""
    completed = Enrolment.objects.filter(state=Enrolment.State.COMPLETED, training_class__taught__isnull=False)
    return completed.filter(~Exists(certificates_of_whole())).annotate(module=F("training_class__taught__module"))


def is_part(*also: QuerySet[Any]) -> Q:
    """The condition on enrolments that do not complete the programme: their class teaches modules, and on its last day
    there is one that the person has not finished. `also`: what is to count as finished, rows with `module`."""
    covered = Q()
    for rows in (finished(), *also):
        covered |= Q(
            Exists(
                rows.filter(
                    official=OuterRef(OuterRef("official")),
                    module=OuterRef("pk"),
                    training_class__end_date__lte=OuterRef(OuterRef("training_class__end_date")),
                )
            )
        )
    lacking = ProgrammeModule.objects.filter(~covered, programme=OuterRef("training_class__programme"))
    return Q(Exists(OF_THE_CLASS)) & Q(Exists(lacking))


def without_certificate() -> Q:
    """The condition on enrolments whose people completed their class and hold no valid certificate of it; where it
    teaches modules: have with them finished the whole programme."""
    valid = Certificate.objects.filter(enrolment=OuterRef("pk"), withdrawn_on=None)
    return Q(state=Enrolment.State.COMPLETED) & ~Q(Exists(valid)) & ~is_part()


def teaching_the_same(training_class: TrainingClass) -> Q:
    """The condition on enrolments in classes of the same programme that teach a module of this one; the whole programme
    shares one with each."""
    same = Q(training_class__programme=training_class.programme_id)
    if own := [module.pk for module in training_class.own_modules]:
        same &= ~Q(Exists(OF_THE_CLASS)) | Q(Exists(OF_THE_CLASS.filter(module__in=own)))
    return same


def take_turns(training_class: TrainingClass) -> None:
    """Lock the programme of a class (locked) that teaches modules: what one class writes another issues upon."""
    if training_class.own_modules:
        Programme.objects.select_for_update(no_key=True).get(pk=training_class.programme_id)


def resting_on(enrolments: Iterable[int]) -> dict[int, Certificate]:
    """Key of the enrolment → the valid certificate of another class that rests on its modules; one query."""
    of_classes = Enrolment.objects.filter(
        pk__in=list(enrolments), state=Enrolment.State.COMPLETED, training_class__taught__isnull=False
    )
    rows = of_classes.annotate(certificate=certificates_of_whole().exclude(enrolment=OuterRef("pk")).values("pk")[:1])
    keys = dict(rows.values_list("pk", "certificate"))
    found = Certificate.objects.select_related("enrolment__training_class").in_bulk(filter(None, keys.values()))
    return {key: found[certificate] for key, certificate in keys.items() if certificate}


@dataclass(frozen=True)
class Finished:
    """A module with the class in which somebody finished it."""

    module: ProgrammeModule
    training_class: TrainingClass


@dataclass(frozen=True)
class Progress:
    """How far somebody is in a programme of modules, in their order."""

    finished: tuple[Finished, ...]
    lacking: tuple[ProgrammeModule, ...]

    @property
    def total(self) -> int:
        return len(self.finished) + len(self.lacking)

    @property
    def last(self) -> TrainingClass:
        """The class in which the last of those finished was, by its last day."""
        return max((one.training_class for one in self.finished), key=lambda taught: taught.end_date)

    def __str__(self) -> str:
        """ "đã học xong 1/3 học phần, còn thiếu học phần 2, 3"; empty where nothing was begun."""
        if not self.finished:
            return ""
        told = f"đã học xong {len(self.finished)}/{self.total} học phần"
        return f"{told}, còn thiếu học phần {numbers(self.lacking)}" if self.lacking else told


def numbers(modules: Iterable[ProgrammeModule]) -> str:
    return ", ".join(str(module.number) for module in modules)


def progress_in(programme: Programme, officials: Iterable[int]) -> dict[int, Progress]:
    """Official → how far the person is in the programme, of those given; empty for one without modules. Two queries."""
    if not (modules := list(programme.modules.all())):
        return {}
    done: dict[int, dict[int, TrainingClass]] = {official: {} for official in officials}
    rows = finished().filter(training_class__programme=programme, official__in=list(done))
    for row in _by_day(rows):
        done[row.official_id].setdefault(row.module, row.training_class)
    return {official: _progress(modules, classes) for official, classes in done.items()}


def progress_of(officials: Iterable[int], programmes: Iterable[int]) -> dict[tuple[int, int], Progress]:
    """(Official, programme) → how far the person is, of those who have begun one of these programmes in modules and
    hold no certificate of it yet. Two queries; one where nobody has, none of no programme."""
    done: dict[tuple[int, int], dict[int, TrainingClass]] = {}
    if not (programmes := list(programmes)):
        return {}
    rows = finished().filter(official__in=list(officials), training_class__programme__in=programmes)
    for row in _by_day(rows):
        key = row.official_id, row.training_class.programme_id
        done.setdefault(key, {}).setdefault(row.module, row.training_class)
    modules: dict[int, list[ProgrammeModule]] = {}
    for module in ProgrammeModule.objects.filter(programme__in={key for _, key in done}) if done else ():
        modules.setdefault(module.programme_id, []).append(module)
    return {key: _progress(modules[key[1]], classes) for key, classes in done.items()}


def in_modules(programmes: Iterable[Programme]) -> set[int]:
    """The keys of those of the programmes that are taken apart; one query."""
    return {programme.pk for programme in programmes} & {key for (key,) in answer(_in_modules)}


def _in_modules() -> QuerySet[Any, Any]:
    return ProgrammeModule.objects.order_by().values_list("programme").distinct()


def programmes_begun(enrolments: QuerySet[Enrolment]) -> list[tuple[Programme, Progress]]:
    """The programmes of which somebody has finished modules in the enrolments given (of one person) and holds no
    certificate yet, each with how far. Two queries."""
    done: dict[Programme, dict[int, TrainingClass]] = {}
    for row in _by_day(finished().filter(pk__in=enrolments.values("pk"))):
        done.setdefault(row.training_class.programme, {}).setdefault(row.module, row.training_class)
    modules: dict[int, list[ProgrammeModule]] = {}
    for module in ProgrammeModule.objects.filter(programme__in=done):
        modules.setdefault(module.programme_id, []).append(module)
    return [(programme, _progress(modules[programme.pk], classes)) for programme, classes in done.items()]


def _by_day(rows: QuerySet[Any]) -> QuerySet[Any]:
    """The first class in which a module was finished first."""
    return rows.select_related("training_class__programme").order_by("training_class__end_date", "pk")


def _progress(modules: list[ProgrammeModule], classes: dict[int, TrainingClass]) -> Progress:
    return Progress(
        tuple(Finished(module, classes[module.pk]) for module in modules if module.pk in classes),
        tuple(module for module in modules if module.pk not in classes),
    )
