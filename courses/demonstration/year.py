"""A year of training in the demonstration of the present, and what lies on the desks now.

The classes that have ended since 1/7/2025 were for who lacked what the texts of 2025 ask; what they brought is in the
registry, and with it in the rate. What is under way and to come is written by the functions that the screens call.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import zip_longest
from random import Random
from typing import Any

from django.db import connection, transaction
from django.db.models import Value
from django.db.models.functions import Replace

from cadres import registry
from cadres.clusters import clusters_on
from cadres.evaluation import Rulebook, judged
from cadres.history.triggers import unrecorded
from cadres.models import Appointment, Criterion, Official, Qualification, User
from cadres.posts import primary_posts
from courses.classes.funding import commit_funding
from courses.classes.sessions import propose_sessions
from courses.classes.setup import save_class
from courses.classes.states import end_class, open_class, start_class
from courses.demonstration.accounts import give_institutions
from courses.demonstration.history import REPEATED_AFTER, Run, Turn
from courses.demonstration.money import write_money
from courses.demonstration.people import People, Post
from courses.demonstration.quality import write_quality
from courses.demonstration.school import ELSEWHERE, Course, School, friday_until, monday_from
from courses.demonstration.staff import DIRECTOR, NORMS, Staff
from courses.demonstration.writing import DECISION_POST, Writer
from courses.enrolment.candidates import Candidates, most_urgent_first
from courses.enrolment.nomination import approve, decide, nominate
from courses.models import (
    Attendance,
    ClassSession,
    DistrictSubmission,
    Enrolment,
    FundingSource,
    Institution,
    Programme,
    ProgrammeModule,
    SubjectArea,
    TrainingClass,
)
from courses.needs.campaigns import open_campaign, register_computed, submit
from courses.planning.draft import approve_plan, create_plan, save_plan
from courses.planning.proposal.drafting import draft_from_proposal
from courses.planning.proposal.proposing import propose
from courses.results import Result, due_a_certificate, issue_certificates, record_results
from courses.results.certificates import propose_numbers

BEGIN = date(2025, 7, 7)
MILLION = 1_000_000
SPENT = {FundingSource.LOCAL: 5_640 * MILLION, FundingSource.CENTRAL: 1_130 * MILLION}
SIZE = (28, 42)
ENDED_BEFORE = 12  # days: by then certificates are issued
# What was held since 1/7/2025: programme → how many classes.
HELD = {
    **{"QLNN-CV": 6, "QLNN-CVC": 3, "TC-LLCT": 5, "TH-A": 2, "QPAN-D4": 4, "TDT-MONG": 1},
    **{"KNLD-CX": 3, "BD-UBND": 2, "BD-HDND": 1, "BD-DU": 2, "KN-GN": 2, "KN-PL": 2, "KN-CNTT": 3, "KN-DV": 2},
}
CENTRE = "BDCT-"
OF_DISTRICTS = (" huyện ", " thành phố ")
DECISIVE = {"professional", "political_theory", "state_management"}  # what the texts of 2025 ask for


@dataclass(frozen=True)
class Coming:
    """A class under way or to come: its first day from now, seats, and how many the province has nominated."""

    code: str
    begins_in: int
    seats: int
    nominated: int = 0


RUNNING = (Coming("DH-QLNN", -150, 45, 42), Coming("TC-LLCT", -45, 45, 40), Coming("CC-LLCT-KTT", -60, 40, 34))
OPEN = (Coming("QLNN-CVC", 45, 40, 22), Coming("QLNN-CV", 60, 45), Coming("KN-CNTT", 75, 40))
# A programme that is taken apart over time: each module in a class of its own, one certificate for all.
MODULAR, MODULAR_TITLE = "KN-HP", "Kỹ năng công vụ ở cơ sở, ba học phần (minh họa)"
MODULES = (
    (-150, "Soạn thảo văn bản, tham mưu"),
    (-100, "Tiếp công dân, giải quyết thủ tục hành chính"),
    (-50, "Chuyển đổi số trong công vụ"),
)
MODULE_HOURS, MODULAR_PEOPLE = 40, 24
PLANNED = (Coming("TC-LLCT", 100, 45), Coming("QPAN-D4", 120, 60), Coming("BD-UBND", 135, 40))


@transaction.atomic
def build(*, now: date, seed: int = 2026, progress: Callable[[str], None] = lambda message: None) -> None:
    """Write the training of the people of cadres.demonstration.today, who must be there; `now`: the clock's day.

    `progress` is told each step in Vietnamese. The same seed and day make the same rows.
    """
    with unrecorded():
        Year(Random(f"training {seed}"), now, progress).build()


class Year:
    def __init__(self, random: Random, now: date, progress: Callable[[str], None]) -> None:
        self.random = random
        self.now = now
        self.progress = progress
        self.full = Criterion.objects.get(code="FULL")
        self.accounts = {user.username: user for user in User.objects.all()}
        self.province = self.accounts["so-noi-vu"]
        self.staff = Staff(random, now)
        self.done: dict[tuple[int, int], date] = {}

    def build(self) -> None:
        self.progress("Tạo giảng viên, phòng học, định mức")
        self.staff.write()
        # Of a day without districts; what became of each of these centres is not known, and here all is invented.
        for word in OF_DISTRICTS:
            centres = Institution.objects.filter(code__startswith=CENTRE, name__contains=word)
            centres.update(name=Replace("name", Value(word), Value(" ")))
        give_institutions()
        self.school = School(self.now, without=())
        self.courses = {course.programme.code: course for course in self.school.courses}
        self.posts = self._posts()
        self.people = People({official: [post] for official, post in self.posts.items()}, {}, [], {})
        self.lacking = self._lacking()
        self.progress("Tạo các lớp từ tháng 7/2025")
        runs = sorted(self._held(), key=lambda run: (run.start, run.course.programme.code))
        classes = Writer(self.random, self.school, self.staff).write(runs)
        registry.drop_statements_overtaken(by=None)
        write_money(self.random, runs, classes, spent_in_all=SPENT, until=self.now)
        write_quality(self.now.year, until=self.now)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # what follows asks the rules, whose queries would be planned for empty tables
        self.progress("Tạo các lớp đang học, sắp mở, đợt đăng ký và kế hoạch")
        for coming in RUNNING:
            self._run(coming)
        for coming in OPEN:
            self._open(coming)
        for coming in PLANNED:
            self._set_up(coming)
        self._register_needs()
        self._plan()
        self._teach_in_modules()

    # ------------------------------------------------------------ what was held

    def _posts(self) -> dict[int, Post]:
        """Official → the post held since 1/7/2025; of who has left since, until then."""
        province = self.school.province
        columns = ("official", "start_date", "end_date", "position__code", "position__group", "position__subgroup")
        rows: list[Any] = list(primary_posts(BEGIN).order_by("official").values_list(*columns))
        return {
            official: Post(start, end, position, group, subgroup, province)
            for official, start, end, position, group, subgroup in rows
        }

    def _lacking(self) -> dict[int, set[str]]:
        """Official → the dimensions in which the standard of the post of 2025 is not met."""
        rulebook = Rulebook.load()
        levels = rulebook.level_sets(BEGIN)
        asked = rulebook.dimensions_asked(BEGIN)
        posts = judged(BEGIN, criterion=self.full, rulebook=rulebook).filter(verdict__isnull=False)
        found: dict[int, set[str]] = defaultdict(set)
        for official, not_met in posts.values_list("official", "not_met"):
            found[official] |= {dimension.code for dimension in asked if (not_met or 0) & levels.of(dimension)}
        return found

    def _held(self) -> Iterator[Run]:
        ranks: dict[tuple[int, str], int] = {}
        columns = ("official", "level__dimension__code", "level__rank")
        for official, dimension, rank in Qualification.objects.filter(is_error=False).values_list(*columns):
            ranks[official, dimension] = max(rank, ranks.get((official, dimension), 0))
        days = [
            (monday_from(self._day_for(self.courses[code])), self.courses[code])
            for code, number in HELD.items()
            for _ in range(number)
        ]
        for start, course in sorted(days, key=lambda item: (item[0], item[1].programme.code)):
            end = friday_until(start + course.length + timedelta(days=4))
            run = Run(course, start, end, friday_until(end + timedelta(days=self.random.randint(7, ENDED_BEFORE))))
            for official, raises in self._chosen(run, ranks):
                self._put(run, official, raises=raises, ranks=ranks)
            if len(run.completed) >= SIZE[0] // 2:
                yield run

    def _day_for(self, course: Course) -> date:
        """A first day such that certificates are issued by now."""
        latest = self.now - course.length - timedelta(days=ENDED_BEFORE + 10)
        return BEGIN + timedelta(days=self.random.randrange((latest - BEGIN).days))

    def _chosen(self, run: Run, ranks: dict[tuple[int, str], int]) -> list[tuple[int, bool]]:
        """Whom the class takes: (official, whether it brings a new record)."""
        course, able = run.course, []
        for official, post in self.posts.items():
            if not post.is_in_force(run.start) or not post.is_in_force(run.end) or not course.takes(post):
                continue
            is_free = self.people.is_free(official, run.start, run.end, beside_work=course.beside_work)
            if not is_free or self._was_there(official, run):
                continue
            rank = ranks.get((official, course.dimension))
            if course.dimension and (rank is None or rank >= course.rank):
                continue
            if course.dimension in DECISIVE and rank is not None and rank < course.rank - 1 and course.rank > 2:
                continue  # a step too far
            able.append(official)
        self.random.shuffle(able)
        able.sort(key=lambda official: course.dimension not in self.lacking[official])  # who needs it comes first
        return [(official, bool(course.dimension)) for official in able[: self.random.randint(*SIZE)]]

    def _was_there(self, official: int, run: Run) -> bool:
        last = self.done.get((official, run.course.programme.pk))
        return last is not None and abs(run.end - last) < REPEATED_AFTER

    def _put(self, run: Run, official: int, *, raises: bool, ranks: dict[tuple[int, str], int]) -> None:
        states = Enrolment.State
        state = self.random.choices((states.COMPLETED, states.FAILED, states.ABSENT), (96, 2, 2))[0]
        is_done = state == states.COMPLETED
        run.turns.append(Turn(official, state, raises=raises and is_done))
        run.posts.append(self.posts[official])
        self.people.take(official, run.start, run.end, beside_work=run.course.beside_work)
        self.done[official, run.course.programme.pk] = run.end
        if raises and is_done:
            ranks[official, run.course.dimension] = run.course.rank

    # ------------------------------------------------------------ under way and to come

    def _set_up(self, coming: Coming) -> TrainingClass:
        course = self.courses[coming.code]
        start = monday_from(self.now + timedelta(days=coming.begins_in))
        institution = self.school.institution_of(course, None)
        decided = friday_until(min(start - timedelta(days=30), self.now - timedelta(days=10)))
        training_class = TrainingClass(
            programme=course.programme,
            institution=institution,
            place_id=self.school.province,
            venue=institution.name,
            form=course.form,
            start_date=start,
            end_date=friday_until(start + course.length + timedelta(days=4)),
            enrol_until=friday_until(start - timedelta(days=15)),
            seats=coming.seats,
            decision=f"QĐ số {self.random.randint(2100, 2900)}/QĐ-UBND ngày {decided:%d/%m/%Y}",
        )
        save_class(training_class, trainers=self.staff.drawn_for(training_class), by=self.province)
        local = round(course.programme.days * coming.seats * NORMS[Programme.Kind(course.programme.kind)] / MILLION)
        commit_funding(training_class, {FundingSource.LOCAL: local * MILLION}, by=self.province)
        return training_class

    def _open(self, coming: Coming) -> TrainingClass:
        training_class = self._set_up(coming)
        open_class(training_class, by=self.province)
        if coming.nominated:
            self._nominate(training_class, coming.nominated, on=min(self.now, training_class.start_date))
        return training_class

    def _nominate(self, training_class: TrainingClass, number: int, *, on: date) -> list[Enrolment]:
        """The most urgent of those who need it and whom nothing stands against, from everywhere."""
        day = max(on, BEGIN)
        candidates = Candidates.of(training_class, day, criterion=self.full, appointments=Appointment.objects.all())
        posts: Any = candidates.needing(candidates.eligible(candidates.posts())).filter(
            is_in_class=False,
            against_target=False,
            against_clash=False,
            against_near_retirement=False,
            against_repeated=False,
        )
        by_place: dict[str, list[Any]] = defaultdict(list)
        for post in most_urgent_first(posts.select_related("official"), candidates):
            days = training_class.start_date, training_class.end_date
            if all(self.people.is_free(post.official_id, *days, beside_work=beside) for beside in (True, False)):
                by_place[post.commune_code].append(post.official)
        people = [official for row in zip_longest(*by_place.values()) for official in row if official][:number]
        return nominate(training_class, people, day=day, criterion=self.full, by=self.province).nominated

    def _run(self, coming: Coming) -> None:
        """A class some weeks old: sent by a decision, sessions held, attendance taken, no results yet."""
        training_class = self._set_up(coming)
        open_class(training_class, by=self.province)
        day = training_class.start_date - timedelta(days=25)
        nominated = self._nominate(training_class, coming.nominated, on=day)
        if not nominated:  # of a small province: nobody needs it
            return
        approve(training_class, nominated, day=day, criterion=self.full, by=self.province)
        decide(
            training_class,
            number=f"{400 + self.random.randrange(400)}/QĐ-SNV",
            signed_on=friday_until(training_class.start_date - timedelta(days=10)),
            signer=DIRECTOR,
            signer_post=DECISION_POST,
            by=self.accounts["phe-duyet"],
        )
        start_class(training_class, day=training_class.start_date, by=self.province)
        if not self.courses[coming.code].is_degree:
            self._hold_sessions(training_class)

    def _teach_in_modules(self) -> None:
        """The same people through three classes, one a module; the last one brings the certificate of the whole."""
        programme = Programme.objects.create(
            code=MODULAR,
            title=MODULAR_TITLE,
            kind=Programme.Kind.CERTIFICATE,
            subject_area=SubjectArea.objects.get(code="KNLD"),
            hours=MODULE_HOURS * len(MODULES),
        )
        classes = []
        for number, (begins_in, title) in enumerate(MODULES, start=1):
            module = ProgrammeModule.objects.create(programme=programme, number=number, title=title, hours=MODULE_HOURS)
            start = monday_from(self.now + timedelta(days=begins_in))
            institution = self.school.institutions[ELSEWHERE]
            training_class = TrainingClass(
                programme=programme,
                institution=institution,
                place_id=self.school.province,
                venue=institution.name,
                form=programme.form,
                start_date=start,
                end_date=start + timedelta(days=4),
                enrol_until=friday_until(start - timedelta(days=15)),
                seats=MODULAR_PEOPLE,
                decision=f"QĐ số {1900 + number}/QĐ-UBND ngày {friday_until(start - timedelta(days=30)):%d/%m/%Y}",
            )
            save_class(training_class, modules=[module], by=self.province)
            classes.append(training_class)
        people = self._free_people(classes)
        for number, training_class in enumerate(classes, start=1):
            self._run_to_the_end(training_class, people, number)

    def _free_people(self, classes: list[TrainingClass]) -> list[Official]:
        """Whom nothing stands against in any of the classes."""
        free: list[dict[int, Official]] = []
        for training_class in classes:
            day = training_class.start_date
            candidates = Candidates.of(training_class, day, criterion=self.full, appointments=Appointment.objects.all())
            posts: Any = candidates.eligible(candidates.posts()).filter(
                is_in_class=False,
                against_target=False,
                against_clash=False,
                against_near_retirement=False,
                against_repeated=False,
            )
            free.append({post.official_id: post.official for post in posts.select_related("official")})
        together = sorted(set.intersection(*(set(found) for found in free)))
        return [free[0][official] for official in together[:MODULAR_PEOPLE]]

    def _run_to_the_end(self, training_class: TrainingClass, people: list[Official], number: int) -> None:
        """From the nomination to the results; certificates where the programme is whole."""
        open_class(training_class, by=self.province)
        day = training_class.start_date - timedelta(days=20)
        nominated = nominate(training_class, people, day=day, criterion=self.full, by=self.province).nominated
        if not nominated:  # of a small province: nobody is free
            return
        approve(training_class, nominated, day=day, criterion=self.full, by=self.province)
        decide(
            training_class,
            number=f"{900 + number}/QĐ-SNV",
            signed_on=friday_until(training_class.start_date - timedelta(days=7)),
            signer=DIRECTOR,
            signer_post=DECISION_POST,
            by=self.accounts["phe-duyet"],
        )
        start_class(training_class, day=training_class.start_date, by=self.province)
        attending = training_class.enrolments.filter(state=Enrolment.State.ATTENDING)
        record_results(
            training_class,
            {enrolment.pk: Result(Enrolment.State.COMPLETED, Decimal(8)) for enrolment in attending},
            by=self.province,
        )
        end_class(training_class, day=training_class.end_date, by=self.province)
        due = list(due_a_certificate(training_class).order_by("pk"))
        issued_on = friday_until(training_class.end_date + timedelta(days=ENDED_BEFORE))
        numbers = propose_numbers(training_class, issued_on, len(due))
        if due and training_class.institution:
            issue_certificates(
                training_class,
                [(one.pk, offered.number, offered.book_entry) for one, offered in zip(due, numbers, strict=True)],
                issued_on=issued_on,
                signer=training_class.institution.head or DIRECTOR,
                by=self.province,
            )

    def _hold_sessions(self, training_class: TrainingClass) -> None:
        slots = propose_sessions(training_class, room=None).sessions
        trainers = list(training_class.trainers.all())
        for number, slot in enumerate(slots):
            slot.trainer = trainers[number // 4 % len(trainers)] if trainers else None
        sessions = ClassSession.objects.bulk_create(slots)
        seated = list(training_class.enrolments.filter(state=Enrolment.State.ATTENDING))
        marks = Attendance.Mark
        Attendance.objects.bulk_create(
            [
                Attendance(
                    session=session,
                    enrolment=enrolment,
                    mark=self.random.choices((marks.PRESENT, marks.LATE, marks.EXCUSED), (94, 3, 3))[0],
                )
                for session in sessions
                if session.day < self.now
                for enrolment in seated
            ],
            batch_size=2000,
        )

    # ------------------------------------------------------------ needs and plans

    def _register_needs(self) -> None:
        """A campaign for the next year that is open today; some units have handed in, one is writing."""
        campaign = open_campaign(
            year=self.now.year + 1,
            title=f"Đăng ký nhu cầu đào tạo, bồi dưỡng năm {self.now.year + 1}",
            opens_on=self.now - timedelta(days=20),
            closes_on=self.now + timedelta(days=25),
            note="Công văn của Sở Nội vụ (minh họa)",
            by=self.province,
        )
        clusters = clusters_on(self.now).values_list("unit", flat=True)
        day = self.now - timedelta(days=5)
        asked = list(DistrictSubmission.objects.filter(campaign=campaign, district__in=clusters).order_by("pk")[:6])
        for number, submission in enumerate(asked):
            register_computed(submission, None, day=day, criterion=self.full, by=self.province)
            if number:
                submit(submission, day=day, by=self.province)

    def _plan(self) -> None:
        """The plan of this year as it was approved, with money for it, and the draft of the next."""
        year = self.now.year
        for of_year, day in ((year, date(year, 1, 12)), (year + 1, self.now)):
            plan = create_plan(
                year=of_year,
                title=f"Kế hoạch đào tạo, bồi dưỡng cán bộ, công chức cấp xã năm {of_year}",
                budgets={FundingSource.LOCAL.value: 7_000 * MILLION, FundingSource.CENTRAL.value: 1_500 * MILLION},
                by=self.province,
            )
            proposal = propose(of_year, plan.total_budget, day=day, criterion=self.full)
            lines = draft_from_proposal(plan, proposal, by=self.province)
            if of_year == year:
                plan.budget_local = -(-sum(line.cost_local for line in lines) // (100 * MILLION)) * 100 * MILLION
                save_plan(plan, by=self.province)
                number = f"{self.random.randint(60, 300)}/QĐ-UBND"
                approve_plan(plan, number=number, on=date(year, 1, 23), by=self.accounts["phe-duyet"])
