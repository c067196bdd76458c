"""All checks of the data in one table: what is found, how grave it is, the condition on a day, where it is mended."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, Q, TextChoices

from cadres.models import OfficialIdentifier, Sex
from cadres.periods import add_months
from cadres.review import words
from cadres.review.sources import (
    BEFORE_BIRTH,
    BIRTH,
    COMMUNES,
    IS_APPOINTED,
    LEFT_BEHIND,
    MONTHS,
    POSTS,
    RECORDS,
    SEATS,
    TWINS,
    Lens,
    OfPeople,
    Source,
    records_of_holder,
)


class Severity(TextChoices):
    """`error`: what cannot be true. `warning`: what has to be looked at. `info`: what is to come, or was explained."""

    ERROR = "error", "Sai hoặc mâu thuẫn"
    WARNING = "warning", "Cần xem lại"
    INFO = "info", "Nhắc việc"


@dataclass(frozen=True)
class Mend:
    """Where a finding is put right: the words of the link, the view, and what the address takes of the row."""

    label: str
    view: str
    takes: tuple[str, ...] = ("official_id",)
    permission: str = "cadres.change_official"
    narrowed_by: str = ""  # the filter of a list that takes the commune's code


EDIT = Mend("Sửa hồ sơ", "cadres:official-edit")
END = Mend("Thôi giữ chức danh", "cadres:appointment-end", ("official_id", "pk"), "cadres.change_appointment")
POST = Mend("Đính chính chức danh", "cadres:post-correct", ("official_id", "pk"), "cadres.change_appointment")
RECORD = Mend("Ghi văn bằng", "cadres:qualification-add", permission="cadres.add_qualification")
PERSON = Mend("Xem hồ sơ", "cadres:official-detail", permission="cadres.view_official")
TRANSFER = Mend("Điều động", "cadres:official-transfer", permission="cadres.add_appointment")
NUMBER = Mend("Sửa số", "cadres:identifier-edit", ("official_id", "identifier_id"), "cadres.change_officialidentifier")
NEW_NUMBER = Mend("Ghi số", "cadres:identifier-add", permission="cadres.add_officialidentifier")
MERGE = Mend("Gộp hồ sơ", "cadres:official-merge")
PEOPLE = Mend("Xem cán bộ của xã", "cadres:official-list", (), "cadres.view_official", narrowed_by="xa")
UNIT = Mend("Sửa đơn vị", "admin:cadres_unit_change", ("unit_id",), "cadres.change_unit")
ROSTER = Mend("Nhập danh sách", "cadres:import-list", (), "cadres.add_importbatch")
SHARE = Mend("Giữ cả hai, ghi lý do", "cadres:post-share", ("official_id", "pk"), "cadres.change_appointment")


@dataclass(frozen=True)
class Check:
    """One line of the table. `when` is the condition on the rows of the source; `why` says what is meant, and why."""

    code: str
    name: str
    severity: Severity
    source: Source
    when: Callable[[Lens], Q]
    why: str
    mends: tuple[Mend, ...] = ()
    told: Callable[[Any, Lens], str] = words.nothing  # what its list says of a row
    number: str = ""  # the column of the source that says how often a row counts

    @property
    def is_of_people(self) -> bool:
        """Whether it can be set aside of a person."""
        return isinstance(self.source, OfPeople)

    def condition(self, lens: Lens) -> Q:
        """The condition on the rows of the source, without the people of whom it is set aside."""
        found = self.when(lens)
        aside = lens.aside.get(self.code) if self.is_of_people else None
        return found & ~Q(official__in=aside) if aside else found


def _dates_that_cannot_be(lens: Lens) -> Q:
    """A date after today, or surely before birth."""
    own = ("party_joined", "party_official", "recruited", "insurance")
    columns = {"insurance": "official__insurance_since"}
    wrong = Q(**{f"{BIRTH}__gt": lens.now}) | Q(appointment__stated_start__gt=lens.now)
    for name in own:
        wrong |= Q(**{f"{columns.get(name, f'official__{name}_on')}__gt": lens.now})
    return wrong | Q(recruited_by__lte=F(BIRTH)) | Q(insured_by__lte=F(BIRTH))


def _number_contradicts(lens: Lens) -> Q:
    sex = Q(official__sex=Sex.MALE, is_number_of_woman=1) | Q(official__sex=Sex.FEMALE, is_number_of_woman=0)
    birth = Q(birth_year__isnull=False) & ~Q(birth_in_number=F("birth_year"))
    return Q(identifier__kind=OfficialIdentifier.Kind.CCCD) & (sex | birth)


def _schooling_below_profession(lens: Lens) -> Q:
    """Luật Giáo dục 2005 Điều 32, 38: trung cấp after THCS, cao đẳng and what follows after THPT."""
    schooling = lens.levels.only(one for one in lens.levels.levels if one.dimension.code == "education")
    below = Q()
    for profession, school in (("TC", "THCS"), ("CD", "THPT")):
        below |= Q(held__overlaps=lens.bit("professional", profession)) & ~Q(
            held__overlaps=lens.bit("education", school)
        )
    return Q(held__overlaps=schooling) & below


def _appointed_lacking(lens: Lens) -> Q:
    """Not met, under the standard that was in force already when the post was taken up; levels are never lost.

    Of the last 12 months; later only where whoever appointed has told why.
    """
    is_new = Q(appointed__gt=add_months(lens.day, -MONTHS)) & IS_APPOINTED
    under_it = Q(appointed__gte=F("standard__start_date"))
    return Q(not_met__gt=0) & under_it & (is_new | ~Q(appointment__lacking_reason=""))


OLD_ENOUGH = "retires_at_the_earliest"  # asked first: it spares all others a look at the ladder of ages

CHECKS: tuple[Check, ...] = (
    Check(
        "two_holders",
        "Hai người cùng giữ chức danh của một người",
        Severity.ERROR,
        SEATS,
        lambda lens: Q(unexplained__gt=F("holders")),
        "Chức danh mà mỗi xã chỉ một người giữ, kể cả kiêm nhiệm, đang có nhiều người giữ. Hãy kết thúc chức danh của "
        "người đã thôi giữ; nếu đúng là cùng giữ thì ghi lý do.",
        (END, POST, SHARE),
        words.holders,
    ),
    Check(
        "left_behind",
        "Ở đơn vị hoặc chức danh đã hết hiệu lực",
        Severity.ERROR,
        LEFT_BEHIND,
        lambda lens: Q(),
        "Người này còn giữ chức danh ở đơn vị đã sáp nhập, hoặc chức danh đã bỏ, nên không được tính ở đâu cả.",
        (TRANSFER, END),
        words.left_behind,
    ),
    Check(
        "under_18",
        "Bổ nhiệm khi chưa đủ 18 tuổi",
        Severity.ERROR,
        POSTS,
        lambda lens: Q(appointed_by__lte=F("of_age_on")),
        "Ngày bổ nhiệm ở trước ngày đủ 18 tuổi (Luật Cán bộ, công chức 2008 Điều 36): ngày sinh hoặc bổ nhiệm sai.",
        (POST, EDIT),
        words.appointed,
    ),
    Check(
        "party_under_18",
        "Vào Đảng khi chưa đủ 18 tuổi",
        Severity.ERROR,
        POSTS,
        lambda lens: Q(joined_by__lte=F("of_age_on")) | Q(official_by__lte=F("of_age_on")),
        "Điều lệ Đảng Điều 1 khoản 2: đảng viên từ mười tám tuổi trở lên. Ngày sinh hoặc ngày vào Đảng sai.",
        (EDIT,),
        words.party,
    ),
    Check(
        "award_before_birth",
        "Văn bằng cấp trước khi sinh",
        Severity.ERROR,
        RECORDS,
        lambda lens: Q(Exists(records_of_holder().filter(BEFORE_BIRTH))),
        "Có văn bằng, chứng chỉ với ngày cấp ở trước ngày sinh.",
        (PERSON, EDIT),
        words.award,
    ),
    Check(
        "award_in_future",
        "Văn bằng cấp ở ngày chưa tới",
        Severity.ERROR,
        RECORDS,
        lambda lens: Q(Exists(records_of_holder().filter(awarded_on__gt=lens.now))),
        "Có văn bằng, chứng chỉ với ngày cấp chưa tới, nên chưa được tính.",
        (PERSON,),
        words.award,
    ),
    Check(
        "impossible_date",
        "Ngày chưa tới, hoặc trước khi sinh",
        Severity.ERROR,
        POSTS,
        _dates_that_cannot_be,
        "Ngày sinh, bổ nhiệm, tuyển dụng, đóng bảo hiểm hoặc vào Đảng chưa tới, hay ở trước ngày sinh.",
        (EDIT, POST),
        words.every_date,
    ),
    Check(
        "number_contradicts",
        "Số căn cước trái với ngày sinh, giới tính",
        Severity.ERROR,
        POSTS,
        _number_contradicts,
        "Số 12 chữ số chứa thế kỷ và giới tính (chữ số thứ 4) và hai số cuối của năm sinh (chữ số thứ 5, 6).",
        (NUMBER, EDIT),
        words.number,
    ),
    Check(
        "same_person",
        "Trùng họ tên và ngày sinh",
        Severity.WARNING,
        TWINS,
        lambda lens: Q(),
        "Có hồ sơ khác cùng họ tên và ngày sinh: có thể là một người. Nếu là hai người, hãy để sang một bên.",
        (MERGE,),
        words.others,
    ),
    Check(
        "vacancy",
        "Khuyết chức danh chủ chốt",
        Severity.WARNING,
        COMMUNES,
        lambda lens: Q(vacancies__gt=0),
        "Xã không có ai giữ chức danh chủ chốt này, kể cả kiêm nhiệm.",
        (PEOPLE,),
        words.vacant,
        number="vacancies",
    ),
    Check(
        "over_quota",
        "Vượt số lượng theo loại xã",
        Severity.WARNING,
        COMMUNES,
        lambda lens: Q(people__gt=F("quota")),
        "Số cán bộ, công chức nhiều hơn mức của loại xã. Xã chưa phân loại thì không xét; phần tăng thêm theo dân số, "
        "diện tích do tỉnh giao riêng thì chưa kể.",
        (UNIT,),
        words.quota,
    ),
    Check(
        "retired",
        "Quá ngày nghỉ hưu mà còn giữ chức danh",
        Severity.WARNING,
        POSTS,
        lambda lens: Q(**{f"{OLD_ENOUGH}__lte": lens.day}) & Q(retires_on__lt=lens.day),
        "Đã qua ngày cuối của tháng đủ tuổi nghỉ hưu (NĐ 135/2020/NĐ-CP Điều 3, 4; trước 2021: Bộ luật Lao động 2012).",
        (END, EDIT),
        words.retirement,
    ),
    Check(
        "term_ended",
        "Nhiệm kỳ đã kết thúc",
        Severity.WARNING,
        POSTS,
        lambda lens: ~Q(appointment__term="") & Q(term_ends__lt=lens.day.year),
        "Năm cuối của nhiệm kỳ đã qua mà chức danh chưa được ghi nhiệm kỳ mới hoặc kết thúc.",
        (POST, END),
        words.term,
    ),
    Check(
        "appointed_lacking",
        "Bổ nhiệm khi chưa đạt tiêu chuẩn",
        Severity.WARNING,
        POSTS,
        _appointed_lacking,
        "Bổ nhiệm trong 12 tháng qua, sau khi văn bản tiêu chuẩn có hiệu lực, mà còn mặt chưa đạt; lâu hơn thì chỉ "
        "những người đã được xác nhận là vẫn bổ nhiệm, với lý do.",
        (RECORD,),
        words.lacking,
    ),
    Check(
        "schooling_low",
        "Học vấn thấp hơn chuyên môn đòi hỏi",
        Severity.WARNING,
        POSTS,
        _schooling_below_profession,
        "Trung cấp học sau THCS, cao đẳng trở lên học sau THPT (Luật Giáo dục 2005 Điều 32, 38): một trong hai mức sai "
        "hoặc thiếu.",
        (RECORD, PERSON),
        words.schooling,
    ),
    Check(
        "no_record",
        "Mặt được yêu cầu mà chưa có dữ liệu",
        Severity.WARNING,
        POSTS,
        lambda lens: Q(unknown__gt=0),
        "Tiêu chuẩn hỏi một mặt mà hồ sơ chưa có mức nào, hoặc chưa rõ chuyên ngành: chưa biết là đạt hay không.",
        (RECORD,),
        words.unknown,
    ),
    Check(
        "birth_missing",
        "Chưa có ngày sinh",
        Severity.WARNING,
        POSTS,
        lambda lens: Q(**{f"{BIRTH}__isnull": True}),
        "Không có ngày sinh thì không biết tuổi, ngày nghỉ hưu, và khó nhận ra người khi nhập danh sách.",
        (EDIT,),
    ),
    Check(
        "sex_missing",
        "Chưa có giới tính",
        Severity.WARNING,
        POSTS,
        lambda lens: Q(official__sex=""),
        "Không có giới tính thì không biết ngày nghỉ hưu.",
        (EDIT,),
    ),
    Check(
        "ethnic_group_missing",
        "Chưa có dân tộc",
        Severity.WARNING,
        POSTS,
        lambda lens: Q(official__ethnic_group__isnull=True),
        "Báo cáo theo dân tộc sẽ thiếu người này.",
        (EDIT,),
    ),
    Check(
        "number_missing",
        "Chưa có số định danh",
        Severity.WARNING,
        POSTS,
        lambda lens: Q(identifier__isnull=True),
        "Không có CMND hoặc CCCD vào ngày này thì dễ nhầm với người cùng tên.",
        (NEW_NUMBER,),
    ),
    Check(
        "zone_missing",
        "Chưa có khu vực",
        Severity.WARNING,
        COMMUNES,
        lambda lens: Q(zone__isnull=True),
        "Xã chưa được ghi khu vực I, II hay III, nên cũng chưa biết có được áp dụng mức giảm hay không.",
        (UNIT,),
    ),
    Check(
        "roster_old",
        "Danh sách đã quá một năm",
        Severity.WARNING,
        COMMUNES,
        lambda lens: Q(last_roster__lt=add_months(lens.day, -MONTHS)),
        "Danh sách gần nhất của xã đã cũ hơn 12 tháng so với ngày đang xem.",
        (ROSTER,),
        words.last_roster,
    ),
    Check(
        "retiring",
        "Nghỉ hưu trong 12 tháng tới",
        Severity.INFO,
        POSTS,
        lambda lens: (
            Q(**{f"{OLD_ENOUGH}__lte": add_months(lens.day, MONTHS)})
            & Q(retires_on__range=(lens.day, add_months(lens.day, MONTHS)))
        ),
        "Để chuẩn bị người thay.",
        (PERSON,),
        words.retirement,
    ),
    Check(
        "shared_post",
        "Cùng giữ chức danh, có lý do",
        Severity.INFO,
        SEATS,
        lambda lens: Q(unexplained__lte=F("holders")),
        "Chức danh của một người đang có nhiều người giữ, với lý do đã ghi khi bổ nhiệm.",
        (END,),
        words.holders,
    ),
)
BY_CODE = {check.code: check for check in CHECKS}
