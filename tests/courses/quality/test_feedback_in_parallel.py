"""One code, sent twice at the same instant."""

from datetime import date

from courses.models import FeedbackCode, FeedbackSheet
from courses.quality import feedback
from tests.builders import make_class
from tests.parallel import before_commit


def test_one_code_sent_twice_at_the_same_instant_is_one_sheet(own_database):
    taught = make_class()
    code = FeedbackCode.objects.create(code="LABC2300", training_class=taught, asked_of="learner")
    key = feedback.sheet_of(taught, "learner")[0].key

    def send() -> None:
        feedback.answer(code, {key: 3}, remark="", day=date(2015, 3, 6))

    (refusal,) = before_commit(send, send)
    assert "vừa được dùng" in str(refusal)
    assert FeedbackSheet.objects.count() == 1
