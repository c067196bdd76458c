"""The pages of a class that its own page leads to: those on which the account has something to do or to look at."""

from collections.abc import Callable
from dataclasses import dataclass

from cadres.models import User
from courses.models import TrainingClass

State = TrainingClass.State
BEFORE_ITS_END = (State.PLANNED, State.OPEN, State.RUNNING)


@dataclass(frozen=True)
class Known:
    """What the page of a class knows of it."""

    training_class: TrainingClass
    has_sessions: bool
    has_quotas: bool
    has_money: bool
    takes_nominations: bool

    @property
    def is_at_work(self) -> bool:
        return self.training_class.state in TrainingClass.AT_WORK

    @property
    def goes_on(self) -> bool:
        return self.training_class.state in BEFORE_ITS_END


@dataclass(frozen=True)
class Tab:
    """A page of a class; `is_of_use` says, of who may open it, whether anything is to be done or seen there."""

    label: str
    view: str
    permission: str
    is_of_use: Callable[[User, Known], bool]


def _may_nominate(user: User, known: Known) -> bool:
    return known.takes_nominations and user.has_perm("courses.add_enrolment")


def _may_grade(user: User, known: Known) -> bool:
    return known.is_at_work and user.has_perm("courses.grade_enrolment")


SEEN = "courses.view_trainingclass"
TABS = (
    Tab(
        "Lịch học",
        "courses:class-sessions",
        SEEN,
        lambda user, known: known.has_sessions or (known.goes_on and user.has_perm("courses.add_classsession")),
    ),
    Tab("Điểm danh", "courses:class-attendance", "courses.grade_enrolment", _may_grade),
    Tab("Kết quả", "courses:class-results", "courses.grade_enrolment", _may_grade),
    Tab(
        "Chứng chỉ",
        "courses:class-certificates",
        "courses.view_certificate",
        lambda user, known: known.is_at_work,
    ),
    Tab(
        "Chỉ tiêu",
        "courses:class-quotas",
        SEEN,
        lambda user, known: known.has_quotas or (known.goes_on and user.has_perm("courses.change_trainingclass")),
    ),
    Tab(
        "Kinh phí",
        "courses:class-funding",
        "courses.view_classfunding",
        lambda user, known: known.has_money or user.has_perm("courses.change_classfunding"),
    ),
    Tab(
        "Hỗ trợ, thù lao",
        "courses:class-support",
        "courses.view_classfunding",
        lambda user, known: known.training_class.state != State.CANCELLED,
    ),
    Tab("Văn bản", "courses:class-documents", SEEN, lambda user, known: True),
    Tab("Đánh giá", "courses:class-feedback", "courses.view_feedbacksheet", lambda user, known: known.is_at_work),
    Tab(
        "Danh sách Excel",
        "courses:class-lists",
        SEEN,
        lambda user, known: _may_nominate(user, known) or _may_grade(user, known),
    ),
)


def tabs_of(user: User, known: Known) -> list[Tab]:
    """The tabs of the class for the account, in the order in which a class is worked on."""
    return [tab for tab in TABS if user.has_perm(tab.permission) and tab.is_of_use(user, known)]
