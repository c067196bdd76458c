"""What lies on the desks on 31/12/2015: plans, a campaign of needs, classes of 2016 in every state, obligations.

Written by the same functions that the screens call, so that every rule holds; only the moments are set back to the
days of December on which it would have been done.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import zip_longest
from random import Random
from typing import Any

from django.db.models import Max, Q, QuerySet, Sum
from django.utils.timezone import make_aware

from cadres.models import Appointment, Criterion, Official, UnitVersion, User
from courses.classes.funding import commit_funding
from courses.classes.sessions import propose_sessions
from courses.classes.setup import save_class, set_quotas
from courses.classes.states import cancel_class, open_class, start_class
from courses.demonstration.people import LAST_DAY, People
from courses.demonstration.school import School, friday_until
from courses.demonstration.staff import DIRECTOR, NORMS, Staff
from courses.demonstration.writing import DECISION_POST
from courses.enrolment.candidates import Candidates, most_urgent_first
from courses.enrolment.nomination import approve, decide, nominate, reject, withdraw
from courses.models import (
    Attendance,
    ClassFunding,
    ClassSession,
    DistrictSubmission,
    Enrolment,
    EnrolmentStep,
    FundingSource,
    NeedCampaign,
    PlanLine,
    Programme,
    RegisteredNeed,
    Repayment,
    Room,
    TrainingClass,
    TrainingMeasure,
    TrainingPlan,
    TrainingRegulation,
)
from courses.needs.campaigns import open_campaign, register_computed, send_back, submit
from courses.obligations.commitments import mark_paid, proposal, record_commitment, record_repayment, without_commitment
from courses.obligations.measures import record_measures, to_answer, to_reward
from courses.planning.draft import create_plan
from courses.planning.proposal.drafting import draft_from_proposal
from courses.planning.proposal.proposing import propose

MILLION = 1_000_000
BAC_HA, MUONG_KHUONG, SA_PA, BAO_THANG = "085", "083", "088", "086"
NEEDS_IN_A_DRAFT = 12
SHARE_OF_CENTRAL = 0.15
MARKS = Attendance.Mark


@dataclass(frozen=True)
class Plan:
    """A class to be set up: `quotas` district code → seats ("": every other district)."""

    code: str
    start: date
    seats: int
    district: str = ""
    is_open: bool = True
    quotas: dict[str, int] | None = None


EVENLY = {BAC_HA: 5, MUONG_KHUONG: 5, SA_PA: 5, "": 4}
RUNNING = Plan("TC-LLCT", date(2015, 11, 16), 45)
DEGREES_RUNNING = (("TC-LUAT", date(2015, 3, 16), 42), ("DH-NN", date(2015, 9, 14), 38))
SHORT_OF_SEATS = Plan("TH-A", date(2016, 3, 7), 28, district=BAC_HA, quotas={BAC_HA: 24})
SKILLS = Plan("KNLD-CX", date(2016, 2, 29), 40)
ADMINISTRATION = Plan("QLNN-CS", date(2016, 2, 22), 45, quotas=EVENLY)
POLITICS = Plan("TC-LLCT", date(2016, 3, 14), 50, quotas=EVENLY)
LAW = Plan("TC-LUAT", date(2016, 3, 21), 50, quotas=EVENLY)
CANCELLED = Plan("TDT-MONG", date(2016, 1, 18), 30)
PLANNED = (
    Plan("BD-UBND", date(2016, 4, 4), 40, is_open=False),
    Plan("NV-TCKT", date(2016, 4, 11), 45, is_open=False),
    Plan("QPAN-D4", date(2016, 5, 9), 60, is_open=False),
    Plan("SC-LLCT", date(2016, 5, 16), 40, district=MUONG_KHUONG, is_open=False),
    Plan("NV-DT", date(2016, 9, 12), 45, is_open=False),
)


def moment(day: date, hour: int = 8, minute: int = 0) -> datetime:
    return make_aware(datetime.combine(day, time(hour, minute)))


class Present:
    def __init__(self, random: Random, people: People, school: School, staff: Staff) -> None:
        self.random = random
        self.people = people
        self.school = school
        self.staff = staff
        self.full = Criterion.objects.get(code="FULL")
        self.accounts = {user.username: user for user in User.objects.all()}
        self.province = self.accounts["so-noi-vu"]
        self.approver = self.accounts["phe-duyet"]
        self.officer_of = {
            code: self.accounts[name]
            for code, name in ((BAC_HA, "bac-ha"), (MUONG_KHUONG, "muong-khuong"), (SA_PA, "sa-pa"))
        }
        self.district_of = {version.code: version.unit_id for version in school.districts.values()}
        self.courses = {course.programme.code: course for course in school.courses}

    def build(self) -> None:
        self._start_running_class()
        for code, start, size in DEGREES_RUNNING:
            self._run_degree(code, start, size)
        self._approve_plan_of_2015()
        self._hold_sessions_of_the_latest()
        self._set_up_classes_of_2016()
        self._open_campaign()
        self._draft_plan_of_2016()
        self._bind_to_serve()
        self._reward_and_remind()
        self._set_moments_back()

    # ------------------------------------------------------------ classes

    def _set_up(self, plan: Plan) -> TrainingClass:
        course = self.courses[plan.code]
        district = self.district_of[plan.district] if plan.district else None
        institution = self.school.institution_of(course, district)
        decided = friday_until(min(plan.start - timedelta(days=30), LAST_DAY - timedelta(days=10)))
        training_class = TrainingClass(
            programme=course.programme,
            institution=institution,
            place_id=district or self.school.province,
            venue=institution.name if district is None else "Hội trường Trung tâm Bồi dưỡng chính trị huyện",
            form=course.form,
            start_date=plan.start,
            end_date=friday_until(plan.start + course.length + timedelta(days=4)),
            enrol_until=friday_until(plan.start - timedelta(days=20)),
            seats=plan.seats,
            decision=f"QĐ số {self.random.randint(2100, 2900)}/QĐ-UBND ngày {decided:%d/%m/%Y}",
        )
        save_class(training_class, trainers=self.staff.drawn_for(training_class), by=self.province)
        if plan.quotas:
            others = plan.quotas.get("", 0)
            quotas = {unit: plan.quotas.get(code, others) for code, unit in self.district_of.items()}
            set_quotas(training_class, {unit: seats for unit, seats in quotas.items() if seats}, by=self.province)
        if plan.is_open:
            open_class(training_class, by=self.province)
        days = course.programme.days * plan.seats
        local = round(days * NORMS[Programme.Kind(course.programme.kind)] / MILLION) * MILLION
        central = round(local * SHARE_OF_CENTRAL / MILLION) * MILLION
        commit_funding(
            training_class,
            {FundingSource.LOCAL: local - central, FundingSource.CENTRAL: central},
            by=self.province,
        )
        return training_class

    def _set_up_classes_of_2016(self) -> None:
        administration, politics, law = (self._set_up(plan) for plan in (ADMINISTRATION, POLITICS, LAW))
        skills, short = self._set_up(SKILLS), self._set_up(SHORT_OF_SEATS)
        for training_class in (administration, skills):
            self._hold_sessions(training_class)
        for plan in PLANNED:
            self._set_up(plan)

        self._nominate(short, {BAC_HA: 26})  # two more than the quota: they wait
        chosen = self._nominate(administration, {BAC_HA: 4, SA_PA: 3, MUONG_KHUONG: 5}, needed=False)
        self._approve(chosen[MUONG_KHUONG][:3])
        chosen = self._nominate(politics, {BAC_HA: 4, SA_PA: 4, MUONG_KHUONG: 5})
        self._approve(chosen[SA_PA][:2])
        reject(
            politics,
            chosen[MUONG_KHUONG][-1:],
            reason="Đã có tên trong nguồn cử học lớp tập trung tháng 9",
            by=self.province,
        )
        chosen = self._nominate(law, {MUONG_KHUONG: 4, BAC_HA: 3})
        withdraw(
            chosen[BAC_HA][-1],
            reason=Enrolment.WithdrawalReason.WORK,
            on=date(2015, 12, 28),
            note="Xã chưa bố trí được người thay",
            by=self.officer_of[BAC_HA],
        )
        chosen = self._nominate(skills, {BAC_HA: 5, MUONG_KHUONG: 3, SA_PA: 3})
        self._approve(chosen[BAC_HA])
        decide(
            skills,
            number="905/QĐ-SNV",
            signed_on=date(2015, 12, 30),
            signer=DIRECTOR,
            signer_post=DECISION_POST,
            by=self.approver,
        )
        self._nominate(skills, {SA_PA: 1}, needed=False, untargeted=True)  # a warning that waits for the province

        cancelled = self._set_up(CANCELLED)
        self._nominate(cancelled, {SA_PA: 3}, needed=False)
        cancel_class(
            cancelled,
            reason="Mới có 3 người đăng ký trên 30 chỗ; ghép vào lớp tháng 8",
            day=date(2015, 12, 29),
            by=self.province,
        )

    def _candidates(
        self, training_class: TrainingClass, *, needed: bool, untargeted: bool = False, districts: Iterable[str] = ()
    ) -> dict[str, list[Official]]:
        """Whom the class may take and nothing stands against, most urgent first, by code of the district."""
        appointments = Appointment.objects.all()
        if districts:
            above = [self.district_of[code] for code in districts]
            appointments = appointments.filter(
                unit__in=UnitVersion.objects.as_of(LAST_DAY).filter(parent__in=above).values("unit")
            )
        candidates = Candidates.of(training_class, LAST_DAY, criterion=self.full, appointments=appointments)
        posts: QuerySet[Any] = candidates.eligible(candidates.posts()).filter(is_in_class=False)
        if needed:
            posts = candidates.needing(posts)
        posts = posts.filter(
            against_target=untargeted, against_clash=False, against_near_retirement=False, against_repeated=False
        )
        found: dict[str, list[Official]] = {}
        for post in most_urgent_first(posts.select_related("official"), candidates):
            if self._is_free(post.official, training_class):
                found.setdefault(post.district_code, []).append(post.official)
        return found

    def _is_free(self, official: Official, training_class: TrainingClass) -> bool:
        """Whether the person was in post on the first day, and in no class of the history meanwhile."""
        course = self.courses[training_class.programme.code]
        start, end = training_class.start_date, training_class.end_date
        return (start > LAST_DAY or self.people.post_on(official.pk, start) is not None) and self.people.is_free(
            official.pk, start, end, beside_work=course.beside_work
        )

    def _nominate(
        self, training_class: TrainingClass, numbers: dict[str, int], *, needed: bool = True, untargeted: bool = False
    ) -> dict[str, list[Enrolment]]:
        """So many people of each district are nominated by its officer; returns those who found a seat."""
        found = self._candidates(training_class, needed=needed, untargeted=untargeted, districts=numbers)
        return {
            code: nominate(
                training_class,
                found[code][:number],
                day=date(2015, 12, 22),
                criterion=self.full,
                by=self.officer_of[code],
            ).nominated
            for code, number in numbers.items()
        }

    def _approve(self, enrolments: list[Enrolment]) -> None:
        if enrolments:
            approve(
                enrolments[0].training_class,
                enrolments,
                day=date(2015, 12, 28),
                criterion=self.full,
                by=self.province,
            )

    def _start_running_class(self) -> None:
        """A class of the political school, some weeks old: sessions held, attendance taken, no results yet."""
        training_class = self._set_up(RUNNING)
        found = self._candidates(training_class, needed=True).values()
        people = [official for row in zip_longest(*found) for official in row if official][:40]
        day = date(2015, 10, 20)
        nominate(training_class, people, day=day, criterion=self.full, by=self.province)
        approve(
            training_class,
            training_class.enrolments.filter(state=Enrolment.State.NOMINATED),
            day=day,
            criterion=self.full,
            by=self.province,
        )
        decide(
            training_class,
            number="812/QĐ-SNV",
            signed_on=date(2015, 11, 6),
            signer=DIRECTOR,
            signer_post=DECISION_POST,
            by=self.approver,
        )
        start_class(training_class, day=RUNNING.start, by=self.province)
        self._hold_sessions(training_class, room=Room.objects.filter(name="Phòng 201").first())

    def _run_degree(self, code: str, start: date, size: int) -> None:
        """A degree class under way, which one studies beside work."""
        plan = Plan(code, start, -(-size // 5) * 5)
        training_class = self._set_up(plan)
        found = self._candidates(training_class, needed=False).values()
        people = [official for row in zip_longest(*found) for official in row if official][:size]
        day = start - timedelta(days=30)
        approved = nominate(training_class, people, day=day, criterion=self.full, by=self.province).nominated
        approve(training_class, approved, day=day, criterion=self.full, by=self.province)
        decide(
            training_class,
            number=f"{700 + start.month}/QĐ-SNV",
            signed_on=friday_until(start - timedelta(days=10)),
            signer=DIRECTOR,
            signer_post=DECISION_POST,
            by=self.approver,
        )
        start_class(training_class, day=start, by=self.province)

    # ------------------------------------------------------------ sessions

    def _hold_sessions(self, training_class: TrainingClass, room: Room | None = None) -> None:
        """Half days for all of the class, with attendance for those that have been held."""
        slots = propose_sessions(training_class, room=room).sessions
        trainers = list(training_class.trainers.all())
        busy = set(ClassSession.objects.filter(trainer__in=trainers).values_list("trainer", "starts_at"))
        for number, slot in enumerate(slots):
            free = [trainer for trainer in trainers if (trainer.pk, slot.starts_at) not in busy]
            slot.trainer = free[number // 4 % len(free)] if free else None
        sessions = ClassSession.objects.bulk_create(slots)
        seated = list(
            training_class.enrolments.filter(
                state__in=(Enrolment.State.ATTENDING, Enrolment.State.COMPLETED, Enrolment.State.FAILED)
            )
        )
        Attendance.objects.bulk_create(
            [
                Attendance(session=session, enrolment=enrolment, mark=self._mark())
                for session in sessions
                if session.day <= LAST_DAY
                for enrolment in seated
            ],
            batch_size=2000,
        )

    def _mark(self) -> str:
        return self.random.choices((MARKS.PRESENT, MARKS.LATE, MARKS.EXCUSED, MARKS.UNEXCUSED), (93, 3, 3, 1))[0]

    def _hold_sessions_of_the_latest(self) -> None:
        """The short classes that ended last, with their sessions; older ones keep their results only."""
        latest = TrainingClass.objects.filter(
            state=TrainingClass.State.ENDED, programme__hours__lte=120, end_date__gte=date(2015, 10, 1)
        )
        for training_class in latest.order_by("-end_date", "code")[:3]:
            self._hold_sessions(training_class)

    # ------------------------------------------------------------ plans and needs

    def _approve_plan_of_2015(self) -> None:
        """The plan of the year by which the classes that began in 2015 were set up."""
        plan = TrainingPlan.objects.create(
            year=2015,
            title="Kế hoạch đào tạo, bồi dưỡng cán bộ, công chức cấp xã năm 2015",
            state=TrainingPlan.State.APPROVED,
            decision_number="58/QĐ-UBND",
            decision_date=date(2015, 1, 15),
            approved_by=self.province,
        )
        classes = TrainingClass.objects.filter(start_date__year=plan.year)
        committed: dict[tuple[int, str], int] = {
            (programme, source): amount
            for programme, source, amount in ClassFunding.objects.filter(training_class__in=classes)
            .order_by()
            .values_list("training_class__programme", "source")
            .annotate(Sum("committed"))
        }
        by_programme: dict[int, list[TrainingClass]] = {}
        for training_class in classes.select_related("programme").order_by("programme__code", "start_date", "code"):
            by_programme.setdefault(training_class.programme_id, []).append(training_class)
        lines = []
        for programme, of_line in by_programme.items():
            months = sorted({training_class.start_date.month for training_class in of_line})
            places = {training_class.place_id for training_class in of_line}
            institutions = {training_class.institution_id for training_class in of_line}
            targets = of_line[0].programme.target_positions.values_list("title", flat=True)
            lines.append(
                PlanLine(
                    plan=plan,
                    programme_id=programme,
                    target_group=", ".join(targets)[:200] or "Cán bộ, công chức cấp xã",
                    class_count=len(of_line),
                    seats=max(training_class.seats for training_class in of_line),
                    months=f"Tháng {months[0]}" + (f"–{months[-1]}" if len(months) > 1 else ""),
                    place_id=places.pop() if len(places) == 1 else self.school.province,
                    institution_id=institutions.pop() if len(institutions) == 1 else None,
                    **{
                        f"cost_{source}": -(-committed.get((programme, source), 0) // (5 * MILLION)) * 5 * MILLION
                        for source in FundingSource.values
                    },
                )
            )
        for line in PlanLine.objects.bulk_create(lines):
            classes.filter(programme=line.programme_id).update(plan_line=line)
        for source in FundingSource.values:
            planned = sum(line.cost(source) for line in lines)
            setattr(plan, f"budget_{source}", -(-round(planned * 1.03) // (100 * MILLION)) * 100 * MILLION)
        plan.save()

    def _draft_plan_of_2016(self) -> None:
        plan = create_plan(
            year=2016,
            title="Kế hoạch đào tạo, bồi dưỡng cán bộ, công chức cấp xã năm 2016",
            budgets={FundingSource.LOCAL: 6_000 * MILLION, FundingSource.CENTRAL: 1_200 * MILLION},
            by=self.province,
        )
        proposal = propose(plan.year, plan.total_budget, day=LAST_DAY, criterion=self.full)
        draft_from_proposal(plan, proposal, by=self.province)

    def _open_campaign(self) -> None:
        """Two districts have submitted, one was sent back, one is writing, the others have not begun."""
        campaign = open_campaign(
            year=2016,
            title="Đăng ký nhu cầu đào tạo, bồi dưỡng năm 2016",
            opens_on=date(2015, 12, 1),
            closes_on=date(2016, 1, 22),
            note="Công văn số 1486/SNV-ĐT ngày 27/11/2015 (minh họa)",
            deadlines={
                unit: date(2016, 1, 22) if code in (BAC_HA, SA_PA) else date(2016, 1, 15)
                for code, unit in self.district_of.items()
            },
            by=self.province,
        )
        day = date(2015, 12, 18)
        for code in (MUONG_KHUONG, BAO_THANG, SA_PA):
            officer = self.officer_of.get(code, self.province)
            submission = self._submission(campaign, code)
            register_computed(submission, None, day=day, criterion=self.full, by=officer)
            submit(submission, day=day, by=officer)
        send_back(
            self._submission(campaign, SA_PA),
            reason="Đề nghị xếp lại thứ tự ưu tiên: mỗi xã không quá 5 người diện gấp",
            day=date(2015, 12, 25),
            by=self.province,
        )
        draft = self._submission(campaign, BAC_HA)
        register_computed(draft, None, day=day, criterion=self.full, by=self.officer_of[BAC_HA])
        kept = draft.needs.order_by("priority", "pk").values_list("pk", flat=True)[:NEEDS_IN_A_DRAFT]
        RegisteredNeed.objects.filter(submission=draft).exclude(pk__in=list(kept)).delete()

    def _submission(self, campaign: NeedCampaign, code: str) -> DistrictSubmission:
        return DistrictSubmission.objects.get(campaign=campaign, district=self.district_of[code])

    # ------------------------------------------------------------ obligations

    def _bind_to_serve(self) -> None:
        """Commitments after degrees; somebody who left too early owes the money."""
        regulations = list(TrainingRegulation.objects.order_by("start_date"))
        degrees = without_commitment(
            Enrolment.objects.filter(
                training_class__state=TrainingClass.State.ENDED,
                training_class__start_date__gte=regulations[0].start_date,
                training_class__end_date__gte=date(2012, 6, 1),
                state=Enrolment.State.COMPLETED,
            )
        ).select_related("training_class__programme", "official")
        left = degrees.annotate(
            left_on=Max(
                "official__appointments__end_date",
                filter=Q(official__appointments__end_reason=Appointment.EndReason.RESIGNED),
            ),
        ).filter(left_on__gt=date(2012, 9, 1), left_on__lte=LAST_DAY)
        broken = [
            enrolment
            for enrolment in left.order_by("-left_on", "pk")
            if enrolment.left_on > enrolment.training_class.end_date + timedelta(days=60)
        ][:2]
        others = degrees.exclude(pk__in=[enrolment.pk for enrolment in broken])
        chosen = self.random.sample(list(others.order_by("pk").values_list("pk", flat=True)), 24)
        for enrolment in [*broken, *others.filter(pk__in=chosen).order_by("pk")]:
            found = proposal(enrolment, regulations)
            record_commitment(
                enrolment,
                signed_on=enrolment.training_class.start_date - timedelta(days=7),
                starts_on=found.starts_on,
                months=found.months or 1,
                cost=found.cost,
                by=self.province,
            )
        for enrolment in broken[:1]:
            decided_on = min(enrolment.left_on + timedelta(days=20), LAST_DAY)
            record = record_repayment(
                enrolment.commitment,
                case=Repayment.Case.LEFT_EARLY,
                on=enrolment.left_on + timedelta(days=1),
                decision="QĐ số 1342/QĐ-UBND",
                decided_on=decided_on,
                council=f"Biên bản họp ngày {decided_on - timedelta(days=5):%d/%m/%Y}",
                by=self.province,
            )
            mark_paid(record, paid_on=min(enrolment.left_on + timedelta(days=50), LAST_DAY), by=self.province)

    def _reward_and_remind(self) -> None:
        recent = Enrolment.objects.filter(training_class__end_date__range=(date(2015, 6, 1), date(2015, 11, 30)))
        record_measures(
            list(to_reward(recent).order_by("-mark", "pk")[:6]),
            kind=TrainingMeasure.Kind.REWARD,
            on=date(2015, 12, 10),
            decision="QĐ số 2871/QĐ-SNV ngày 10/12/2015",
            reason="Đạt loại giỏi, đứng đầu lớp",
            by=self.province,
        )
        record_measures(
            list(to_answer(recent).order_by("pk")[:3]),
            kind=TrainingMeasure.Kind.REMINDER,
            on=date(2015, 12, 14),
            decision="Thông báo số 214/TB-SNV ngày 14/12/2015",
            reason="Không hoàn thành lớp học được cử đi",
            by=self.province,
        )

    # ------------------------------------------------------------ moments

    def _set_moments_back(self) -> None:
        """The clock of the database says when the demonstration was made; the rows say when it would have been done."""
        steps = list(EnrolmentStep.objects.select_related("enrolment__training_class").order_by("enrolment", "pk"))
        queued: dict[int, datetime] = {}
        at = moment(LAST_DAY)
        for number, step in enumerate(steps):
            start = step.enrolment.training_class.start_date
            if step.enrolment_id not in queued:
                day = min(start - timedelta(days=27), date(2015, 12, 22))
                at = queued[step.enrolment_id] = moment(day, 8 + number // 60 % 8, number % 60)
            else:
                at = moment(start) if step.state == Enrolment.State.ATTENDING else at + timedelta(days=3)
            step.at = at
        EnrolmentStep.objects.bulk_update(steps, ["at"], batch_size=500)
        # The keys follow the order of the nominations, and so do the moments within a class.
        enrolments = list(Enrolment.objects.filter(pk__in=queued))
        for enrolment in enrolments:
            enrolment.queued_at = queued[enrolment.pk]
        Enrolment.objects.bulk_update(enrolments, ["queued_at"], batch_size=500)
        DistrictSubmission.objects.filter(submitted_at__isnull=False).update(
            submitted_at=moment(date(2015, 12, 18), 15)
        )
        DistrictSubmission.objects.filter(answered_at__isnull=False).update(answered_at=moment(date(2015, 12, 25), 10))
