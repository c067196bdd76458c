"""Which rows a request reaches in the database: the table of the second wall (walls.sql), and what is granted.

`lao_cai_wide` sees every row of a table once a wide account is proved, `lao_cai_scoped` those that the condition here
lets through. They are wider than the scope of cadres/access.py, which knows days: here a person is seen by whoever ever
had that person. A table without people is in nobody's way.
"""

import hashlib
from collections.abc import Iterator


def _of_own_people(key: str) -> str:
    """The condition that a column is the key of one of the account's people: ranges of keys, found out once a query.

    A list in which each row looks itself up (IN) would be reckoned anew for every row of a join, and whole tables be
    read rather than a page of a list. Said as a function, of which the planner expects every third row to pass: of the
    operator (<@) it expects one in two hundred, and then looks up post, unit and class of each one by one.
    """
    return f"elem_contained_by_multirange({key}, (SELECT walls.ranges_of_people()))"


OWN = _of_own_people("official_id")
# Whether a wide account is proved, said so that the planner expects every row to pass: of a plain truth it expects
# every second, of each table of a join anew, and then looks up thousands of people one by one.
WIDE = "(SELECT nullif(walls.is_wide(), false)) IS NOT NULL"
IN_UNITS = "unit_id = ANY((SELECT walls.keys('all'))::bigint[])"
ACCOUNT = "(SELECT walls.account())"
AT_WORK = "lao_cai_wide, lao_cai_scoped"
ADMINISTRATOR = "(SELECT (walls.told() ->> 'administrator')::boolean OR walls.told() ->> 'how' = 'wide')"
OF_ENROLMENT = "enrolment_id IN (SELECT id FROM courses_enrolment)"
OF_BATCH = "batch_id IN (SELECT id FROM cadres_importbatch)"

OF_SCHOOLS = (
    "training_class_id IN (SELECT id FROM courses_trainingclass"
    " WHERE institution_id = ANY((SELECT walls.keys('schools'))::bigint[]))"
)

# Table → what of it a scoped account reaches.
SCOPED = {
    "public.cadres_official": _of_own_people("id"),
    "public.cadres_officialidentifier": OWN,
    "public.cadres_appointment": f"{IN_UNITS} OR {OWN}",
    "public.cadres_qualification": OWN,
    "public.cadres_waiver": OWN,
    "public.cadres_plannedpost": OWN,
    "public.cadres_setaside": OWN,
    "public.cadres_importbatch": f"{IN_UNITS} OR created_by_id = {ACCOUNT}",
    "public.cadres_importrow": OF_BATCH,
    "public.cadres_missingofficial": OF_BATCH,
    "public.cadres_importeffect": OF_BATCH,
    "public.cadres_publishedpost": f"{IN_UNITS} OR {OWN}",
    "public.courses_registeredneed": OWN,
    "public.courses_proposedperson": OWN,
    "public.courses_enrolment": OWN,
    "public.courses_enrolmentstep": OF_ENROLMENT,
    "public.courses_rulewaiver": OF_ENROLMENT,
    "public.courses_attendance": OF_ENROLMENT,
    "public.courses_certificate": OF_ENROLMENT,
    "public.courses_trainingmeasure": OF_ENROLMENT,
    "public.courses_yearmeasure": OWN,
    "public.courses_commitment": OF_ENROLMENT,
    "public.courses_repayment": "commitment_id IN (SELECT id FROM courses_commitment)",
    "public.courses_classlistimport": f"created_by_id = {ACCOUNT} OR {OF_SCHOOLS}",
    "public.django_admin_log": f"user_id = {ACCOUNT}",
    "history.change": " ".join(
        (
            f"CASE WHEN person IS NOT NULL THEN {_of_own_people('person')}",
            "WHEN parent_table = 'courses_enrolment' THEN parent IN (SELECT id FROM courses_enrolment)",
            "WHEN parent_table = 'courses_commitment' THEN parent IN (SELECT id FROM courses_commitment)",
            "WHEN table_name = 'cadres_importbatch' THEN key IN (SELECT id FROM cadres_importbatch)",
            f"WHEN table_name = 'cadres_user' THEN key = {ACCOUNT} OR {ADMINISTRATOR}",
            f"WHEN parent_table = 'cadres_user' THEN parent = {ACCOUNT} OR {ADMINISTRATOR}",
            f"ELSE {ACCOUNT} IS NOT NULL END",
        )
    ),
    "history.act": f"user_id = {ACCOUNT} OR EXISTS (SELECT FROM history.change WHERE change.act_id = act.id)",
    "history.visit": f"user_id = {ACCOUNT} OR person IS NULL AND kind <> 'export' AND {ADMINISTRATOR}",
}
# Accounts and what they hold: known to all, written by administrators; of its own an account changes what it may
# (its password). Who is signing in is no account yet: see `_grants` of roles.py for what is written then.
ACCOUNTS = ("public.cadres_user", "public.cadres_rolegrant", "public.courses_institutionaccount")
# What people filled in, each account its own whatever it may see; what has grown old the process itself drops. And what
# opens an account besides its password: keys of telephones, digests of recovery codes.
ITS_OWN = {
    **dict.fromkeys(
        ("public.cadres_sentform", "public.cadres_keptform", "public.cadres_savedview"),
        f"account_id = {ACCOUNT} OR (SELECT walls.told() ->> 'how') = 'wide'",
    ),
    **dict.fromkeys(
        ("public.otp_totp_totpdevice", "public.otp_static_staticdevice"), f"user_id = {ACCOUNT} OR {ADMINISTRATOR}"
    ),
    "public.otp_static_statictoken": "device_id IN (SELECT id FROM otp_static_staticdevice)",
}
# Of these tables no role of the site reads the column, which walls.secret gives out for a proof; the others of its
# columns those who are named do.
SECRETS = {
    ("cadres_user", "password"): f"lao_cai_web, {AT_WORK}",
    ("otp_totp_totpdevice", "key"): AT_WORK,
}

# Written once, and never changed or deleted by whoever works on the site.
ONLY_INSERTED = (
    "cadres_publication",
    "cadres_publicationwithdrawal",
    "cadres_publishedgroup",
    "cadres_publishedpost",
    "courses_feedbacksheet",
    "courses_feedbackscore",
)
# Written once too; may go with the act that wrote it, when that is taken back.
GO_WITH_THEIR_ACT = ("courses_enrolmentstep",)
# What somebody without an account writes who holds a code (courses/quality): the statement, and on what.
WITH_A_CODE = (
    ("INSERT", "courses_feedbacksheet"),
    ("INSERT", "courses_feedbackscore"),
    ("UPDATE (is_used)", "courses_feedbackcode"),
)
# What the login of the web process writes by itself, before it is known for whom (sessions, who signs in, the queue of
# long work): by the beginning of its name.
BY_ITSELF = ("django_session", "axes_", "cadres_session", "cadres_importprogress")


def tables() -> tuple[str, ...]:
    """The tables behind the wall."""
    return (*SCOPED, *ITS_OWN)


def statements() -> Iterator[str]:
    """The policies, made anew."""
    for table in (*tables(), *ACCOUNTS):
        yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
    for table, condition in SCOPED.items():
        yield from _policy("lao_cai_wide", table, WIDE)
        yield from _policy("lao_cai_scoped", table, condition)
    for table, condition in ITS_OWN.items():
        yield from _policy("lao_cai_wide", table, condition)
        yield from _policy("lao_cai_scoped", table, condition)
    yield from _policy("shared", "public.cadres_savedview", "is_shared", f"FOR SELECT TO {AT_WORK}")
    for table in GO_WITH_THEIR_ACT:
        for what in ("UPDATE", "DELETE"):
            way = f"AS RESTRICTIVE FOR {what} TO {AT_WORK}"
            yield from _policy(f"no_{what.lower()}", table, "(SELECT walls.told() ->> 'how') = 'taking back'", way)
    for table in ACCOUNTS:
        yield from _policy("known", table, "true", f"FOR SELECT TO lao_cai_web, {AT_WORK}")
        yield from _policy("administrators", table, ADMINISTRATOR, f"TO {AT_WORK}")
    yield from _policy("own", "public.cadres_user", f"id = {ACCOUNT}", f"FOR UPDATE TO {AT_WORK}")
    yield from _policy("signing_in", "public.cadres_user", "true", "FOR UPDATE TO lao_cai_web")


def _policy(name: str, table: str, seen: str, way: str = "") -> Iterator[str]:
    """`way`: for what, and to whom; of a role of the name where nothing is said."""
    yield f"DROP POLICY IF EXISTS {name} ON {table}"
    yield f"CREATE POLICY {name} ON {table} {way or f'TO {name}'} USING ({seen})"


def digest() -> str:
    """What tells these policies from others."""
    return hashlib.sha256("\n".join(statements()).encode()).hexdigest()
