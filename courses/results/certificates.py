"""Certificates: numbered, issued once, and recorded in the registry once; and taking them and results back.

A certificate is the point where training reaches the registry: the level that the programme raises is recorded on the
day of issue, and kept beside the certificate. Taking a result back takes that record out again. Verdicts and rates know
nothing of this; they find one record more or less.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db.models import F, Func, IntegerField, Max, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast, Greatest

from cadres import registry
from cadres.evaluation import Supposed, Verdict, judged
from cadres.history import signed
from cadres.models import Appointment, Criterion, Qualification, User
from cadres.periods import PartialDate
from cadres.text import first_named, nfc
from courses.models import Certificate, Enrolment, Institution, TrainingClass
from courses.modules import Progress, is_part, numbers, progress_in, resting_on, take_turns, without_certificate
from courses.results.pupils import check_at_work, pupils_by_key, pupils_of
from courses.seats import lock_class
from courses.steps import move, note_steps

LONGEST_NUMBER = int(Certificate._meta.get_field("number").max_length or 0)
LONGEST_REASON = int(Certificate._meta.get_field("withdrawn_because").max_length or 0)


def _valid_certificates(enrolments: Iterable[int]) -> QuerySet[Certificate]:
    return Certificate.objects.filter(enrolment__in=list(enrolments), withdrawn_on=None)


def due_a_certificate(training_class: TrainingClass) -> QuerySet[Enrolment]:
    """The people of the class who completed it and hold no valid certificate of it, by name.

    Where it teaches modules: who has with them finished the whole programme, and holds no certificate of that.
    """
    return pupils_of(training_class).filter(without_certificate())


def lacking_modules(training_class: TrainingClass, enrolments: QuerySet[Enrolment]) -> list[tuple[Enrolment, Progress]]:
    """Those of the enrolments (a scope) who completed a class of modules and lack others of the programme, by name,
    each with how far."""
    if not training_class.own_modules:
        return []
    seen = pupils_of(training_class).filter(state=Enrolment.State.COMPLETED, pk__in=enrolments.values("pk"))
    completed = list(seen)
    progress = progress_in(training_class.programme, [enrolment.official_id for enrolment in completed])
    told = ((enrolment, progress.get(enrolment.official_id)) for enrolment in completed)
    return [(enrolment, far) for enrolment, far in told if far is not None and far.finished and far.lacking]


class Proposal(NamedTuple):
    number: str
    book_entry: str


def propose_numbers(training_class: TrainingClass, issued_on: date, count: int) -> list[Proposal]:
    """The next `count` numbers of the institution in the year: book entries "12/2015", numbers "TCT-2015-012".

    They carry on after the highest of that form. Only a proposal: whoever has printed forms types their numbers.
    """
    institution = training_class.institution
    if institution is None:
        return []
    year, beginning = issued_on.year, f"{institution.code}-{issued_on.year}-"
    given = Certificate.objects.filter(institution=institution, issued_on__year=year).aggregate(
        last=Greatest(
            _highest("book_entry", f"^([0-9]{{1,9}})/{year}$"),
            _highest("number", f"^{re.escape(beginning)}([0-9]{{1,9}})$"),
            Value(0),
        )
    )
    following = range(given["last"] + 1, given["last"] + 1 + count)
    return [Proposal(f"{beginning}{number:03}", f"{number:02}/{year}") for number in following]


def _highest(column: str, pattern: str) -> Max:
    """The highest number that the pattern finds in a text column."""
    found = Func(F(column), Value(pattern), function="SUBSTRING", output_field=TextField())
    return Max(Cast(found, IntegerField()))


@signed
def issue_certificates(
    training_class: TrainingClass,
    entries: Iterable[tuple[int, str, str]],
    *,
    issued_on: date,
    signer: str,
    by: User | None,
) -> list[Certificate]:
    """Issue certificates: (key of the enrolment, number, book entry) each; returns those that are new.

    What the programme raises is recorded in the registry, once, from `issued_on`. The same entry again is no new
    certificate, and two accounts at one time are taken one after the other. Raises ValidationError, and issues none,
    for a class without an institution or neither running nor ended, a day before its end, somebody who has not
    completed it, a number that the institution has ever given or a book entry of that year, withdrawn ones too.
    """
    training_class = lock_class(training_class)
    check_at_work(training_class)
    if training_class.institution_id is None:
        raise ValidationError(
            f"Lớp {training_class.code} chưa ghi cơ sở đào tạo. Hãy chọn cơ sở ở trang của lớp, rồi cấp chứng chỉ."
        )
    take_turns(training_class)
    # Numbers are unique within the institution: its classes take turns.
    institution = Institution.objects.select_for_update().get(pk=training_class.institution_id)
    signer = nfc(signer)
    if not signer:
        raise ValidationError({"signer": "Hãy ghi người ký chứng chỉ."})
    check_day(training_class, issued_on)
    wanted = [(key, nfc(number), nfc(book_entry)) for key, number, book_entry in entries]
    enrolments = pupils_by_key(training_class, (key for key, _, _ in wanted))
    standing = {certificate.enrolment_id: certificate for certificate in _valid_certificates(enrolments)}
    wrong, new = _not_whole(training_class, [key for key in enrolments if key not in standing]), []
    for key, number, book_entry in wanted:
        enrolment, before = enrolments[key], standing.get(key)
        if before is not None:
            if (before.number, before.book_entry, before.issued_on) != (number, book_entry, issued_on):
                wrong.append(f"{enrolment.official} đã có chứng chỉ số {before.number} của lớp này.")
            continue
        if enrolment.state != Enrolment.State.COMPLETED:
            wrong.append(f"{enrolment.official}: chưa có kết quả Hoàn thành ({enrolment.get_state_display().lower()}).")
        new.append((enrolment, number, book_entry))
    wrong += _all_told(wrong_numbers(institution, issued_on.year, new))
    if wrong:
        raise ValidationError(wrong)
    level = training_class.programme.raises_to
    certificates = []
    for enrolment, number, book_entry in new:
        qualification = None
        if level is not None:
            qualification = registry.record_qualification(
                enrolment.official,
                level,
                as_of=issued_on,
                awarded=PartialDate(issued_on),
                field_of_study=training_class.programme.field_of_study,
                study_mode=training_class.get_form_display(),
                institution=institution.name,
                number=number,
                origin=Qualification.Origin.COURSE,
                by=by,
            )
        certificates.append(
            Certificate(
                enrolment=enrolment,
                institution=institution,
                number=number,
                book_entry=book_entry,
                issued_on=issued_on,
                signer=signer,
                qualification=qualification,
                issued_by=by,
            )
        )
    Certificate.objects.bulk_create(certificates)
    note_steps((enrolment for enrolment, _, _ in new), by=by, note=f"Cấp chứng chỉ ngày {issued_on:%d/%m/%Y}")
    return certificates


def _not_whole(training_class: TrainingClass, enrolments: Iterable[int]) -> list[str]:
    """Of these who completed a class of modules: what each lacks of the programme, or that the certificate of it is
    issued already."""
    if not training_class.own_modules:
        return []
    keys = list(enrolments)
    parts = Enrolment.objects.filter(is_part(), pk__in=keys, state=Enrolment.State.COMPLETED)
    there = resting_on(keys)
    progress = progress_in(training_class.programme, parts.values_list("official", flat=True))
    wrong = []
    for enrolment in parts.select_related("official").order_by("official__name_order", "pk"):
        if certificate := there.get(enrolment.pk):
            issued = f"số {certificate.number} ở lớp {certificate.enrolment.training_class.code}"
            wrong.append(f"{enrolment.official}: chứng chỉ của chương trình đã cấp, {issued}.")
            continue
        far = progress[enrolment.official_id]
        if far.lacking:
            told = f"còn thiếu học phần {numbers(far.lacking)} của chương trình nên chưa được cấp chứng chỉ."
        else:
            told = f"học xong học phần cuối ở lớp {far.last.code}. Hãy cấp chứng chỉ ở lớp đó."
        wrong.append(f"{enrolment.official}: {told}")
    return wrong


def check_day(training_class: TrainingClass, issued_on: date) -> None:
    """Raise ValidationError, at issued_on, for a day of issue before the class ended."""
    if issued_on < training_class.end_date:
        raise ValidationError(
            {
                "issued_on": (
                    f"Ngày cấp {issued_on:%d/%m/%Y} trước ngày bế giảng {training_class.end_date:%d/%m/%Y} "
                    "của lớp. Hãy ghi ngày từ ngày bế giảng trở đi."
                )
            }
        )


def check_numbers(
    institution: Institution,
    issued_on: date,
    entries: Sequence[tuple[Enrolment, str, str]],
    *,
    but: Certificate | None = None,
) -> None:
    """Raise ValidationError that names each number or book entry given before, to another certificate than `but`."""
    if wrong := wrong_numbers(institution, issued_on.year, entries, but=but):
        raise ValidationError(_all_told(wrong))


def _all_told(wrong: dict[int, list[str]]) -> list[str]:
    """Everything that is wrong, what two people share once."""
    return list(dict.fromkeys(told for faults in wrong.values() for told in faults))


def wrong_numbers(
    institution: Institution,
    year: int,
    entries: Sequence[tuple[Enrolment, str, str]],
    *,
    but: Certificate | None = None,
) -> dict[int, list[str]]:
    """Key of the enrolment → what is wrong with its number and book entry, each of which names the person."""
    wrong: dict[int, list[str]] = {}
    for enrolment, *texts in entries:
        if missing := _wrong_in_numbers(enrolment, *texts):
            wrong[enrolment.pk] = missing
    for key, told in (*_given_twice(entries), *_given_before(institution, year, entries, but=but)):
        wrong.setdefault(key, []).append(told)
    return wrong


def _wrong_in_numbers(enrolment: Enrolment, *texts: str) -> list[str]:
    wrong = []
    for what, text in zip(("số hiệu", "số vào sổ"), texts, strict=True):
        if not text:
            wrong.append(f"{enrolment.official}: hãy ghi {what}.")
        elif len(text) > LONGEST_NUMBER:
            wrong.append(f"{enrolment.official}: {what} dài quá {LONGEST_NUMBER} ký tự.")
    return wrong


def _given_twice(entries: Sequence[tuple[Enrolment, str, str]]) -> list[tuple[int, str]]:
    """The numbers and book entries that two people of one issue share: key of each enrolment, and what to tell."""
    wrong = []
    for place, what in ((1, "Số hiệu"), (2, "Số vào sổ")):
        holders: dict[str, list[Enrolment]] = {}
        for entry in entries:
            if text := str(entry[place]):
                holders.setdefault(text, []).append(entry[0])
        for text, shared in holders.items():
            if len(shared) > 1:
                people = first_named([str(enrolment.official) for enrolment in shared])
                told = f"{what} {text} ghi cho {len(shared)} người: {people}."
                wrong += [(enrolment.pk, told) for enrolment in shared]
    return wrong


def _given_before(
    institution: Institution,
    year: int,
    entries: Sequence[tuple[Enrolment, str, str]],
    *,
    but: Certificate | None = None,
) -> list[tuple[int, str]]:
    """The numbers that the institution has ever given, and the book entries of that year, with who has them: key of the
    enrolment that would have one again, and what to tell.
    """
    numbers = {number: enrolment for enrolment, number, _ in entries}
    book_entries = {book_entry: enrolment for enrolment, _, book_entry in entries}
    taken = (
        Certificate.objects.filter(institution=institution)
        .filter(Q(number__in=numbers) | Q(book_entry__in=book_entries, issued_on__year=year))
        .exclude(pk__in=[but.pk] if but else [])
        .select_related("enrolment__official", "enrolment__training_class")
        .order_by("pk")
    )
    wrong = []
    for certificate in taken:
        holder = f"{certificate.enrolment.official}, lớp {certificate.enrolment.training_class.code}"
        note = "; đã thu hồi, số không dùng lại" if certificate.withdrawn_on else ""
        if enrolment := numbers.get(certificate.number):
            given = f"số hiệu {certificate.number} đã cấp ngày {certificate.issued_on:%d/%m/%Y} cho {holder}{note}"
            told = f"{enrolment.official}: {given}. Mỗi số hiệu chỉ cấp cho một người, hãy ghi số khác."
            wrong.append((enrolment.pk, told))
        same_year = certificate.issued_on.year == year
        if same_year and (enrolment := book_entries.get(certificate.book_entry)):
            told = f"{enrolment.official}: số vào sổ {certificate.book_entry} đã dùng cho {holder}{note}."
            wrong.append((enrolment.pk, told))
    return wrong


class Effect(NamedTuple):
    """What certificates would do: how many people meet the standard on the day before and after."""

    judged: int
    before: int
    after: int

    @property
    def gained(self) -> int:
        return self.after - self.before


def effect_of(
    training_class: TrainingClass, enrolments: Sequence[Enrolment], *, issued_on: date, criterion: Criterion
) -> Effect | None:
    """What certificates for these people would do to their verdicts on that day; None where no level is raised.

    The one rule (cadres.evaluation) is asked with the records as if they were there: nothing is written, and the answer
    cannot differ from what will be.
    """
    level = training_class.programme.raises_to
    if level is None or not enrolments:
        return None
    records = []
    for enrolment in enrolments:
        record = Qualification(official_id=enrolment.official_id, level=level, start_date=issued_on)
        record.set_field_of_study(training_class.programme.field_of_study)
        records.append(record)
    own = Appointment.objects.filter(official__in=[enrolment.official_id for enrolment in enrolments])
    before, after = (
        [
            post.verdict
            for post in judged(issued_on, criterion=criterion, appointments=own, supposed=supposed)
            if post.verdict is not None
        ]
        for supposed in (Supposed(), Supposed(records=records))
    )
    return Effect(len(before), before.count(Verdict.COMPLIANT), after.count(Verdict.COMPLIANT))


# ---------------------------------------------------------------- taking back


@signed
def withdraw_result(
    enrolment: Enrolment, *, reason: str, day: date, by: User | None, revoke_from: date | None = None
) -> Enrolment:
    """Take a result back, for a reason: as written in error, or with `revoke_from` revoked from that day on.

    In error ("ghi sai"): the certificate is withdrawn on `day`, its record in the registry never counted, the person
    studies again and waits for a result. Revoked ("thu hồi"): the result stands, certificate and record count up to the
    day before `revoke_from`. The number is never given again. Raises ValidationError without a reason, without a
    result, and where there is no certificate to revoke or the day is not after that of issue.
    """
    training_class = lock_class(enrolment.training_class)
    take_turns(training_class)
    enrolment = Enrolment.objects.select_related("official").get(pk=enrolment.pk)
    reason = nfc(reason)
    if not reason:
        raise ValidationError({"reason": "Hãy ghi lý do."})
    if len(reason) > LONGEST_REASON:
        raise ValidationError({"reason": f"Lý do dài quá {LONGEST_REASON} ký tự."})
    if enrolment.state not in Enrolment.WITH_RESULT:
        raise ValidationError(
            f"{enrolment.official} chưa có kết quả của lớp {training_class.code} "
            f"({enrolment.get_state_display().lower()}), nên không có gì để thu hồi."
        )
    certificate = _valid_certificates([enrolment.pk]).select_related("qualification__level").first()
    if revoke_from is not None:
        _revoke(enrolment, certificate, reason=reason, on=revoke_from, by=by)
        return enrolment
    if enrolment.decision_id is None:
        raise ValidationError(
            f"Lượt học của {enrolment.official} không kèm quyết định cử đi học, nên không đưa về “Đang học” được. "
            "Hãy chọn thu hồi chứng chỉ từ một ngày."
        )
    if resting := resting_on([enrolment.pk]).get(enrolment.pk):
        raise ValidationError(
            f"{enrolment.official}: chứng chỉ số {resting.number} của lớp {resting.enrolment.training_class.code} dựa "
            "vào học phần này. Hãy thu hồi kết quả ở lớp đó trước."
        )
    if certificate is not None:
        if certificate.qualification is not None:
            registry.correct_as_error(certificate.qualification, reason=reason, by=by)
        _withdraw(certificate, on=day, reason=reason)
    move([enrolment], Enrolment.State.ATTENDING, by=by, note=f"Kết quả ghi sai: {reason}", mark=None, grade="")
    return enrolment


def _revoke(enrolment: Enrolment, certificate: Certificate | None, *, reason: str, on: date, by: User | None) -> None:
    if certificate is None:
        raise ValidationError(
            f"{enrolment.official} không có chứng chỉ còn giá trị để thu hồi. Nếu kết quả ghi sai, hãy chọn “Ghi sai”."
        )
    if on <= certificate.issued_on:
        raise ValidationError(
            {
                "revoke_from": (
                    f"Ngày thu hồi phải sau ngày cấp {certificate.issued_on:%d/%m/%Y}; nếu kết quả ghi sai từ đầu, "
                    "hãy chọn “Ghi sai”."
                )
            }
        )
    record = certificate.qualification
    # Somebody may have ended the record in the registry before; that is not undone here.
    if record is not None and not record.is_error and not record.has_ended(on):
        registry.revoke(record, on=on, reason=reason, by=by)
    _withdraw(certificate, on=on, reason=reason)
    note_steps([enrolment], by=by, note=f"Thu hồi chứng chỉ số {certificate.number} từ {on:%d/%m/%Y}: {reason}")


def _withdraw(certificate: Certificate, *, on: date, reason: str) -> None:
    certificate.withdrawn_on, certificate.withdrawn_because = on, reason
    certificate.save(update_fields=("withdrawn_on", "withdrawn_because"))
