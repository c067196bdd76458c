"""What is to be done in campaigns of needs (cadres/to_do.py)."""

from datetime import date
from typing import Any

from django.db.models import QuerySet

from cadres.models import User
from cadres.to_do import ToDo
from courses.access import REGISTER, submissions_visible_to
from courses.models import DistrictSubmission
from courses.needs.campaigns import WRITABLE


def _to_accept(user: User, day: date) -> QuerySet[DistrictSubmission, Any]:
    return submissions_visible_to(user).filter(state=DistrictSubmission.State.SUBMITTED)


def _to_hand_in(user: User, day: date) -> QuerySet[DistrictSubmission, Any]:
    own = submissions_visible_to(user, REGISTER)
    return own.filter(state__in=WRITABLE, campaign__opens_on__lte=day, deadline__gte=day)


def _late(user: User, day: date) -> QuerySet[DistrictSubmission, Any]:
    """Not handed in by their last day, for a plan of this year or a later one."""
    return submissions_visible_to(user).filter(state__in=WRITABLE, deadline__lt=day, campaign__year__gte=day.year)


SUBMISSIONS = {
    "tiep_nhan": ToDo("bản đăng ký nhu cầu chờ tiếp nhận", _to_accept),
    "dang_ky": ToDo("bản đăng ký nhu cầu phải lập, gửi Sở", _to_hand_in, due="deadline"),
    "qua_han": ToDo("đơn vị quá hạn đăng ký nhu cầu", _late, due="deadline"),
}
