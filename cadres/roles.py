"""What each role may do: a table to be read like a policy. On which rows is the business of access.py.

An account may hold several roles, each for a time (cadres.models.RoleGrant), and may do what any of them may. A
permission is "app.action_model", as in Django. A role that has a dash beside a model may not even see it.
"""

from functools import cache

ADMINISTRATOR = "administrator"
REGISTRY_STAFF = "registry_staff"
TRAINING_STAFF = "training_staff"
APPROVER = "approver"
UNIT_OFFICER = "unit_officer"
TRAINING_INSTITUTION = "training_institution"
LEADER = "leader"
AUDITOR = "auditor"

LABELS = {
    ADMINISTRATOR: "Quản trị hệ thống",
    REGISTRY_STAFF: "Sở Nội vụ: hồ sơ",
    TRAINING_STAFF: "Sở Nội vụ: đào tạo",
    APPROVER: "Sở Nội vụ: phê duyệt",
    UNIT_OFFICER: "Cán bộ đơn vị",
    TRAINING_INSTITUTION: "Cơ sở đào tạo",
    LEADER: "Lãnh đạo (chỉ xem)",
    AUDITOR: "Kiểm tra, giám sát",
}

# What each may do, for whoever gives it.
DUTIES = {
    ADMINISTRATOR: "mở tài khoản, giao vai trò, tạm ngừng, cấp mật khẩu dùng một lần; không xem hồ sơ của ai",
    REGISTRY_STAFF: "xem và ghi hồ sơ, nhập danh sách, sửa danh mục, văn bản tiêu chuẩn của toàn tỉnh; đề nghị công bố",
    TRAINING_STAFF: "lập kế hoạch, mở lớp, duyệt đề cử, cấp chứng chỉ của toàn tỉnh; xem hồ sơ",
    APPROVER: "phê duyệt kế hoạch, quyết định cử đi học, số liệu công bố do người khác trình; xem hồ sơ",
    UNIT_OFFICER: "xem và ghi hồ sơ, đăng ký nhu cầu, đề cử người của các xã trong đơn vị được giao",
    TRAINING_INSTITUTION: "chấm công, chấm điểm, cấp chứng chỉ ở các lớp của cơ sở được giao",
    LEADER: "xem mọi hồ sơ và số liệu của toàn tỉnh; không ghi gì",
    AUDITOR: "xem mọi hồ sơ, tài khoản và nhật ký; không ghi gì",
}

# What a small Sở Nội vụ gives to one person.
PROVINCE_STAFF = (ADMINISTRATOR, REGISTRY_STAFF, TRAINING_STAFF, APPROVER)

# Roles that see every unit. An officer sees the units that the grant names; a training institution has no units, it
# sees the classes of the institutions given to it (courses/access.py); an administrator has accounts, and no people.
SEES_EVERY_UNIT = frozenset((REGISTRY_STAFF, TRAINING_STAFF, APPROVER, LEADER, AUDITOR))
OF_A_UNIT = frozenset((UNIT_OFFICER,))  # a grant of these names a unit, of the others none

# Who may give rights, approve or publish proves with a telephone that it is they; a demonstration offers it only.
MUST_HAVE_SECOND_FACTOR = frozenset((ADMINISTRATOR, APPROVER))

ACTIONS: dict[str, tuple[str, ...]] = {
    "-": (),
    "read": ("view",),
    "write": ("view", "add", "change"),
    "all": ("view", "add", "change", "delete"),
}
# Any other cell names its actions: view+grade.
COLUMNS = (
    *(ADMINISTRATOR, REGISTRY_STAFF, TRAINING_STAFF, APPROVER),
    *(UNIT_OFFICER, TRAINING_INSTITUTION, LEADER, AUDITOR),
)
POLICY = """
#                           administrator registry    training          approver     officer institution leader auditor
# the registry; everything about a person goes out to that person (disclose) through Sở
cadres.official             -             all+disclose read             read         write   -           read   read
# whole numbers (reveal) for who keeps them or looks into what others did; the others see the last digits
cadres.officialidentifier   -             all+reveal  read              read         write+reveal -    read  read+reveal
cadres.appointment          -             all         read              read         write   -           read   read
cadres.qualification        -             all         read              read         write   -           read   read
cadres.waiver               -             all         read              read         read    -           read   read
cadres.plannedpost          -             all         read              read         write   -           read   read
cadres.importbatch          -             all         read              read         write   -           read   read
cadres.setaside             -             write       read              read         write   -           read   read
# what law and the province decide; an administrator sees the units, to give them to accounts
cadres.unit                 read          all         read              read         read    -           read   read
cadres.unitversion          read          all         read              read         read    -           read   read
cadres.unitsuccession       -             all         read              read         read    -           read   read
cadres.unitzone             -             all         read              read         read    -           read   read
cadres.zoneperiod           -             all         read              read         read    -           read   read
cadres.unitclass            -             all         read              read         read    -           read   read
cadres.staffquota           -             all         read              read         read    -           read   read
cadres.ratetarget           -             all         read              read         read    -           read   read
cadres.unitrelaxation       -             all         read              read         read    -           read   read
cadres.rosterday            -             all         read              read         read    -           read   read
cadres.position             -             all         read              read         read    -           read   read
cadres.dimension            -             read        read              read         read    -           read   read
cadres.level                -             all         read              read         read    -           read   read
# texts change by pages of their own, which show the effect; a second account confirms what moves a published figure
cadres.standard             -             view+change read              view+confirm read    -           read   read
cadres.requirement          -             read        read              read         read    -           read   read
cadres.acceptedfield        -             all         read              read         read    -           read   read
cadres.criterion            -             all         read              read         read    -           read   read
cadres.ethnicgroup          -             all         read              read         read    -           read   read
cadres.retirementage        -             all         read              read         read    -           read   read
cadres.columntitle          -             all         read              read         read    -           read   read
cadres.valuespelling        -             all         read              read         read    -           read   read
# published figures: one proposes, another publishes; nobody changes one; who publishes also withdraws
cadres.publication          -             read        read              view+add     read    -           read   read
cadres.publicationproposal  -             view+add    -                 view+add         -       -           read   read
# the training catalogue
courses.subjectarea         -             read        all               read         read    read        read   read
courses.programme           -             read        all               read         read    read        read   read
courses.programmemodule     -             read        all               read         read    read        read   read
courses.institution         read          read        all               read         read    read        read   read
courses.institutionaccount  read          -           all               -            -       -           -      read
courses.room                -             read        all               read         read    read        read   read
courses.trainer             -             read        all               read         read    read        read   read
courses.costnorm            -             read        all               read         read    -           read   read
courses.supportnorm         -             read        all               read         read    -           read   read
courses.unitdistance        -             read        all               read         read    -           read   read
courses.trainernorm         -             read        all               read         read    -           read   read
courses.trainingregulation  -             read        all               read         read    -           read   read
courses.needrule            -             read        all               read         read    -           read   read
courses.documenttemplate    -             -           all               read         -       -           -      read
# needs and plan: a district registers, the province accepts and plans; who approves has had no hand in it
courses.needcampaign        -             read        all               read         read    -           read   read
courses.registeredneed      -             read        all               read         all     -           read   read
courses.trainingplan        -             read        all               view+approve read    -           read   read
# classes: the province sets them up, an institution keeps the sessions of its own
courses.trainingclass       -             read        all               read         read    read        read   read
courses.classsession        -             read        all               read         read    all         read   read
courses.classfunding        -             read        all               read         -       -           read   read
# people in classes: a district nominates and withdraws its own, the province approves and waives, another decides, an
# institution grades those of its own classes
courses.enrolment           -             read        all+approve+grade view+decide  write   view+grade  read   read
courses.certificate         -             read        all+correct       read         read    write       read   read
# what follows from having been sent to study
courses.commitment          -             read        all               read         read    -           read   read
courses.trainingmeasure     -             read        all               read         read    -           read   read
courses.yearmeasure         -             read        all               read         read    -           read   read
# the quality of training: Sở Nội vụ asks and inspects, an institution reads what concerns it
courses.feedbackquestion    -             read        all               read         -       -           read   read
courses.feedbackcode        -             -           view+add          -            -       -           -      -
courses.feedbacksheet       -             read        read              read         -       read        read   read
courses.inspection          -             read        write             read         -       read        read   read
# the installation
cadres.installation         view+change   view+change view+change       -            -       -           -      read
# accounts and the roles they hold
cadres.user                 all           -           -                 -            -       -           -      read
cadres.rolegrant            all           -           -                 -            -       -           -      read
# the log: what everybody changed, took out and looked at
cadres.act                  -             view+change -                 -            -       -           -      read
# who signed in, or was refused
cadres.visit                read          read        -                 -            -       -           -      read
"""


def _policy() -> dict[str, dict[str, tuple[str, ...]]]:
    """Model → role → what it may do there. Raises ValueError for a line that has not a cell for each role."""
    table = {}
    for line in POLICY.strip().splitlines():
        if line.startswith("#"):
            continue
        model, *cells = line.split()
        table[model] = {
            role: tuple(action for word in cell.split("+") for action in ACTIONS.get(word, (word,)))
            for role, cell in zip(COLUMNS, cells, strict=True)
            if cell != "-"
        }
    return table


TABLE = _policy()


@cache
def permissions_of(roles: frozenset[str]) -> frozenset[str]:
    """What an account with these roles may, as "app.action_model"; a page asks for it dozens of times."""
    return frozenset(
        f"{model.split('.')[0]}.{action}_{model.split('.')[1]}"
        for model, actions_by_role in TABLE.items()
        for role in roles
        for action in actions_by_role.get(role, ())
    )


def roles_with(permission: str) -> list[str]:
    """The roles that have the permission."""
    return [role for role in LABELS if permission in permissions_of(frozenset((role,)))]
