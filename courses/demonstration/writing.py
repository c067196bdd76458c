"""Writes the training history as rows: classes, sending decisions, enrolments, certificates, and what they prove."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from django.utils.timezone import make_aware

from cadres import registry
from cadres.bulk import insert_rows, reserve_keys
from cadres.models import Qualification
from cadres.periods import PartialDate
from cadres.registry.rows import Proof
from courses.demonstration.history import Run
from courses.demonstration.school import School, friday_until
from courses.demonstration.staff import DIRECTOR, Staff
from courses.models import Certificate, Enrolment, SendingDecision, StudyForm, TrainingClass
from courses.results.marks import proposed_grade

BATCH = 2000
DECISION_POST = "Giám đốc Sở Nội vụ"
PLACE_NAMES = {StudyForm.AT_CLUSTER: "Cụm xã, hội trường UBND xã", StudyForm.AT_DISTRICT: "Hội trường UBND huyện"}


class Numbers:
    """Running numbers of each year: of decisions, and of the certificates of each institution."""

    def __init__(self) -> None:
        self._last: Counter[tuple[str, int]] = Counter()

    def next(self, what: str, year: int) -> int:
        self._last[what, year] += 1
        return self._last[what, year]


class Writer:
    def __init__(self, random: Random, school: School, staff: Staff) -> None:
        self.random = random
        self.school = school
        self.staff = staff
        self.numbers = Numbers()

    def write(self, runs: list[Run]) -> list[TrainingClass]:
        """Write everything about the classes but their money; returns them in the order of `runs`."""
        classes = TrainingClass.objects.bulk_create([self._class(run) for run in runs], batch_size=BATCH)
        self._assign_trainers(classes)
        decisions = SendingDecision.objects.bulk_create(
            [self._decision(run, row) for run, row in zip(runs, classes, strict=True)], batch_size=BATCH
        )
        self._write_people(runs, classes, decisions)
        return classes

    def _class(self, run: Run) -> TrainingClass:
        course, programme, district = run.course, run.course.programme, run.district
        number = self.numbers.next(programme.code, run.start.year)
        decided = friday_until(run.start - timedelta(days=self.random.randint(25, 60)))
        institution = self.school.institution_of(course, district)
        place = self.school.province if course.is_degree or district is None else district
        is_away = place == self.school.province
        venue = institution.name if is_away else PLACE_NAMES.get(StudyForm(course.form), "Hội trường UBND huyện")
        return TrainingClass(
            code=f"{programme.code}-{run.start.year}-{number}",
            programme=programme,
            institution=institution,
            place_id=place,
            venue=venue,
            form=course.form,
            start_date=run.start,
            end_date=run.end,
            enrol_until=friday_until(run.start - timedelta(days=15)),
            seats=-(-max(len(run.turns), 20) // 5) * 5,
            decision=f"QĐ số {self.numbers.next('class', decided.year) + 100}/QĐ-UBND ngày {decided:%d/%m/%Y}",
            state=TrainingClass.State.ENDED,
        )

    def _assign_trainers(self, classes: Iterable[TrainingClass]) -> None:
        through = TrainingClass.trainers.through
        through.objects.bulk_create(
            [
                through(trainingclass_id=row.pk, trainer_id=trainer.pk)
                for row in classes
                for trainer in self.staff.drawn_for(row)
            ],
            batch_size=BATCH,
        )

    def _decision(self, run: Run, row: TrainingClass) -> SendingDecision:
        signed_on = friday_until(run.start - timedelta(days=self.random.randint(5, 14)))
        number = self.numbers.next("sending", signed_on.year)
        return SendingDecision(
            training_class=row,
            number=f"{number + 40}/QĐ-SNV",
            signed_on=signed_on,
            signer=DIRECTOR,
            signer_post=DECISION_POST,
        )

    def _write_people(self, runs: list[Run], classes: list[TrainingClass], decisions: list[SendingDecision]) -> None:
        everything = [
            (turn, run, row, decision)
            for run, row, decision in zip(runs, classes, decisions, strict=True)
            for turn in run.turns
        ]
        keys = reserve_keys(Enrolment, len(everything))
        enrolments: list[tuple[object, ...]] = []
        certificates: dict[int, tuple[object, ...]] = {}
        proofs: dict[int, Proof] = {}  # enrolment → what it proves: a level on record already, or one more
        # The register follows the days on which certificates were issued.
        order = sorted(range(len(everything)), key=lambda place: (everything[place][1].issued or date.max, place))
        for place in order:
            turn, run, row, decision = everything[place]
            enrolments.append(self._enrolment(keys[place], turn.official, turn.state, row, decision))
            institution = row.institution
            if turn.state != Enrolment.State.COMPLETED or run.issued is None or institution is None:
                continue
            key, entry = keys[place], self.numbers.next(institution.code, run.issued.year)
            number = f"{institution.code}-{run.issued.year}-{entry:03}"
            book_entry = f"{entry:02}/{run.issued.year}"
            certificates[key] = (institution.pk, number, book_entry, run.issued, institution.head, "")
            level = run.course.programme.raises_to_id
            if level is not None and (turn.record is not None or turn.raises):
                proofs[key] = Proof(
                    turn.official,
                    level,
                    run.issued,
                    PartialDate(run.issued),
                    run.course.programme.field_of_study,
                    row.get_form_display(),
                    institution.name,
                    number,
                    Qualification.Origin.COURSE,
                    id=turn.record.key if turn.record else None,
                )
        insert_rows(Enrolment, ENROLMENT_COLUMNS, enrolments)
        proven = dict(zip(proofs, registry.record_qualifications(list(proofs.values()), by=None), strict=True))
        rows = ((key, *certificate, proven.get(key)) for key, certificate in certificates.items())
        insert_rows(Certificate, CERTIFICATE_COLUMNS, rows)

    def _enrolment(
        self, key: int, official: int, state: str, row: TrainingClass, decision: SendingDecision
    ) -> tuple[object, ...]:
        """A row of ENROLMENT_COLUMNS, with a mark where there is a result."""
        nominated = row.start_date - timedelta(days=self.random.randint(16, 35))
        queued_at = make_aware(datetime.combine(nominated, time(8, self.random.randrange(60))))
        mark, grade, reason, withdrawn_on = None, "", "", None
        if state == Enrolment.State.COMPLETED:
            mark = Decimal(self.random.choices(range(10, 20), (4, 8, 14, 22, 18, 14, 10, 6, 3, 1))[0]) / 2
            grade = proposed_grade(mark)
        elif state == Enrolment.State.FAILED:
            mark = Decimal(self.random.randint(4, 9)) / 2
        elif state == Enrolment.State.WITHDRAWN:
            reasons = Enrolment.WithdrawalReason
            reason = self.random.choice((reasons.HEALTH, reasons.WORK, reasons.QUIT, reasons.REFUSED))
            withdrawn_on = row.start_date + (row.end_date - row.start_date) * self.random.random()
        return key, row.pk, official, state, queued_at, False, decision.pk, reason, withdrawn_on, mark, grade, ""


ENROLMENT_COLUMNS = (
    "id",
    "training_class_id",
    "official_id",
    "state",
    "queued_at",
    "is_from_reserve",
    "decision_id",
    "withdrawal_reason",
    "withdrawn_on",
    "mark",
    "grade",
    "note",
)
CERTIFICATE_COLUMNS = (
    "enrolment_id",
    "institution_id",
    "number",
    "book_entry",
    "issued_on",
    "signer",
    "withdrawn_because",
    "qualification_id",
)
