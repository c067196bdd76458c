"""Which rows a request reaches in the database: the table of the second wall (walls.sql), and what is granted.

`lao_cai_wide` sees every row of a table once a wide account is proved, `lao_cai_scoped` those that the condition here
lets through. They are wider than the scope of cadres/access.py, which knows days: here a person is seen by whoever ever
had that person. A table without people is in nobody's way.
"""

import hashlib
from collections.abc import Iterator

OWN = "official_id IN (SELECT official_id FROM walls.people)"
IN_UNITS = "unit_id = ANY((SELECT walls.keys('all'))::bigint[])"
ACCOUNT = "(SELECT walls.account())"
OF_ENROLMENT = "enrolment_id IN (SELECT id FROM courses_enrolment)"
OF_BATCH = "batch_id IN (SELECT id FROM cadres_importbatch)"

OF_SCHOOLS = (
    "training_class_id IN (SELECT id FROM courses_trainingclass"
    " WHERE institution_id = ANY((SELECT walls.keys('schools'))::bigint[]))"
)

# Who keeps the accounts: their history and who signed in, or was refused, and of nobody whose page was looked at.
ADMINISTRATOR = "(SELECT (walls.told() ->> 'administrator')::boolean OR walls.told() ->> 'how' = 'wide')"
OF_SIGNING_IN = f"person IS NULL AND kind <> 'export' AND {ADMINISTRATOR}"

# Table → what of it a scoped account reaches.
SCOPED = {
    "public.cadres_official": "id IN (SELECT official_id FROM walls.people)",
    "public.cadres_officialidentifier": OWN,
    "public.cadres_appointment": f"{IN_UNITS} OR {OWN}",
    "public.cadres_qualification": OWN,
    "public.cadres_waiver": OWN,
    "public.cadres_setaside": OWN,
    "public.cadres_importbatch": f"{IN_UNITS} OR created_by_id = {ACCOUNT}",
    "public.cadres_importrow": OF_BATCH,
    "public.cadres_missingofficial": OF_BATCH,
    "public.cadres_importeffect": OF_BATCH,
    "public.cadres_publishedpost": f"{IN_UNITS} OR {OWN}",
    "public.courses_registeredneed": OWN,
    "public.courses_enrolment": OWN,
    "public.courses_enrolmentstep": OF_ENROLMENT,
    "public.courses_rulewaiver": OF_ENROLMENT,
    "public.courses_attendance": OF_ENROLMENT,
    "public.courses_certificate": OF_ENROLMENT,
    "public.courses_trainingmeasure": OF_ENROLMENT,
    "public.courses_commitment": OF_ENROLMENT,
    "public.courses_repayment": "commitment_id IN (SELECT id FROM courses_commitment)",
    "public.courses_classlistimport": f"created_by_id = {ACCOUNT} OR {OF_SCHOOLS}",
    "public.django_admin_log": f"user_id = {ACCOUNT}",
    "history.change": (
        "CASE WHEN person IS NOT NULL THEN person IN (SELECT official_id FROM walls.people)"
        " WHEN parent_table = 'courses_enrolment' THEN parent IN (SELECT id FROM courses_enrolment)"
        " WHEN parent_table = 'courses_commitment' THEN parent IN (SELECT id FROM courses_commitment)"
        " WHEN table_name = 'cadres_importbatch' THEN key IN (SELECT id FROM cadres_importbatch)"
        " WHEN 'cadres_user' IN (table_name, parent_table) AND (SELECT (walls.told() ->> 'administrator')::boolean)"
        " THEN true"
        " WHEN table_name = 'cadres_user' THEN key = (SELECT walls.account())"
        " WHEN parent_table = 'cadres_user' THEN parent = (SELECT walls.account())"
        " ELSE (SELECT walls.account()) IS NOT NULL END"
    ),
    "history.act": f"user_id = {ACCOUNT} OR EXISTS (SELECT FROM history.change WHERE change.act_id = act.id)",
    "history.visit": f"user_id = {ACCOUNT} OR {OF_SIGNING_IN}",
}
# What people filled in: each account its own, whatever it may see; what has grown old the process itself drops.
FILLED_IN = f"account_id = {ACCOUNT} OR (SELECT walls.told() ->> 'how') = 'wide'"
OF_ACCOUNT = ("public.cadres_sentform", "public.cadres_keptform")

# Written once, and never changed or deleted by whoever works on the site.
ONLY_INSERTED = (
    "cadres_publication",
    "cadres_publicationwithdrawal",
    "cadres_publishedgroup",
    "cadres_publishedpost",
)
# Written once too; may go with the act that wrote it, when that is taken back.
GO_WITH_THEIR_ACT = ("courses_enrolmentstep",)
# What the login of the web process writes by itself, before it is known for whom (sessions, who signs in, the queue of
# long work): by the beginning of its name.
BY_ITSELF = ("django_session", "axes_", "otp_", "cadres_session", "cadres_importprogress")


def tables() -> tuple[str, ...]:
    """The tables behind the wall."""
    return (*SCOPED, *OF_ACCOUNT)


def statements() -> Iterator[str]:
    """The policies, made anew."""
    for table, condition in (*SCOPED.items(), *((table, FILLED_IN) for table in OF_ACCOUNT)):
        wide = "(SELECT walls.is_wide())" if table in SCOPED else condition
        yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
        for role, seen in (("lao_cai_wide", wide), ("lao_cai_scoped", condition)):
            yield f"DROP POLICY IF EXISTS {role} ON {table}"
            yield f"CREATE POLICY {role} ON {table} TO {role} USING ({seen})"
    for table in GO_WITH_THEIR_ACT:
        for what in ("update", "delete"):
            yield f"DROP POLICY IF EXISTS no_{what} ON {table}"
            yield (
                f"CREATE POLICY no_{what} ON {table} AS RESTRICTIVE FOR {what} TO lao_cai_wide, lao_cai_scoped"
                " USING ((SELECT walls.told() ->> 'how') = 'taking back')"
            )


def digest() -> str:
    """What tells these policies from others."""
    return hashlib.sha256("\n".join(statements()).encode()).hexdigest()
