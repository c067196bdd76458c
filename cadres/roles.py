"""What each role may do: a table to be read like a policy. On which rows is the business of access.py.

A permission is "app.action_model", as in Django. A role that is not named beside a model may not even see it.
"""

from functools import cache

PROVINCE_STAFF = "province_staff"
DISTRICT_OFFICER = "district_officer"
LEADER = "leader"
TRAINING_INSTITUTION = "training_institution"

LABELS = {
    PROVINCE_STAFF: "Cán bộ Sở Nội vụ",
    DISTRICT_OFFICER: "Cán bộ Phòng Nội vụ huyện",
    LEADER: "Lãnh đạo (chỉ xem)",
    TRAINING_INSTITUTION: "Cơ sở đào tạo",
}

# Roles that see every unit; the others see the units given to them. A training institution has no units: it sees the
# classes of the institutions given to it (courses/access.py).
SEES_EVERY_UNIT = {PROVINCE_STAFF, LEADER}

READ = ("view",)
WRITE = ("view", "add", "change")
ALL = ("view", "add", "change", "delete")

TABLE: dict[str, dict[str, tuple[str, ...]]] = {
    # the registry
    "cadres.official": {PROVINCE_STAFF: ALL, DISTRICT_OFFICER: WRITE, LEADER: READ},
    "cadres.officialidentifier": {PROVINCE_STAFF: ALL, DISTRICT_OFFICER: WRITE, LEADER: READ},
    "cadres.appointment": {PROVINCE_STAFF: ALL, DISTRICT_OFFICER: WRITE, LEADER: READ},
    "cadres.qualification": {PROVINCE_STAFF: ALL, DISTRICT_OFFICER: WRITE, LEADER: READ},
    "cadres.waiver": {PROVINCE_STAFF: ALL, DISTRICT_OFFICER: READ, LEADER: READ},
    "cadres.importbatch": {PROVINCE_STAFF: ALL, DISTRICT_OFFICER: WRITE, LEADER: READ},
    "cadres.setaside": {PROVINCE_STAFF: WRITE, DISTRICT_OFFICER: WRITE, LEADER: READ},
    # what law and the province decide
    "cadres.unit": {PROVINCE_STAFF: ALL, DISTRICT_OFFICER: READ, LEADER: READ},
    "cadres.unitversion": {PROVINCE_STAFF: ALL, DISTRICT_OFFICER: READ, LEADER: READ},
    "cadres.unitsuccession": {PROVINCE_STAFF: ALL, DISTRICT_OFFICER: READ, LEADER: READ},
    "cadres.unitzone": {PROVINCE_STAFF: ALL, DISTRICT_OFFICER: READ, LEADER: READ},
    "cadres.unitclass": {PROVINCE_STAFF: ALL, DISTRICT_OFFICER: READ, LEADER: READ},
    "cadres.staffquota": {PROVINCE_STAFF: ALL, DISTRICT_OFFICER: READ, LEADER: READ},
    "cadres.unitrelaxation": {PROVINCE_STAFF: ALL, DISTRICT_OFFICER: READ, LEADER: READ},
    "cadres.rosterday": {PROVINCE_STAFF: ALL, DISTRICT_OFFICER: READ, LEADER: READ},
    "cadres.position": {PROVINCE_STAFF: ALL, DISTRICT_OFFICER: READ, LEADER: READ},
    "cadres.dimension": {PROVINCE_STAFF: READ, DISTRICT_OFFICER: READ, LEADER: READ},
    "cadres.level": {PROVINCE_STAFF: ALL, DISTRICT_OFFICER: READ, LEADER: READ},
    # texts change by pages of their own, which show the effect; a second account confirms what moves a published figure
    "cadres.standard": {PROVINCE_STAFF: ("view", "change", "confirm"), DISTRICT_OFFICER: READ, LEADER: READ},
    "cadres.requirement": {PROVINCE_STAFF: READ, DISTRICT_OFFICER: READ, LEADER: READ},
    "cadres.acceptedfield": {PROVINCE_STAFF: ALL, DISTRICT_OFFICER: READ, LEADER: READ},
    "cadres.criterion": {PROVINCE_STAFF: ALL, DISTRICT_OFFICER: READ, LEADER: READ},
    "cadres.ethnicgroup": {PROVINCE_STAFF: ALL, DISTRICT_OFFICER: READ, LEADER: READ},
    "cadres.retirementage": {PROVINCE_STAFF: ALL, DISTRICT_OFFICER: READ, LEADER: READ},
    "cadres.columntitle": {PROVINCE_STAFF: ALL, DISTRICT_OFFICER: READ, LEADER: READ},
    "cadres.valuespelling": {PROVINCE_STAFF: ALL, DISTRICT_OFFICER: READ, LEADER: READ},
    # published figures: nobody changes one; who publishes also withdraws
    "cadres.publication": {PROVINCE_STAFF: ("view", "add"), DISTRICT_OFFICER: READ, LEADER: READ},
    # the training catalogue
    "courses.subjectarea": {PROVINCE_STAFF: ALL, DISTRICT_OFFICER: READ, LEADER: READ, TRAINING_INSTITUTION: READ},
    "courses.programme": {PROVINCE_STAFF: ALL, DISTRICT_OFFICER: READ, LEADER: READ, TRAINING_INSTITUTION: READ},
    "courses.institution": {PROVINCE_STAFF: ALL, DISTRICT_OFFICER: READ, LEADER: READ, TRAINING_INSTITUTION: READ},
    "courses.institutionaccount": {PROVINCE_STAFF: ALL},
    "courses.room": {PROVINCE_STAFF: ALL, DISTRICT_OFFICER: READ, LEADER: READ, TRAINING_INSTITUTION: READ},
    "courses.trainer": {PROVINCE_STAFF: ALL, DISTRICT_OFFICER: READ, LEADER: READ, TRAINING_INSTITUTION: READ},
    "courses.costnorm": {PROVINCE_STAFF: ALL, DISTRICT_OFFICER: READ, LEADER: READ},
    "courses.trainingregulation": {PROVINCE_STAFF: ALL, DISTRICT_OFFICER: READ, LEADER: READ},
    "courses.documenttemplate": {PROVINCE_STAFF: ALL},
    # needs and plan: a district registers, the province accepts, plans and approves
    "courses.needcampaign": {PROVINCE_STAFF: ALL, DISTRICT_OFFICER: READ, LEADER: READ},
    "courses.registeredneed": {PROVINCE_STAFF: ALL, DISTRICT_OFFICER: ALL, LEADER: READ},
    "courses.trainingplan": {PROVINCE_STAFF: ALL, DISTRICT_OFFICER: READ, LEADER: READ},
    # classes: the province sets them up, an institution keeps the sessions of its own
    "courses.trainingclass": {PROVINCE_STAFF: ALL, DISTRICT_OFFICER: READ, LEADER: READ, TRAINING_INSTITUTION: READ},
    "courses.classsession": {PROVINCE_STAFF: ALL, DISTRICT_OFFICER: READ, LEADER: READ, TRAINING_INSTITUTION: ALL},
    "courses.classfunding": {PROVINCE_STAFF: ALL, LEADER: READ},
    # people in classes: a district nominates and withdraws its own, the province approves, waives and decides, an
    # institution grades those of its own classes
    "courses.enrolment": {
        PROVINCE_STAFF: (*ALL, "approve", "grade"),
        DISTRICT_OFFICER: WRITE,
        LEADER: READ,
        TRAINING_INSTITUTION: ("view", "grade"),
    },
    "courses.certificate": {
        PROVINCE_STAFF: (*ALL, "correct"),
        DISTRICT_OFFICER: READ,
        LEADER: READ,
        TRAINING_INSTITUTION: WRITE,
    },
    # what follows from having been sent to study
    "courses.commitment": {PROVINCE_STAFF: ALL, DISTRICT_OFFICER: READ, LEADER: READ},
    "courses.trainingmeasure": {PROVINCE_STAFF: ALL, DISTRICT_OFFICER: READ, LEADER: READ},
    # the installation
    "cadres.installation": {PROVINCE_STAFF: ("view", "change")},
    # accounts
    "cadres.user": {PROVINCE_STAFF: ALL},
    "cadres.userscope": {PROVINCE_STAFF: ALL},
    # the log: what everybody changed, took out and looked at
    "cadres.act": {PROVINCE_STAFF: ("view", "change")},
}


@cache
def permissions_of(role: str) -> frozenset[str]:
    """All permissions of a role, as "app.action_model"; a page asks for them dozens of times."""
    return frozenset(
        f"{model.split('.')[0]}.{action}_{model.split('.')[1]}"
        for model, actions_by_role in TABLE.items()
        for action in actions_by_role.get(role, ())
    )
