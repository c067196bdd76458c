"""Who may open and change what: every address of the site, for every role, on own rows and on foreign ones.

POLICY is to be read like a policy. A line is an address (its name, or its route where it has none), then a cell for
each of: somebody not signed in; Sở Nội vụ; the officer of huyện Bắc Hà on a row of Bắc Hà; the same officer on a row
of Mường Khương; a leader; a training institution, on a class of its own where the address is about one. A cell is the
answer to GET and to an empty POST: a status, `in` (sent to sign in) or `-` (there is no such row: the address names
none, or what it names belongs to no district). A GET, and a refused POST (any 4xx, or `in`), must leave every table
as it was, and nothing an officer is shown may name what is Mường Khương's alone. No page shows a word
that is not Vietnamese, or that only the source knows (tests/visible.py).

What may be posted *about* foreign rows, from an address that is the officer's own, is in FOREIGN_CHOICES below, and
tried with every form (tests/foreign_keys.py); what of who has left the officer's district, or come into it, in
OVER_TIME.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from html import unescape
from http.cookies import SimpleCookie
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from openpyxl import Workbook

from cadres import registry, roles
from cadres.models import (
    AcceptedField,
    Act,
    Change,
    ColumnTitle,
    Criterion,
    Dimension,
    EthnicGroup,
    Level,
    Official,
    OfficialIdentifier,
    Position,
    PublicationProposal,
    RateTarget,
    Requirement,
    RetirementAge,
    RosterDay,
    SavedView,
    SetAside,
    StaffQuota,
    Standard,
    StandardChange,
    UnitClass,
    UnitRelaxation,
    UnitSuccession,
    UnitVersion,
    UnitZone,
    User,
    ValueSpelling,
    Visit,
    ZonePeriod,
)
from cadres.roster.batch import read_file, stage
from cadres.web import pace
from courses.models import (
    Certificate,
    ClassFunding,
    ClassListImport,
    ClassSession,
    Commitment,
    CostNorm,
    DistrictSubmission,
    Enrolment,
    FeedbackQuestion,
    Inspection,
    Institution,
    InstitutionAccount,
    NeedCampaign,
    NeedRule,
    PlanAmendment,
    PlanLine,
    Programme,
    ProposedPerson,
    RegisteredNeed,
    Room,
    SendingDecision,
    SubjectArea,
    SupportNorm,
    Trainer,
    TrainerNorm,
    TrainingClass,
    TrainingMeasure,
    TrainingPlan,
    TrainingRegulation,
    UnitDistance,
)
from courses.obligations.commitments import record_repayment
from reports.publications import publish
from tests import refusals
from tests.builders import it_is
from tests.conftest import DAY, client_of, make_user, rolled_back, unit_of
from tests.each_form import EachForm
from tests.foreign_keys import tell_nothing
from tests.forms import forms_of
from tests.tables import Tables, every_table
from tests.visible import strange_words

pytestmark = pytest.mark.django_db

COLUMNS = ("anonymous", "province", "own", "foreign", "leader", "institution")

# Tables of law: Sở Nội vụ keeps them, all others read. They belong to no district.
CATALOGUES = (
    *("position", "level", "acceptedfield", "criterion", "ethnicgroup", "retirementage"),
    *("columntitle", "valuespelling", "staffquota"),
)
# Texts of standards: on lists to look at and export only; they change on pages of their own.
LAW = ("standard", "requirement")
# Facts about units: Sở Nội vụ keeps them, an officer reads those of the own district.
UNIT_TABLES = ("unitversion", "unitzone", "unitrelaxation", "unitclass")
# The registry on the admin's lists: to look at only; it is written on a person's page.
REGISTRY = ("official", "appointment", "qualification", "waiver")
# The training catalogue: without, and with tables in and out.
TRAINING = ("subjectarea", "room")
TRAINING_TABLES = ("programme", "institution", "trainer")

POLICY = """
#                                                      anonymous  province  own      foreign  leader   institution
# figures
reports:home                                           in/in      200/405   200/405  -        200/405  200/405
reports:year-summary                                   in/in      200/405   403/403  -        200/405  403/403
reports:commune                                        in/in      200/405   200/405  404/405  200/405  403/403
reports:rates                                          in/in      200/405   200/405  -        200/405  403/403
reports:rates-file                                     in/in      200/405   200/405  -        200/405  403/403
reports:course                                         in/in      200/405   200/405  -        200/405  403/403
reports:course-file                                    in/in      200/405   200/405  -        200/405  403/403
reports:definition                                     in/in      200/405   200/405  -        200/405  403/403
reports:publication-list                               in/in      200/405   200/405  -        200/405  403/403
reports:publication-add                                in/in      200/200   403/403  -        403/403  403/403
reports:proposal-refuse                                in/in      200/200   403/403  -        403/403  403/403
reports:publication-detail                             in/in      200/405   200/405  404/405  200/405  403/403
reports:publication-file                               in/in      200/405   200/405  404/405  200/405  403/403
reports:published-people                               in/in      200/405   200/405  404/405  200/405  403/403
reports:publications-compared                          in/in      400/405   400/405  -        400/405  403/403
reports:publication-withdraw                           in/in      200/200   403/403  403/403  403/403  403/403
reports:forecast                                       in/in      200/405   200/405  -        200/405  403/403
reports:forecast-file                                  in/in      200/405   200/405  -        200/405  403/403
reports:forecast-people                                in/in      200/405   200/405  -        200/405  403/403
reports:explorer                                       in/in      200/405   200/405  -        200/405  403/403
reports:explorer-file                                  in/in      200/405   200/405  -        200/405  403/403
reports:explorer-people                                in/in      400/405   400/405  -        400/405  403/403
reports:movements                                      in/in      200/405   200/405  -        200/405  403/403
reports:training                                       in/in      200/405   200/405  -        200/405  403/403
reports:training-file                                  in/in      200/405   200/405  -        200/405  403/403
reports:form-list                                      in/in      200/405   200/405  -        200/405  403/403
reports:form-file                                      in/in      200/405   200/405  -        200/405  403/403
reports:form-begin                                     in/in      405/302   405/302  -        405/302  403/403
reports:form-progress                                  in/in      404/405   404/405  -        404/405  403/403
reports:form-made-file                                 in/in      404/405   404/405  -        404/405  403/403
reports:training-turns                                 in/in      200/405   200/405  -        200/405  403/403
# what classes spent is the province's business
reports:training-classes                               in/in      200/405   403/403  -        200/405  403/403

# the registry: read
cadres:official-list                                   in/in      200/400   200/400  -        200/405  403/403
cadres:official-export                                 in/in      200/405   200/405  -        200/405  403/403
cadres:official-detail                                 in/in      200/405   200/405  404/405  200/405  403/403
cadres:official-history                                in/in      200/405   200/405  404/405  200/405  403/403
# everything about a person, for that person: Sở Nội vụ hands it out
cadres:official-data-export                            in/in      200/405   403/403  403/403  403/403  403/403
cadres:roster-export                                   in/in      200/405   200/405  -        200/405  403/403
cadres:roster-sample-file                              in/in      200/405   200/405  -        403/403  403/403
admin:cadres_{registry}_changelist                     in/in      200/200   200/200  -        200/200  403/403
admin:cadres_{registry}_history                        in/in      200/200   200/200  404/404  200/200  404/404
admin:cadres_{registry}_add                            in/in      403/403   403/403  -        403/403  403/403
admin:cadres_{registry}_change                         in/in      200/403   200/403  404/403  200/403  403/403
admin:cadres_{registry}_delete                         in/in      403/403   403/403  403/403  403/403  403/403
quan-tri/cadres/{registry}/<path:object_id>/           in/in      302/302   302/302  302/302  302/302  302/302

# the registry: write, each on the page of a person whose latest post is in scope
cadres:official-add                                    in/in      200/200   200/200  -        403/403  403/403
cadres:official-edit                                   in/in      200/200   200/200  404/404  403/403  403/403
cadres:official-merge                                  in/in      200/200   200/200  404/404  403/403  403/403
cadres:identifier-add                                  in/in      200/200   200/200  404/404  403/403  403/403
cadres:identifier-edit                                 in/in      200/200   200/200  404/404  403/403  403/403
cadres:official-appoint                                in/in      200/200   200/200  404/404  403/403  403/403
cadres:official-transfer                               in/in      200/200   200/200  404/404  403/403  403/403
cadres:appointment-end                                 in/in      200/200   200/200  404/404  403/403  403/403
cadres:post-correct                                    in/in      200/200   200/200  404/404  403/403  403/403
cadres:post-error                                      in/in      200/200   200/200  404/404  403/403  403/403
cadres:post-share                                      in/in      200/200   200/200  404/404  403/403  403/403
cadres:transfer-take-back                              in/in      200/200   200/200  404/404  403/403  403/403
cadres:qualification-add                               in/in      200/200   200/200  404/404  403/403  403/403
cadres:qualification-revoke                            in/in      200/200   200/200  404/404  403/403  403/403
cadres:qualification-error                             in/in      200/200   200/200  404/404  403/403  403/403
# who is planned for which post
cadres:planned-post-add                                in/in      200/200   200/200  404/404  403/403  403/403
cadres:planned-post-end                                in/in      200/200   200/200  404/404  403/403  403/403
cadres:official-waive                                  in/in      200/200   403/403  403/403  403/403  403/403

# rosters: an officer's import is for the own units; a form sent back with errors answers 400
cadres:import-list                                     in/in      200/400   200/400  -        200/403  403/403
cadres:import-batch                                    in/in      200/405   200/405  404/404  200/405  403/403
cadres:import-read                                     405/in     405/302   405/302  405/404  405/403  405/403
cadres:import-commit                                   405/in     405/302   405/302  405/404  405/403  405/403
cadres:import-discard                                  in/in      200/302   302/302  404/404  403/403  403/403
# the file as it was sent holds whole identity numbers
cadres:import-file-kept                                in/in      200/405   200/405  404/405  403/403  403/403
cadres:import-file-marked                              in/in      200/405   200/405  404/405  403/403  403/403
cadres:import-reading                                  in/in      200/302   200/302  404/404  200/403  403/403
cadres:import-place                                    405/in     405/302   405/302  405/404  405/403  405/403
cadres:import-sheets                                   405/in     405/302   405/302  405/404  405/403  405/403
cadres:import-date-order                               405/in     405/400   405/400  405/404  405/403  405/403
cadres:import-scope                                    405/in     405/302   405/302  405/404  405/403  405/403
cadres:import-effect                                   in/in      302/302   302/302  404/404  403/403  403/403
cadres:import-answer                                   405/in     405/302   405/302  405/404  405/403  405/403
cadres:import-words                                    405/in     405/302   405/302  405/404  405/403  405/403
cadres:import-row                                      in/in      200/302   200/302  404/404  403/403  403/403
cadres:import-rows-decide                              in/in      200/200   200/200  404/404  403/403  403/403
cadres:import-names                                    in/in      200/302   200/302  404/404  403/403  403/403
cadres:import-missing                                  in/in      200/200   200/200  404/404  403/403  403/403
cadres:import-confirm                                  in/in      200/405   200/405  404/405  403/403  403/403
cadres:import-undo                                     in/in      403/403   403/403  404/404  403/403  403/403
cadres:decision-list                                   in/in      200/400   200/400  -        200/405  403/403
cadres:decisions-decide                                in/in      200/200   200/200  -        403/403  403/403

# the review of the data: an officer sees and mends the own district's, a leader looks
cadres:review                                          in/in      200/405   200/405  -        200/405  403/403
cadres:review-findings                                 in/in      200/400   200/400  -        200/405  403/403
cadres:review-summary                                  in/in      200/405   200/405  -        403/403  403/403
cadres:review-asides                                   in/in      200/405   200/405  -        200/405  403/403
cadres:review-aside-add                                in/in      200/200   200/200  404/404  403/403  403/403
cadres:review-aside-end                                in/in      200/302   404/404  404/404  403/403  403/403

# units: Sở Nội vụ keeps them, an officer reads the own district's
admin:cadres_unit_changelist                           in/in      200/200   200/200  -        200/200  403/403
admin:cadres_unit_add                                  in/in      200/200   403/403  -        403/403  403/403
admin:cadres_unit_change                               in/in      200/200   200/403  404/403  200/403  403/403
admin:cadres_unit_history                              in/in      200/200   200/200  404/404  200/200  404/404
admin:cadres_unit_delete                               in/in      200/200   403/403  403/403  403/403  403/403
quan-tri/cadres/unit/<path:object_id>/                 in/in      302/302   302/302  302/302  302/302  302/302
admin:cadres_rosterday_changelist                      in/in      200/200   200/200  -        200/200  403/403
admin:cadres_rosterday_add                             in/in      200/200   403/403  -        403/403  403/403
admin:cadres_rosterday_change                          in/in      200/200   200/403  404/403  200/403  403/403
admin:cadres_rosterday_history                         in/in      200/200   200/200  404/404  200/200  404/404
admin:cadres_rosterday_delete                          in/in      200/200   403/403  403/403  403/403  403/403
quan-tri/cadres/rosterday/<path:object_id>/            in/in      302/302   302/302  302/302  302/302  302/302
admin:cadres_{unit_table}_changelist                   in/in      200/200   200/200  -        200/200  403/403
admin:cadres_{unit_table}_export                       in/in      200/200   200/200  -        200/200  403/403
admin:cadres_{unit_table}_add                          in/in      200/200   403/403  -        403/403  403/403
admin:cadres_{unit_table}_change                       in/in      200/200   200/403  404/403  200/403  403/403
admin:cadres_{unit_table}_history                      in/in      200/200   200/200  404/404  200/200  404/404
admin:cadres_{unit_table}_delete                       in/in      200/200   403/403  403/403  403/403  403/403
admin:cadres_{unit_table}_import                       in/in      200/200   403/403  -        403/403  403/403
admin:cadres_{unit_table}_import_confirm               in/in      302/302   403/403  -        403/403  403/403
quan-tri/cadres/{unit_table}/<path:object_id>/         in/in      302/302   302/302  302/302  302/302  302/302
admin:cadres_unitsuccession_changelist                 in/in      200/200   200/200  -        200/200  403/403
admin:cadres_unitsuccession_add                        in/in      200/200   403/403  -        403/403  403/403
admin:cadres_unitsuccession_change                     in/in      200/200   200/403  -        200/403  403/403
admin:cadres_unitsuccession_history                    in/in      200/200   200/200  -        200/200  403/403
admin:cadres_unitsuccession_delete                     in/in      200/200   403/403  -        403/403  403/403
quan-tri/cadres/unitsuccession/<path:object_id>/       in/in      302/302   302/302  -        302/302  302/302
admin:cadres_zoneperiod_changelist                     in/in      200/200   200/200  -        200/200  403/403
admin:cadres_zoneperiod_add                            in/in      200/200   403/403  -        403/403  403/403
admin:cadres_zoneperiod_change                         in/in      200/200   200/403  -        200/403  403/403
admin:cadres_zoneperiod_history                        in/in      200/200   200/200  -        200/200  403/403
admin:cadres_zoneperiod_delete                         in/in      200/200   403/403  -        403/403  403/403
quan-tri/cadres/zoneperiod/<path:object_id>/           in/in      302/302   302/302  -        302/302  302/302

admin:cadres_ratetarget_changelist                     in/in      200/200   200/200  -        200/200  403/403
admin:cadres_ratetarget_add                            in/in      200/200   403/403  -        403/403  403/403
admin:cadres_ratetarget_change                         in/in      200/200   200/403  -        200/403  403/403
admin:cadres_ratetarget_history                        in/in      200/200   200/200  -        200/200  403/403
admin:cadres_ratetarget_delete                         in/in      200/200   403/403  -        403/403  403/403
quan-tri/cadres/ratetarget/<path:object_id>/           in/in      302/302   302/302  -        302/302  302/302

# catalogues: Sở Nội vụ keeps them, all read
admin:cadres_{catalogue}_changelist                    in/in      200/200   200/200  -        200/200  403/403
admin:cadres_{catalogue}_export                        in/in      200/200   200/200  -        200/200  403/403
admin:cadres_{catalogue}_add                           in/in      200/200   403/403  -        403/403  403/403
admin:cadres_{catalogue}_change                        in/in      200/200   200/403  -        200/403  403/403
admin:cadres_{catalogue}_history                       in/in      200/200   200/200  -        200/200  403/403
admin:cadres_{catalogue}_delete                        in/in      200/200   403/403  -        403/403  403/403
admin:cadres_{catalogue}_import                        in/in      200/200   403/403  -        403/403  403/403
admin:cadres_{catalogue}_import_confirm                in/in      302/302   403/403  -        403/403  403/403
quan-tri/cadres/{catalogue}/<path:object_id>/          in/in      302/302   302/302  -        302/302  302/302
# the texts of standards: Sở Nội vụ changes them, and confirms; all who see the registry read
admin:cadres_{law}_changelist                          in/in      200/200   200/200  -        200/200  403/403
admin:cadres_{law}_export                              in/in      200/200   200/200  -        200/200  403/403
admin:cadres_{law}_add                                 in/in      403/403   403/403  -        403/403  403/403
admin:cadres_{law}_change                              in/in      200/403   200/403  -        200/403  403/403
admin:cadres_{law}_history                             in/in      200/200   200/200  -        200/200  403/403
admin:cadres_{law}_delete                              in/in      403/403   403/403  -        403/403  403/403
admin:cadres_{law}_import                              in/in      403/403   403/403  -        403/403  403/403
admin:cadres_{law}_import_confirm                      in/in      403/403   403/403  -        403/403  403/403
quan-tri/cadres/{law}/<path:object_id>/                in/in      302/302   302/302  -        302/302  302/302
cadres:standard-list                                   in/in      200/405   200/405  -        200/405  403/403
cadres:standard-detail                                 in/in      200/405   200/405  -        200/405  403/403
cadres:standard-file                                   in/in      200/405   200/405  -        200/405  403/403
cadres:standard-add                                    in/in      200/200   403/403  -        403/403  403/403
cadres:standard-amend                                  in/in      200/200   403/403  -        403/403  403/403
cadres:standard-correct                                in/in      200/200   403/403  -        403/403  403/403
cadres:standard-copy                                   in/in      200/200   403/403  -        403/403  403/403
cadres:standard-local                                  in/in      200/200   403/403  -        403/403  403/403
cadres:standard-end                                    in/in      200/200   403/403  -        403/403  403/403
cadres:standard-remove                                 in/in      404/404   403/403  -        403/403  403/403
cadres:standard-change                                 in/in      200/400   200/403  -        200/403  403/403
cadres:requirement-list                                in/in      200/400   200/405  -        200/405  403/403
cadres:requirement-check                               in/in      200/200   403/403  -        403/403  403/403
cadres:dimension-list                                  in/in      200/405   200/405  -        200/405  403/403
cadres:dimension-add                                   in/in      200/200   403/403  -        403/403  403/403
# the training catalogue: institutions read it too, but neither what training costs nor what law asks
admin:courses_{training}_changelist                    in/in      200/200   200/200  -        200/200  200/200
admin:courses_{training}_add                           in/in      200/200   403/403  -        403/403  403/403
admin:courses_{training}_change                        in/in      200/200   200/403  -        200/403  200/403
admin:courses_{training}_history                       in/in      200/200   200/200  -        200/200  200/200
admin:courses_{training}_delete                        in/in      200/200   403/403  -        403/403  403/403
quan-tri/courses/{training}/<path:object_id>/          in/in      302/302   302/302  -        302/302  302/302
admin:courses_{training_table}_changelist              in/in      200/200   200/200  -        200/200  200/200
admin:courses_{training_table}_export                  in/in      200/200   200/200  -        200/200  200/200
admin:courses_{training_table}_add                     in/in      200/200   403/403  -        403/403  403/403
admin:courses_{training_table}_change                  in/in      200/200   200/403  -        200/403  200/403
admin:courses_{training_table}_history                 in/in      200/200   200/200  -        200/200  200/200
admin:courses_{training_table}_delete                  in/in      200/200   403/403  -        403/403  403/403
admin:courses_{training_table}_import                  in/in      200/200   403/403  -        403/403  403/403
admin:courses_{training_table}_import_confirm          in/in      302/302   403/403  -        403/403  403/403
quan-tri/courses/{training_table}/<path:object_id>/    in/in      302/302   302/302  -        302/302  302/302
admin:courses_costnorm_changelist                      in/in      200/200   200/200  -        200/200  403/403
admin:courses_costnorm_export                          in/in      200/200   200/200  -        200/200  403/403
admin:courses_costnorm_add                             in/in      200/200   403/403  -        403/403  403/403
admin:courses_costnorm_change                          in/in      200/200   200/403  -        200/403  403/403
admin:courses_costnorm_history                         in/in      200/200   200/200  -        200/200  403/403
admin:courses_costnorm_delete                          in/in      200/200   403/403  -        403/403  403/403
admin:courses_costnorm_import                          in/in      200/200   403/403  -        403/403  403/403
admin:courses_costnorm_import_confirm                  in/in      302/302   403/403  -        403/403  403/403
quan-tri/courses/costnorm/<path:object_id>/            in/in      302/302   302/302  -        302/302  302/302
admin:courses_supportnorm_changelist                   in/in      200/200   200/200  -        200/200  403/403
admin:courses_supportnorm_add                          in/in      200/200   403/403  -        403/403  403/403
admin:courses_supportnorm_change                       in/in      200/200   200/403  -        200/403  403/403
admin:courses_supportnorm_history                      in/in      200/200   200/200  -        200/200  403/403
admin:courses_supportnorm_delete                       in/in      200/200   403/403  -        403/403  403/403
quan-tri/courses/supportnorm/<path:object_id>/         in/in      302/302   302/302  -        302/302  302/302
admin:courses_unitdistance_changelist                  in/in      200/200   200/200  -        200/200  403/403
admin:courses_unitdistance_export                      in/in      200/200   200/200  -        200/200  403/403
admin:courses_unitdistance_add                         in/in      200/200   403/403  -        403/403  403/403
admin:courses_unitdistance_change                      in/in      200/200   200/403  -        200/403  403/403
admin:courses_unitdistance_history                     in/in      200/200   200/200  -        200/200  403/403
admin:courses_unitdistance_delete                      in/in      200/200   403/403  -        403/403  403/403
admin:courses_unitdistance_import                      in/in      200/200   403/403  -        403/403  403/403
admin:courses_unitdistance_import_confirm              in/in      302/302   403/403  -        403/403  403/403
quan-tri/courses/unitdistance/<path:object_id>/        in/in      302/302   302/302  -        302/302  302/302
admin:courses_trainernorm_changelist                   in/in      200/200   200/200  -        200/200  403/403
admin:courses_trainernorm_add                          in/in      200/200   403/403  -        403/403  403/403
admin:courses_trainernorm_change                       in/in      200/200   200/403  -        200/403  403/403
admin:courses_trainernorm_history                      in/in      200/200   200/200  -        200/200  403/403
admin:courses_trainernorm_delete                       in/in      200/200   403/403  -        403/403  403/403
quan-tri/courses/trainernorm/<path:object_id>/         in/in      302/302   302/302  -        302/302  302/302
admin:courses_needrule_changelist                      in/in      200/200   200/200  -        200/200  403/403
admin:courses_needrule_add                             in/in      200/200   403/403  -        403/403  403/403
admin:courses_needrule_change                          in/in      200/200   200/403  -        200/403  403/403
admin:courses_needrule_history                         in/in      200/200   200/200  -        200/200  403/403
admin:courses_needrule_delete                          in/in      200/200   403/403  -        403/403  403/403
quan-tri/courses/needrule/<path:object_id>/            in/in      302/302   302/302  -        302/302  302/302
admin:courses_trainingregulation_changelist            in/in      200/200   200/200  -        200/200  403/403
admin:courses_trainingregulation_add                   in/in      200/200   403/403  -        403/403  403/403
admin:courses_trainingregulation_change                in/in      200/200   200/403  -        200/403  403/403
admin:courses_trainingregulation_history               in/in      200/200   200/200  -        200/200  403/403
admin:courses_trainingregulation_delete                in/in      200/200   403/403  -        403/403  403/403
quan-tri/courses/trainingregulation/<path:object_id>/  in/in      302/302   302/302  -        302/302  302/302
admin:courses_feedbackquestion_changelist              in/in      200/200   403/403  -        200/200  403/403
admin:courses_feedbackquestion_add                     in/in      200/200   403/403  -        403/403  403/403
admin:courses_feedbackquestion_change                  in/in      200/200   403/403  -        200/403  403/403
admin:courses_feedbackquestion_history                 in/in      200/200   403/403  -        200/200  403/403
admin:courses_feedbackquestion_delete                  in/in      200/200   403/403  -        403/403  403/403
quan-tri/courses/feedbackquestion/<path:object_id>/    in/in      302/302   302/302  -        302/302  302/302
# classes on the admin's list: to look at only; they are worked on on their own pages
admin:courses_trainingclass_changelist                 in/in      200/200   200/200  -        200/200  200/200
admin:courses_trainingclass_add                        in/in      403/403   403/403  -        403/403  403/403
admin:courses_trainingclass_change                     in/in      200/403   200/403  -        200/403  200/403
admin:courses_trainingclass_history                    in/in      200/200   200/200  -        200/200  200/200
admin:courses_trainingclass_delete                     in/in      403/403   403/403  -        403/403  403/403
quan-tri/courses/trainingclass/<path:object_id>/       in/in      302/302   302/302  -        302/302  302/302
# needs, and what a district registers: its own people until its deadline; Sở Nội vụ opens campaigns and answers
courses:needs                                          in/in      200/405   200/405  -        200/405  403/403
courses:needs-file                                     in/in      200/405   200/405  -        200/405  403/403
courses:need-people                                    in/in      200/405   200/405  -        200/405  403/403
courses:asked                                          in/in      200/405   200/405  -        200/405  403/403
courses:asked-file                                     in/in      200/405   200/405  -        200/405  403/403
courses:asked-people                                   in/in      200/405   200/405  -        200/405  403/403
courses:campaign-list                                  in/in      200/405   200/405  -        200/405  403/403
courses:campaign-add                                   in/in      200/200   403/403  -        403/403  403/403
courses:submission-list                                in/in      200/405   200/405  -        200/405  403/403
courses:campaign-detail                                in/in      200/405   200/405  -        200/405  403/403
courses:submission                                     in/in      200/400   200/400  404/404  200/400  403/403
courses:submission-register                            in/in      200/200   200/200  404/404  403/403  403/403
courses:submission-register-asked                      in/in      200/200   200/200  404/404  403/403  403/403
courses:planned-list                                   in/in      200/405   200/405  -        200/405  403/403
courses:submission-planned                             in/in      200/200   200/200  404/404  403/403  403/403
courses:submission-add                                 in/in      405/200   405/200  405/404  403/403  403/403
courses:submission-remove                              in/in      200/200   200/200  404/404  403/403  403/403
courses:submission-submit                              in/in      200/200   200/200  404/404  403/403  403/403
courses:submission-accept                              in/in      405/302   403/403  403/403  403/403  403/403
courses:submission-send-back                           in/in      200/200   403/403  403/403  403/403  403/403
courses:submission-deadline                            in/in      200/200   403/403  403/403  403/403  403/403
# the plan: Sở Nội vụ's, all but institutions read it
courses:plan-list                                      in/in      200/405   200/405  -        200/405  403/403
courses:plan-add                                       in/in      200/200   403/403  -        403/403  403/403
courses:plan-detail                                    in/in      200/405   200/405  -        200/405  403/403
courses:plan-history                                   in/in      200/405   200/405  -        200/405  403/403
courses:plan-result                                    in/in      200/405   403/403  -        200/405  403/403
courses:plan-file                                      in/in      200/405   200/405  -        200/405  403/403
courses:plan-edit                                      in/in      200/200   403/403  -        403/403  403/403
courses:plan-delete                                    in/in      200/200   403/403  -        403/403  403/403
courses:plan-proposal                                  in/in      200/200   403/403  -        403/403  403/403
courses:plan-approve                                   in/in      200/200   403/403  -        403/403  403/403
courses:plan-line-add                                  in/in      200/200   403/403  -        403/403  403/403
courses:plan-line-people                               in/in      200/405   200/405  -        200/405  403/403
courses:plan-line-edit                                 in/in      200/200   403/403  -        403/403  403/403
courses:plan-line-delete                               in/in      200/200   403/403  -        403/403  403/403
courses:plan-amend                                     in/in      200/200   403/403  -        403/403  403/403
courses:amendment-approve                              in/in      200/200   403/403  -        403/403  403/403
courses:plan-decision-correct                          in/in      200/200   403/403  -        403/403  403/403
courses:amendment-decision-correct                     in/in      200/200   403/403  -        403/403  403/403
courses:amendment-drop                                 in/in      200/200   403/403  -        403/403  403/403

# classes: all who see training see them, an institution its own; of the people in them an officer sees the own only
courses:class-list                                     in/in      200/405   200/405  -        200/405  200/405
courses:class-detail                                   in/in      200/405   200/405  200/405  200/405  200/405
courses:class-history                                  in/in      200/405   200/405  200/405  200/405  200/405
courses:class-quotas                                   in/in      200/200   200/403  200/403  200/403  200/403
courses:class-sessions                                 in/in      200/405   200/405  200/405  200/405  200/405
# Sở Nội vụ sets them up and leads them through their states (an empty POST says yes to nothing)
courses:class-add                                      in/in      200/200   403/403  -        403/403  403/403
courses:class-edit                                     in/in      200/200   403/403  403/403  403/403  403/403
courses:class-open                                     in/in      200/200   403/403  403/403  403/403  403/403
courses:class-start                                    in/in      200/200   403/403  403/403  403/403  403/403
courses:class-end                                      in/in      200/200   403/403  403/403  403/403  403/403
courses:class-reopen                                   in/in      200/200   403/403  403/403  403/403  403/403
courses:class-cancel                                   in/in      200/200   403/403  403/403  403/403  403/403
courses:class-funding                                  in/in      200/200   403/403  403/403  200/403  403/403
courses:class-support                                  in/in      200/405   403/403  403/403  200/405  403/403
courses:settlement-correct                             in/in      200/200   403/403  403/403  403/403  403/403
# the institution that teaches keeps the timetable too
courses:session-add                                    in/in      200/200   403/403  403/403  403/403  200/200
courses:session-propose                                in/in      200/200   403/403  403/403  403/403  200/200
courses:session-edit                                   in/in      200/200   403/403  403/403  403/403  200/200
courses:session-delete                                 in/in      200/200   403/403  403/403  403/403  200/200
# a district nominates, looks at what stands against whom, withdraws; Sở Nội vụ approves and sends
courses:enrolment-list                                 in/in      200/405   200/405  -        200/405  200/405
courses:class-enrol                                    in/in      200/400   200/400  200/400  403/403  403/403
courses:class-names                                    in/in      302/302   302/302  302/302  403/403  403/403
courses:class-nominate                                 in/in      302/302   302/302  302/302  403/403  403/403
courses:class-waiting                                  in/in      200/403   200/400  200/400  200/403  200/403
courses:class-approve                                  in/in      200/400   403/403  403/403  403/403  403/403
courses:enrolments-decide                              in/in      200/200   403/403  403/403  403/403  403/403
courses:enrolment-reserve                              in/in      405/302   403/403  403/403  403/403  403/403
courses:class-decide                                   in/in      200/200   403/403  403/403  403/403  403/403
courses:decision-correct                               in/in      200/200   403/403  403/403  403/403  403/403
courses:enrolment-withdraw                             in/in      200/200   200/200  404/404  403/403  403/403
# lists as workbooks: nominations by a district, attendance and results by the institution
courses:class-lists                                    in/in      200/400   200/400  200/400  403/403  200/400
courses:class-list-import                              in/in      200/200   200/200  404/404  403/403  403/403
# who sits in a class: Sở Nội vụ and the institution that teaches it mark, grade, issue and take back
courses:class-attendance                               in/in      200/302   403/403  403/403  403/403  200/302
courses:class-results                                  in/in      200/302   403/403  403/403  403/403  200/302
courses:result-withdraw                                in/in      200/200   403/403  403/403  403/403  200/200
# certificates: an officer sees those of the own people, an institution those of its classes
courses:class-certificates                             in/in      200/200   200/403  200/403  200/403  200/200
# what was printed is corrected by the province alone
courses:certificate-correct                            in/in      200/200   403/403  403/403  403/403  403/403
courses:certificate-list                               in/in      200/405   200/405  -        200/405  200/405
courses:certificate-file                               in/in      200/405   200/405  -        200/405  200/405
courses:official-training                              in/in      200/405   200/405  404/405  200/405  403/403
# what follows from studies: a district reads about its own people, Sở Nội vụ records (an empty POST says nothing)
courses:yearly-hours                                   in/in      200/400   200/405  -        200/405  403/403
courses:year-measure-record                            in/in      200/200   403/403  -        403/403  403/403
courses:commitment-list                                in/in      200/405   200/405  -        200/405  403/403
courses:commitment-record                              in/in      200/200   403/403  -        403/403  403/403
courses:commitment-detail                              in/in      200/405   200/405  404/405  200/405  403/403
courses:commitment-add                                 in/in      200/200   403/403  403/403  403/403  403/403
courses:commitment-edit                                in/in      200/200   403/403  403/403  403/403  403/403
courses:repayment-document                             in/in      200/405   200/405  404/405  200/405  403/403
courses:repayment-record                               in/in      405/302   403/403  403/403  403/403  403/403
courses:repayment-paid                                 in/in      405/302   403/403  403/403  403/403  403/403
courses:measure-list                                   in/in      200/400   200/405  -        200/405  403/403
courses:measure-record                                 in/in      200/200   403/403  -        403/403  403/403
# the quality of training: who holds a code opens a sheet; Sở Nội vụ asks and inspects, institutions read of theirs
courses:feedback-answer                                200/200    200/200  200/200  -        200/200  200/200
courses:feedback-report                                in/in      200/405  403/403  -        200/405  200/405
courses:class-feedback                                 in/in      200/405  403/403  403/403  200/405  200/405
courses:feedback-codes-add                             in/in      200/200  403/403  403/403  403/403  403/403
courses:feedback-print                                 in/in      200/405  403/403  403/403  403/403  403/403
courses:inspection-list                                in/in      200/405  403/403  -        200/405  200/405
courses:inspection-add                                 in/in      200/200  403/403  -        403/403  403/403
courses:class-inspection-add                           in/in      200/200  403/403  403/403  403/403  403/403
courses:inspection-edit                                in/in      200/200  403/403  403/403  403/403  403/403
# papers out: of a class only people in scope (400: none of them is in it); Sở Nội vụ replaces the templates
courses:class-documents                                in/in      200/405   200/405  200/405  200/405  200/405
courses:class-document                                 in/in      200/405   200/405  400/405  200/405  200/405
courses:plan-document                                  in/in      200/405   200/405  -        200/405  403/403
courses:submission-document                            in/in      200/405   200/405  404/405  200/405  403/403
courses:official-training-document                     in/in      200/405   200/405  404/405  200/405  403/403
courses:certificate-register                           in/in      200/405   200/405  -        200/405  200/405
courses:document-templates                             in/in      200/405   403/403  -        403/403  403/403
courses:document-template-file                         in/in      200/405   403/403  -        403/403  403/403
courses:document-template-replace                      in/in      200/400   403/403  -        403/403  403/403
courses:document-template-reset                        in/in      200/302   403/403  -        403/403  403/403
# the engine knows the dimensions by their codes: nobody changes them here
admin:cadres_dimension_changelist                      in/in      200/200   200/200  -        200/200  403/403
admin:cadres_dimension_add                             in/in      403/403   403/403  -        403/403  403/403
admin:cadres_dimension_change                          in/in      200/403   200/403  -        200/403  403/403
admin:cadres_dimension_history                         in/in      200/200   200/200  -        200/200  403/403
admin:cadres_dimension_delete                          in/in      403/403   403/403  -        403/403  403/403
quan-tri/cadres/dimension/<path:object_id>/            in/in      302/302   302/302  -        302/302  302/302

# accounts: an administrator keeps them, an auditor looks at them, and nobody deletes one
cadres:account-list                                    in/in      200/405   403/403  -        403/403  403/403
cadres:account-add                                     in/in      200/200   403/403  -        403/403  403/403
cadres:account-detail                                  in/in      200/405   403/403  -        403/403  403/403
cadres:account-history                                 in/in      200/405   403/403  -        403/403  403/403
cadres:account-edit                                    in/in      200/200   403/403  -        403/403  403/403
cadres:grant-add                                       in/in      200/200   403/403  -        403/403  403/403
cadres:grant-end                                       in/in      200/200   403/403  -        403/403  403/403
cadres:account-suspend                                 in/in      200/200   403/403  -        403/403  403/403
cadres:account-resume                                  in/in      200/302   403/403  -        403/403  403/403
cadres:account-hand-over                               in/in      200/200   403/403  -        403/403  403/403
cadres:account-sign-out                                in/in      405/302   403/403  -        403/403  403/403
cadres:account-second-factor                           in/in      404/404   403/403  -        403/403  403/403
cadres:account-word                                    in/in      200/200   403/403  -        403/403  403/403

# the installation
cadres:posts-move                                      in/in      200/200   200/200  -        403/403  403/403
cadres:posts-end                                       in/in      200/200   200/200  -        403/403  403/403
cadres:posts-give                                      in/in      200/200   200/200  -        403/403  403/403
cadres:review-aside-many                               in/in      200/200   200/200  -        403/403  403/403
cadres:post-mapping                                    in/in      200/200   200/200  -        403/403  403/403
cadres:reorganisation-list                             in/in      200/200   403/403  -        403/403  403/403
cadres:reorganisation                                  in/in      200/302   403/403  -        403/403  403/403
cadres:former-units                                    in/in      200/200   403/403  -        403/403  403/403
cadres:reorganisation-take-back                        in/in      404/404   403/403  -        403/403  403/403
cadres:getting-started                                 in/in      200/405   403/403  -        403/403  403/403
cadres:zone-list                                       in/in      200/405   200/405  -        200/405  403/403
cadres:zone-period                                     in/in      200/200   200/403  -        200/403  403/403
cadres:cluster-list                                    in/in      200/405   403/403  -        403/403  403/403
cadres:cluster-add                                     in/in      200/200   403/403  -        403/403  403/403
cadres:cluster-districts-add                           in/in      200/200   403/403  -        403/403  403/403
cadres:cluster-list-add                                in/in      200/200   403/403  -        403/403  403/403
cadres:cluster-move                                    in/in      200/200   403/403  -        403/403  403/403
cadres:cluster-end                                     in/in      404/404   403/403  -        403/403  403/403
cadres:default-day                                     in/in      200/200   403/403  -        403/403  403/403
cadres:default-day-history                             in/in      200/405   403/403  -        403/403  403/403

# the log: what everybody changed, took out and looked at is Sở Nội vụ's to read
cadres:act-list                                        in/in      200/405   403/403  -        403/403  403/403
cadres:act-detail                                      in/in      200/405   403/403  -        403/403  403/403
cadres:act-take-back                                   in/in      200/200   403/403  -        403/403  403/403
cadres:change-restore                                  in/in      200/200   403/403  -        403/403  403/403
cadres:visit-list                                      in/in      200/405   403/403  -        403/403  403/403
cadres:sign-in-list                                    in/in      200/405   403/403  -        403/403  403/403
cadres:account-unlock                                  in/in      405/302   403/403  -        403/403  403/403

# the site
health                                                 200/405    200/405   200/405  -        200/405  200/405
find                                                   in/in      200/405   200/405  -        200/405  200/405
help                                                   in/in      200/405   200/405  -        200/405  200/405
leaflet                                                in/in      200/405   200/405  -        200/405  200/405
admin:index                                            in/in      200/200   200/200  -        200/200  200/200
admin:app_list                                         in/in      302/302   302/302  -        302/302  302/302
admin:login                                            200/200    302/200   302/200  -        302/200  302/200
admin:logout                                           302/302    405/in    405/in   -        405/in   405/in
admin:password_change                                  in/in      302/302   302/302  -        302/302  302/302
admin:password_change_done                             in/in      200/405   200/405  -        200/405  200/405
# whoever has no password to give yet, or has given one, is led back to the sign-in
cadres:sign-in-code                                    in/in      in/in     in/in    -        in/in    in/in

# views of lists that were kept
cadres:view-add                                        in/in      400/400   400/400  -        400/400  400/400
cadres:view-edit                                       in/in      404/404   200/200  -        404/404  404/404
cadres:view-delete                                     in/in      404/404   200/302  -        404/404  404/404

# a file that is waited for
cadres:file-progress                                   in/in      200/405   200/405  -        200/405  200/405

# the own account
cadres:own-account                                     in/in      200/405   200/405  -        200/405  200/405
cadres:own-reminders                                   in/in      200/200   200/200  -        200/200  200/200
cadres:own-password                                    in/in      200/200   200/200  -        200/200  200/200
cadres:second-factor-set-up                            in/in      200/400   200/400  -        200/400  200/400
cadres:second-factor-take-off                          in/in      302/302   302/302  -        302/302  302/302
cadres:recovery-codes-renew                            in/in      302/302   302/302  -        302/302  302/302
cadres:sessions-end                                    in/in      405/302   405/302  -        405/302  405/302
admin:jsi18n                                           in/in      200/405   200/405  -        200/405  200/405
admin:autocomplete                                     in/in      403/405   403/405  -        403/405  403/405
admin:view_on_site                                     in/in      404/404   404/404  404/404  404/404  404/404
quan-tri/(?P<url>.*)$                                  in/in      404/404   404/404  -        404/404  404/404
"""


@dataclass
class World:
    """Rows of Bắc Hà (`own`) and of Mường Khương (`foreign`), and one row of everything that has no district."""

    accounts: dict[str, User] = field(default_factory=dict)
    own: dict[str, Any] = field(default_factory=dict)
    foreign: dict[str, Any] = field(default_factory=dict)
    left: dict[str, Any] = field(default_factory=dict)  # a person and a commune that went to Mường Khương
    came: dict[str, Any] = field(default_factory=dict)  # and those that went from there to Bắc Hà
    signed_in: dict[str, SimpleCookie[str]] = field(default_factory=dict)
    contents: dict[str, tuple[int, str]] = field(default_factory=dict)

    def client(self, role: str) -> Client:
        """A browser in which the account of the role is signed in."""
        client = Client()
        client.cookies.update(self.signed_in[role])
        return client

    def add_moved(self, rows: dict[str, Any], *, of: str, to: str, name: str, number: str) -> None:
        """A person who went from a commune of the one district to one of the other, and a commune that went too; with
        a roster of it of a later day."""
        communes = UnitVersion.objects.as_of(DAY).communes().order_by("code")
        home, moving = communes.filter(parent=unit_of(of)).exclude(unit=rows.get("unit"))[:2]
        away = communes.filter(parent=unit_of(to)).exclude(unit=rows.get("unit")).first()
        official = Official.objects.create(full_name=name, sex="M", birth_date=date(1980, 3, 4), birth_precision="day")
        rows["official"] = official
        rows["identifier"] = OfficialIdentifier.objects.create(official=official, kind="CMND", number=number)
        deputy, chairman = (Position.objects.get(code=code) for code in ("PCT_UBND", "CT_UBND"))
        registry.appoint(official, deputy, home.unit, start_date=date(2012, 1, 1), by=None)
        rows["appointment"] = registry.transfer(official, chairman, away.unit, start_date=MOVED, by=None)
        level = Level.objects.get(dimension__code="professional", code="TC")
        rows["qualification"] = registry.record_qualification(official, level, as_of=date(2014, 1, 1), by=None)
        rows["planned"] = registry.plan_for(
            official,
            Position.objects.get(code="BT_DU"),
            away.unit,
            start_date=date(2014, 1, 1),
            end_date=None,
            term="2015-2020",
            decision=f"QH {number}",
            by=None,
        )
        rows["setaside"] = SetAside.objects.create(
            official=official,
            check_code="term_ended",
            reason="Chờ",
            start_date=date(2012, 1, 1),
            end_date=date(2099, 12, 31),
        )
        rows["trainingclass"] = self.own["trainingclass"]
        rows["enrolment"] = Enrolment.objects.create(
            training_class=rows["trainingclass"], official=official, queued_at=datetime(2015, 7, 1, 8, tzinfo=UTC)
        )
        add_commitment(rows)
        end, moving.end_date = moving.end_date, MOVED - timedelta(days=1)
        moving.save()
        UnitVersion.objects.create(
            unit=moving.unit,
            code=moving.code,
            name=moving.name,
            kind=moving.kind,
            parent=unit_of(to),
            start_date=MOVED,
            end_date=end,
        )
        roster = roster_of(moving.code, f"{name} Em")
        staged = read_file(f"{number}.xlsx", roster, as_of=DAY, unit_code=moving.code, by=None)
        rows["importbatch"] = stage(staged, by=None)

    def add_district(
        self, rows: dict[str, Any], *, district: str, commune: str, name: str, number: str, in_roster: str = ""
    ) -> None:
        unit = unit_of(commune)
        official = Official.objects.create(full_name=name, sex="M", birth_date=date(1980, 3, 4), birth_precision="day")
        identifier = OfficialIdentifier.objects.create(official=official, kind="CMND", number=number)
        chairman = Position.objects.get(code="CT_UBND")
        registry.appoint(official, Position.objects.get(code="PCT_UBND"), unit, start_date=date(2012, 1, 1), by=None)
        appointment = registry.transfer(official, chairman, unit, start_date=date(2012, 7, 1), by=None)
        level = Level.objects.get(dimension__code="professional", code="TC")
        roster = roster_of(commune, f"{name} Em", in_roster)
        staged = read_file(f"{number}.xlsx", roster, as_of=DAY, unit_code=district, by=None)
        rows |= {
            "official": official,
            "identifier": identifier,
            "appointment": appointment,
            "qualification": registry.record_qualification(official, level, as_of=DAY, by=None, number=f"VB{number}"),
            "waiver": registry.waive(
                official,
                Dimension.objects.get(code="it"),
                start_date=date(2015, 1, 1),
                end_date=None,
                reason=f"Miễn {number}",
                decision="QĐ 1",
                by=None,
            ),
            "importbatch": stage(staged, by=None),
            "unit": unit,
            "unitversion": UnitVersion.objects.as_of(DAY).get(unit=unit),
            "unitzone": UnitZone.objects.create(unit=unit, zone=3, start_date=date(2012, 1, 1), decision=number),
            "unitclass": UnitClass.objects.create(unit=unit, size_class=2, start_date=date(2012, 1, 1)),
            "unitrelaxation": UnitRelaxation.objects.create(unit=unit, start_date=date(2014, 1, 1), decision=number),
            "setaside": SetAside.objects.create(
                official=official,
                check_code="term_ended",
                reason=f"Chờ {number}",
                start_date=date(2012, 1, 1),
                end_date=date(2099, 12, 31),
            ),
            "rosterday": RosterDay.objects.create(unit=unit, day=DAY),
            "planned": registry.plan_for(
                official,
                Position.objects.get(code="BT_DU"),
                unit,
                start_date=date(2014, 1, 1),
                end_date=None,
                term="2015-2020",
                decision=f"QH {number}",
                by=None,
            ),
        }


def roster_of(commune: str, name: str, number: str = "") -> bytes:
    """A flat roster of one person."""
    workbook = Workbook()
    workbook.active.append(["STT", "Mã xã", "Họ và tên", "Ngày sinh", "Số CMND", "Chức danh"])
    workbook.active.append([1, commune, name, "05/08/1979", number, "Bí thư Đảng ủy"])
    stream = BytesIO()
    workbook.save(stream)
    return stream.getvalue()


MOVED = date(2015, 6, 1)
FOREIGN_NAME, FOREIGN_NUMBER = SECRETS = "Sùng Seo Lạ", "063111222"
OWN_NUMBER, IN_A_ROSTER = "071555888", "071555999"  # of the own person, and of somebody in a roster: nowhere else


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> Iterator[World]:
    with django_db_blocker.unblock(), rolled_back():
        world = make_world()
        world.signed_in = {role: client_of(user).cookies for role, user in world.accounts.items()}
        world.contents = every_table()
        yield world


@pytest.fixture
def tables(db, world) -> Tables:
    return Tables(world.contents)


@pytest.fixture(autouse=True)
def refused_in_a_word(monkeypatch):
    """A third of what is asked here is refused."""
    refusals.show_once(monkeypatch, 403)


def test_every_test_begins_with_the_tables_of_the_world(world):
    assert every_table() == world.contents


def test_what_is_written_is_noticed(world, tables):
    before = tables.now()
    Room.objects.create(name="Phòng mới", place=unit_of("10"))
    assert tables.now() != before
    Room.objects.filter(name="Phòng mới").delete()
    assert {table: count for table, (count, _) in tables.now().items()} == {
        table: count for table, (count, _) in before.items()
    }


def make_world() -> World:
    world = World()
    it_is(DAY)
    world.accounts = {
        "province": make_user("so-noi-vu", roles.PROVINCE_STAFF),
        "officer": make_user("bac-ha", roles.UNIT_OFFICER, "085"),
        "leader": make_user("lanh-dao", roles.LEADER),
        "administrator": make_user("quan-tri", roles.ADMINISTRATOR),
        "registry": make_user("ho-so", roles.REGISTRY_STAFF),
        "training": make_user("dao-tao", roles.TRAINING_STAFF),
        "approver": make_user("phe-duyet", roles.APPROVER),
        "auditor": make_user("kiem-tra", roles.AUDITOR),
        "institution": make_user("truong-chinh-tri", roles.TRAINING_INSTITUTION),
    }
    own = {"name": "Vàng Seo Quen", "number": "063333444", "in_roster": IN_A_ROSTER}
    world.add_district(world.own, district="085", commune="02851", **own)
    world.add_district(world.foreign, district="083", commune="02779", name=FOREIGN_NAME, number=FOREIGN_NUMBER)
    professional = Dimension.objects.get(code="professional")
    accepted = AcceptedField(position=Position.objects.get(code="TC_KT"), dimension=professional)
    accepted.field_of_study, accepted.field_key = "Kế toán", "ketoan"
    accepted.save()
    school = Institution.objects.get(code="TCT")
    InstitutionAccount.objects.create(user=world.accounts["institution"], institution=school)
    world.own |= {
        "view": SavedView.objects.create(account=world.accounts["officer"], page="cadres:official-list", name="Nữ"),
        "act": Act.objects.first(),
        "change": Change.objects.get(table_name="cadres_official", operation="I", person=world.own["official"].pk),
        "acceptedfield": accepted,
        "position": Position.objects.get(code="TP_HT"),
        "dimension": professional,
        "unitsuccession": UnitSuccession.objects.first(),
        "user": make_user("ke-nhiem", roles.UNIT_OFFICER, "085"),
        "suspended": User.objects.create_user("da-nghi", full_name="Đã nghỉ", is_active=False),
        "subjectarea": SubjectArea.objects.first(),
        "programme": Programme.objects.first(),
        "trainingclass": TrainingClass.objects.create(
            code="LOP-1",
            programme=Programme.objects.first(),
            place=unit_of("085"),
            start_date=date(2015, 3, 2),
            end_date=date(2015, 3, 6),
            seats=30,
            institution=school,
        ),
        "institution": school,
        "trainer": Trainer.objects.create(full_name="Đỗ Thị Hạnh", kind=Trainer.Kind.FULL_TIME, institution=school),
        "room": Room.objects.create(name="Hội trường A", place=unit_of("10")),
        "costnorm": CostNorm.objects.create(kind=Programme.Kind.WORKSHOP, per_trainee_day=150_000),
        "supportnorm": SupportNorm.objects.create(content="Tiền ăn", amount=1, measure="day", decision="QĐ 1"),
        "unitdistance": UnitDistance.objects.create(unit=unit_of("02851"), place=unit_of("085"), km=20),
        "trainernorm": TrainerNorm.objects.create(trainer_kind="expert", per_hour=1, decision="QĐ 1"),
        "trainingregulation": TrainingRegulation.objects.first(),
        "needrule": NeedRule.objects.create(
            code="NC", basis="programme", document="QĐ 1", programme=Programme.objects.first()
        ),
        "feedbackquestion": FeedbackQuestion.objects.first(),
        "inspection": Inspection.objects.create(institution=school, on=DAY, by_whom="Đoàn 1", finding="Thiếu máy"),
    }
    people = (world.own["official"], world.foreign["official"])
    add_class(world.own, world.own["trainingclass"], *people, by=world.accounts["officer"])
    foreign_class = TrainingClass.objects.create(
        code="LOP-2",
        programme=Programme.objects.first(),
        place=unit_of("083"),
        start_date=date(2015, 3, 2),
        end_date=date(2015, 3, 6),
        seats=30,
    )
    world.foreign["inspection"] = Inspection.objects.create(
        training_class=foreign_class, on=DAY, by_whom="Đoàn 2", finding="Vắng nhiều"
    )
    add_class(world.foreign, foreign_class, *people[1:])
    for rows in (world.own, world.foreign):
        add_commitment(rows)
    add_graduates(world.own, school, *people)
    add_graduates(world.foreign, school, *people[1:])
    add_campaign_and_plan(world)
    world.add_moved(world.left, of="085", to="083", name="Lù A Rời", number="063555666")
    world.add_moved(world.came, of="083", to="085", name="Lù A Đến", number="063777888")
    for rows, unit in ((world.own, None), (world.foreign, unit_of("083"))):
        full = Criterion.objects.get(code="FULL")
        rows["publication"] = publish(day=DAY, criterion=full, unit=unit, decision="QĐ 1", on=DAY, by=None)
    world.own["proposal"] = PublicationProposal.objects.create(
        asked="?ngay=2015-12-31", title="Toàn tỉnh", decision="QĐ 1", proposed_by=world.accounts["province"]
    )
    RateTarget.objects.create(year=2015, criterion=Criterion.objects.get(code="FULL"), percent=55, decision="QĐ 1")
    laws = (RateTarget, Level, Standard, Requirement, Criterion, EthnicGroup, RetirementAge, StaffQuota, ZonePeriod)
    for model in (*laws, ColumnTitle, ValueSpelling):
        world.own[model._meta.model_name] = model.objects.first()
    world.own["criterion"] = Criterion.objects.exclude(code="FULL").first()  # the one that pages count by stays
    world.own["standardchange"] = StandardChange.objects.create(
        kind=StandardChange.Kind.AMENDMENT,
        standard=world.own["standard"],
        day=DAY,
        reason="Sửa đổi",
        effect={"foretold": {"days": []}, "published": [], "criterion": "FULL"},
        made_by=world.accounts["province"],
    )
    world.own["identifier"].number = OWN_NUMBER
    registry.correct_identifier(world.own["identifier"], reason="Ghi nhầm", by=None)
    return world


def add_class(rows: dict[str, Any], training_class: TrainingClass, *people: Official, by: User | None = None) -> None:
    """A class with people who were nominated, a session, and a list that the account sent."""
    for official in people:
        enrolment = Enrolment.objects.create(
            training_class=training_class, official=official, queued_at=datetime(2015, 1, 5, 8, tzinfo=UTC)
        )
        rows.setdefault("enrolment", enrolment)
    rows["classlistimport"] = ClassListImport.objects.create(
        training_class=training_class, subject="nominations", file_name="ds.xlsx", created_by=by
    )
    rows["trainingclass"] = training_class
    rows["decision"] = SendingDecision.objects.create(
        training_class=training_class, number=f"{training_class.pk}/QĐ-SNV", signed_on=date(2015, 2, 25)
    )
    ClassFunding.objects.create(
        training_class=training_class, source="local", committed=9, spent=9, settled_on=DAY, document="CT 1"
    )
    rows["classsession"] = ClassSession.objects.create(
        training_class=training_class,
        starts_at=datetime(2015, 3, 2, 1, tzinfo=UTC),
        ends_at=datetime(2015, 3, 2, 4, tzinfo=UTC),
    )


def add_commitment(rows: dict[str, Any]) -> None:
    """A commitment of the person after đào tạo, that was broken and is to be repaid; and a measure."""
    studies = TrainingClass.objects.create(
        code=f"DT-{rows['official'].pk}",
        programme=Programme.objects.filter(kind=Programme.Kind.DEGREE).first(),
        place=unit_of("10"),
        start_date=date(2013, 1, 7),
        end_date=date(2014, 12, 26),
        seats=30,
    )
    enrolment = Enrolment.objects.create(
        training_class=studies,
        official=rows["official"],
        state=Enrolment.State.COMPLETED,
        queued_at=datetime(2012, 12, 3, 8, tzinfo=UTC),
    )
    rows["commitment"] = Commitment.objects.create(enrolment=enrolment, signed_on=date(2013, 1, 7), months=48, cost=9)
    Certificate.objects.create(
        enrolment=enrolment,
        institution=Institution.objects.get(code="TCT"),
        number=f"CC {rows['identifier'].number}",
        book_entry=rows["identifier"].number,
        issued_on=DAY,
        signer="Hiệu trưởng",
    )
    record_repayment(rows["commitment"], case="quit", on=date(2014, 6, 2), decision="QĐ 2", decided_on=DAY, by=None)
    TrainingMeasure.objects.create(
        enrolment=enrolment, kind=TrainingMeasure.Kind.REWARD, on=DAY, decision="QĐ 3", reason="Giỏi"
    )


def add_graduates(rows: dict[str, Any], school: Institution, *people: Official) -> None:
    """A class that has ended, of which papers can be printed, with a certificate for each."""
    rows["graduates"] = TrainingClass.objects.create(
        code=f"XONG-{len(people)}",
        programme=Programme.objects.first(),
        place=unit_of("10"),
        institution=school,
        start_date=date(2015, 5, 4),
        end_date=date(2015, 5, 8),
        seats=30,
        state=TrainingClass.State.ENDED,
    )
    for official in people:
        enrolment = Enrolment.objects.create(
            training_class=rows["graduates"],
            official=official,
            state=Enrolment.State.COMPLETED,
            queued_at=datetime(2015, 4, 6, 8, tzinfo=UTC),
        )
        number = f"{rows['graduates'].code}-{official.pk}"
        rows["certificate"] = Certificate.objects.create(
            enrolment=enrolment,
            institution=school,
            number=number,
            book_entry=number,
            issued_on=date(2015, 5, 29),
            signer="Hiệu trưởng",
        )


def add_campaign_and_plan(world: World) -> None:
    """A campaign in which both districts have registered their person; a plan in the making with a line."""
    programme = Programme.objects.filter(code="TC-LLCT").first() or Programme.objects.first()
    campaign = NeedCampaign.objects.create(
        year=2016, title="Đợt 2016", opens_on=date(2015, 12, 1), closes_on=date(2016, 1, 31)
    )
    for rows, district in ((world.own, "085"), (world.foreign, "083")):
        submission = DistrictSubmission.objects.create(
            campaign=campaign, district=unit_of(district), deadline=campaign.closes_on
        )
        RegisteredNeed.objects.create(
            submission=submission, official=rows["official"], programme=programme, reason=f"Vì {rows['identifier']}"
        )
        rows |= {"campaign": campaign, "submission": submission}
    plan = TrainingPlan.objects.create(year=2016, title="Kế hoạch 2016")
    world.own |= {
        "plan": plan,
        "line": PlanLine.objects.create(plan=plan, programme=programme, seats=30, place=unit_of("10")),
        "amendment": PlanAmendment.objects.create(plan=plan, number=1, reason="Thêm lớp"),
    }
    for rows in (world.own, world.foreign):
        ProposedPerson.objects.create(line=world.own["line"], official=rows["official"], proposed_on=DAY)
    decided = {"state": "approved", "decision_number": "1", "decision_date": DAY}
    approved = TrainingPlan.objects.create(year=2017, title="Kế hoạch 2017", **decided)
    amended = PlanAmendment.objects.create(plan=approved, number=1, reason="Thêm lớp", **decided)
    world.own["approved"] = {"plan": approved, "amendment": amended}


# Addresses


def site_addresses() -> Iterator[tuple[str, str]]:
    """Name (or route, where there is no name) and route of every address of the site."""

    def walk(resolver: Any, namespace: str, route: str) -> Iterator[tuple[str, str]]:
        for pattern in resolver.url_patterns:
            here = route + str(pattern.pattern)
            if isinstance(pattern, URLPattern):
                yield (f"{namespace}{pattern.name}" if pattern.name else here), here
            else:
                yield from walk(pattern, namespace + (f"{pattern.namespace}:" if pattern.namespace else ""), here)

    return walk(get_resolver(), "", "")


ROUTES = dict(site_addresses())
# Column → the account that fills in forms there.
WORKING = {"province": "province", "own": "officer", "institution": "institution"}
FOR_NOBODY_YET = {"admin:login"}  # whoever signs in has no account yet
FAMILIES = {
    "catalogue": CATALOGUES,
    "law": LAW,
    "unit_table": UNIT_TABLES,
    "registry": REGISTRY,
    "training": TRAINING,
    "training_table": TRAINING_TABLES,
}


def policy() -> dict[str, dict[str, str]]:
    """Address → column → cell, with each family spelt out."""
    table: dict[str, dict[str, str]] = {}
    for line in POLICY.strip().splitlines():
        if not line or line.startswith("#"):
            continue
        address, *cells = line.split()
        family = re.search(r"\{(\w+)\}", address)
        for model in FAMILIES[family[1]] if family else ("",):
            name = address.replace(family[0], model) if family else address
            assert name not in table, f"{name} is twice in the table"
            table[name] = dict(zip(COLUMNS, cells, strict=True))
    return table


TABLE = policy()


def path_of(address: str, rows: dict[str, Any]) -> str:
    """The path of an address about these rows."""
    route = ROUTES[address]
    if "<int:row_pk>" in route and "importbatch" in rows:
        route = route.replace("<int:row_pk>", str(rows["importbatch"].rows.first().pk))
    if address.endswith("-decision-correct") and "approved" in rows:
        rows = rows | rows["approved"]
    of_a_person = ("official", "appointment", "qualification", "identifier", "planned")
    for key in (*of_a_person, "campaign", "submission", "plan", "line", "amendment", "decision", "certificate", "view"):
        if key in rows:
            route = route.replace(f"<int:{key}_pk>", str(rows[key].pk))
    if match := re.match(r"quan-tri/\w+/(\w+)/", route):
        row = rows.get(match[1])
        route = re.sub(r"<(path:)?(object_id|id)>", str(row.pk) if row else "", route)
    if "classsession" in rows:
        route = route.replace("<int:session_pk>", str(rows["classsession"].pk))
    if "classlistimport" in rows:
        route = route.replace("<int:import_pk>", str(rows["classlistimport"].pk))
    if "enrolment" in rows:
        route = route.replace("<int:enrolment_pk>", str(rows["enrolment"].pk))
    subject = "importbatch" if address.startswith("cadres:import") else "official"
    if address.startswith("cadres:act-"):
        subject = "act"
    if address == "cadres:review-aside-end":
        subject = "setaside"
    route = (
        route.replace("<slug:code>", "number_missing")
        .replace("<slug:slug>", "don-vi")
        .replace("<slug:key>", "khong-co")
    )
    if address == "cadres:change-restore":
        subject = "change"
    if address.startswith("cadres:standard-"):
        subject = "standardchange" if address == "cadres:standard-change" else "standard"
    if route.startswith("tai-khoan/"):
        subject = "suspended" if address == "cadres:account-resume" else "user"
        if "<int:grant_pk>" in route:
            route = route.replace("<int:grant_pk>", str(rows["user"].grants.first().pk) if "user" in rows else "")
    if route.startswith("cong-bo/"):
        subject = "proposal" if address == "reports:proposal-refuse" else "publication"
    if route.startswith("dao-tao/cam-ket/"):
        subject = "commitment"
    if route.startswith("dao-tao/lop/"):
        of_graduates = ("courses:class-document", "courses:certificate-correct")
        subject = "graduates" if address in of_graduates else "trainingclass"
    if address == "courses:inspection-edit":
        subject = "inspection"
    route = route.replace("<str:asked_of>", "learner")
    if address == "cadres:zone-period":
        subject = "zoneperiod"
    if address == "reports:commune":
        subject = "unit"
    route = route.replace("<int:pk>", str(rows[subject].pk) if subject in rows else "")
    if "<path:content_type_id>" in route:
        route = route.replace("<path:content_type_id>", str(ContentType.objects.get_for_model(Official).pk))
    route = route.replace("<path:object_id>", str(rows["official"].pk))
    route = route.replace("<str:day>", "2020-01-01").replace("<slug:era>", "2026")
    route = route.replace("<str:code>.<str:file_type>", "so-luong-chat-luong-chuc-danh.xlsx")
    route = route.replace("<str:file_type>", "xlsx").replace("<str:kind>", "bang-ket-qua")
    route = route.replace("^(?P<app_label>cadres|courses)/$", "cadres/").replace("(?P<url>.*)$", "khong-co/")
    assert "<" not in route, f"{address}: say here what to put into {route}"
    return f"/{route}"


def answer(client: Client, method: str, path: str, data: dict[str, Any] | None = None) -> tuple[str, str]:
    """The status as the table writes it, and what is shown; of a workbook, what is in it."""
    return told(getattr(client, method)(path, data or {}), method, path)


def told(response: Any, method: str, path: str) -> tuple[str, str]:
    """The same of an answer that is there."""
    status, shown = read(response, path)
    if response.headers.get("Content-Type", "").startswith("text/html"):
        assert strange_words(shown) == [], f"{method} {path} shows what is no Vietnamese"
    return status, shown


def read(response: Any, path: str) -> tuple[str, str]:
    """The same, in whichever language it speaks."""
    if response.headers.get("Content-Disposition", "").startswith("attachment"):
        assert pace.kind_of(response.wsgi_request) == Visit.Kind.EXPORT, f"{path} hands out files that nobody counts"
    if response.status_code == 302 and response["Location"].startswith(reverse("admin:login")):
        return "in", ""
    shown = b"".join(response.streaming_content) if response.streaming else response.content
    if shown.startswith(b"PK"):
        with ZipFile(BytesIO(shown)) as workbook:
            shown = b"".join(workbook.read(part) for part in workbook.namelist())
            return str(response.status_code), unescape(shown.decode(errors="replace"))  # XML may write ù as &#249;
    return str(response.status_code), shown.decode(errors="replace")


# Where identity numbers stand whole for who keeps the registry; what others are shown there: test_identity_numbers.
WITH_NUMBERS = {
    *("cadres:official-detail", "cadres:official-history", "cadres:official-data-export", "cadres:identifier-edit"),
    *("cadres:official-export", "cadres:roster-export"),
    *("cadres:import-batch", "cadres:import-reading", "cadres:import-row"),
    *("cadres:import-file-kept", "cadres:import-file-marked"),
    *("admin:cadres_official_change", "admin:cadres_official_history"),
}


def shows_a_number(client: Client, path: str, shown: str) -> bool:
    """Whether a whole number stands on the page, or in the file of its list."""
    if "tep=xlsx" in shown:
        shown += answer(client, "get", f"{path}?tep=xlsx")[1]
    return OWN_NUMBER in shown or IN_A_ROSTER in shown


def assert_nothing_foreign(shown: str, path: str) -> None:
    for secret in SECRETS:
        assert secret not in shown, f"{path} shows {secret} to the officer of another district"


def test_every_address_of_the_site_is_in_the_table():
    assert sorted(set(ROUTES) - set(TABLE)) == []


def test_every_line_of_the_table_is_an_address_of_the_site():
    assert sorted(set(TABLE) - set(ROUTES)) == []


@pytest.mark.parametrize("address", [address for address in TABLE if address in ROUTES])
def test_answers_are_those_of_the_table(address, world, tables):
    officer = world.client("officer")
    clients = {
        "anonymous": (Client(), world.own),
        "province": (world.client("province"), world.own),
        "own": (officer, world.own),
        "foreign": (officer, world.foreign),
        "leader": (world.client("leader"), world.own),
        "institution": (world.client("institution"), world.own),
    }
    found = {}
    forms = EachForm(address)
    before = tables.now()
    for column, (client, rows) in clients.items():
        if TABLE[address][column] == "-":
            found[column] = "-"
            continue
        path = path_of(address, rows)
        page = client.get(path)
        seen, shown = told(page, "get", path)
        if not is_refused(TABLE[address][column].partition("/")[2]):  # else it is seen below, after both
            assert tables.now() == before, f"GET {path} wrote something"
        if column in ("own", "foreign"):
            assert_nothing_foreign(shown, path)
        if seen == "200" and column == "province":
            assert shows_a_number(client, path, shown) == (address in WITH_NUMBERS), path
        if seen == "200" and column in WORKING and address not in FOR_NOBODY_YET:
            handed_out = forms_of(world.client(WORKING[column]), path, page)
            forms.send(handed_out)
            if column == "own":
                tell_nothing(address, handed_out, world.foreign, SECRETS)
            assert tables.now() == before
        posted, _ = answer(client, "post", path)
        after = tables.now()
        if is_refused(posted):
            assert after == before, f"POST {path} was refused ({posted}), or looked at, but something was written"
        before = after
        found[column] = f"{seen}/{posted}"

    assert found == TABLE[address]
    forms.judge()


def is_refused(status: str) -> bool:
    return status == "in" or status.startswith("4")


def test_an_institution_finds_no_class_but_its_own(world):
    institution = world.client("institution")
    before = every_table()
    for address, route in ROUTES.items():
        if route.startswith("dao-tao/lop/<int:pk>/"):
            path = path_of(address, world.foreign | {"graduates": world.foreign["trainingclass"]})
            for method in ("get", "post"):
                found, shown = answer(institution, method, path)
                assert found in ("403", "404", "405"), f"{method} {path}: {found}"
                assert_nothing_foreign(shown, path)
    assert every_table() == before


# What an officer may not say about foreign rows from a page of the own: address, whose rows stand in the path (each
# "own" but those named), what is posted beside, and the answer. In the values, "foreign.unit" is the key of that row.
POST_ELSEWHERE = {"unit": "foreign.unit", "position": "own.position", "start_date": "2015-06-01"}
FOREIGN_CHOICES = (
    (
        "cadres:official-transfer",
        (),
        {"unit": "foreign.unit", "position": "own.position", "start_date": "2015-06-01"},
        "200",
    ),
    (
        "cadres:official-appoint",
        (),
        {"unit": "foreign.unit", "position": "own.position", "start_date": "2015-06-01"},
        "200",
    ),
    ("cadres:official-add", (), {"full_name": "Lý A Mới", **POST_ELSEWHERE}, "200"),
    ("cadres:identifier-add", (), {"kind": "CMND", "number": FOREIGN_NUMBER}, "200"),
    ("cadres:appointment-end", ("appointment",), {"end_date": "2015-06-30", "end_reason": "retired"}, "404"),
    ("cadres:post-correct", ("appointment",), {"reason": "x"}, "404"),
    ("cadres:post-correct", (), {**POST_ELSEWHERE, "reason": "x"}, "200"),
    ("cadres:post-error", ("appointment",), {"reason": "x"}, "404"),
    ("cadres:transfer-take-back", ("appointment",), {"reason": "x"}, "404"),
    ("cadres:qualification-revoke", ("qualification",), {"on": "2016-01-01", "reason": "x"}, "404"),
    ("cadres:qualification-error", ("qualification",), {"reason": "x"}, "404"),
    ("cadres:identifier-edit", ("identifier",), {"kind": "CMND", "number": "063000001"}, "404"),
    ("cadres:import-list", (), {"unit": "083"}, "400"),
    (
        "courses:submission-add",
        (),
        {"official": "foreign.official", "programme": "own.programme", "priority": "2", "reason": "x"},
        "200",
    ),
    ("courses:submission-submit", ("submission",), {"is_sure": "on"}, "404"),
    ("courses:submission-remove", ("submission",), {"bo": "1"}, "404"),
    ("admin:cadres_unit_change", (), {"zones-0-unit": "foreign.unit", "zones-0-zone": "1"}, "403"),
    (
        "admin:cadres_official_changelist",
        (),
        {"action": "delete_selected", "_selected_action": "foreign.official", "post": "yes"},
        "200",
    ),
)


@pytest.mark.parametrize("choice", FOREIGN_CHOICES, ids=lambda choice: choice[0])
def test_an_officer_says_nothing_about_foreign_rows(choice, world):
    address, foreign, posted, status = choice
    rows = world.own | {model: world.foreign[model] for model in foreign}
    sides = {"own": world.own, "foreign": world.foreign}

    def value(text: str) -> str:
        side, _, model = text.partition(".")
        return str(sides[side][model].pk) if model in world.own else text

    client = world.client("officer")
    before = every_table()
    data = {name: value(text) for name, text in posted.items()}
    found, shown = answer(client, "post", path_of(address, rows), data)

    assert found == status
    assert every_table() == before
    assert FOREIGN_NAME not in shown


@pytest.mark.parametrize(
    "query",
    ["huyen=083", "xa=02779", "huyen=083&xa=02779", "chuc_danh=CT_UBND", "bo_lai=1"],
)
@pytest.mark.parametrize("address", ["cadres:official-list", "cadres:official-export", "cadres:roster-export"])
def test_an_officer_finds_nobody_of_another_district_by_asking(address, query, world):
    path = f"{path_of(address, world.own)}?{query}"

    _, shown = answer(world.client("officer"), "get", path)

    assert_nothing_foreign(shown, path)


@pytest.mark.parametrize("model", UNIT_TABLES)
def test_tables_handed_to_an_officer_hold_the_own_district(model, world):
    path = path_of(f"admin:cadres_{model}_export", world.own)

    found, shown = answer(world.client("officer"), "post", path, {"format": "csv"})

    assert found == "200"
    assert_nothing_foreign(shown, path)


# Who has left, and who has come: the officer of Bắc Hà on the rows of `World.left` and of `World.came`. What is only
# looked at is seen up to the day of leaving; of a roster that is the day it is of.
OVER_TIME = """
#                                left      came
cadres:official-detail           200/405   200/405
cadres:official-history          200/405   200/405
cadres:official-edit             404/404   200/200
cadres:official-merge            404/404   200/200
cadres:identifier-add            404/404   200/200
cadres:identifier-edit           404/404   200/200
cadres:official-appoint          404/404   200/200
cadres:official-transfer         404/404   200/200
cadres:appointment-end           404/404   200/200
cadres:post-correct              404/404   200/200
cadres:post-error                404/404   200/200
cadres:post-share                404/404   200/200
# a transfer between two districts is taken back by Sở Nội vụ
cadres:transfer-take-back        404/404   302/302
cadres:planned-post-add          404/404   200/200
cadres:planned-post-end          404/404   200/200
cadres:qualification-add         404/404   200/200
cadres:qualification-revoke      404/404   200/200
cadres:qualification-error       404/404   200/200
cadres:review-aside-add          404/404   200/200
cadres:review-aside-end          404/404   200/302
cadres:import-batch              404/404   200/405
cadres:import-read               405/404   405/302
cadres:import-commit             405/404   405/302
cadres:import-discard            404/404   200/302
cadres:import-file-kept          404/405   200/405
cadres:import-file-marked        404/405   200/405
cadres:import-reading            404/404   200/302
cadres:import-place              405/404   405/302
cadres:import-sheets             405/404   405/302
cadres:import-date-order         405/404   405/400
cadres:import-scope              405/404   405/302
cadres:import-effect             404/404   302/302
cadres:import-answer             405/404   405/302
cadres:import-words              405/404   405/302
cadres:import-row                404/404   200/302
cadres:import-rows-decide        404/404   200/200
cadres:import-names              404/404   200/302
cadres:import-missing            404/404   200/200
cadres:import-confirm            404/405   200/405
courses:enrolment-withdraw       404/404   200/200
courses:official-training        200/405   200/405
courses:commitment-detail        200/405   200/405
"""
TIMES = {line.split()[0]: line.split()[1:] for line in OVER_TIME.strip().splitlines() if not line.startswith("#")}


def test_every_address_that_writes_about_a_person_or_a_roster_is_in_the_table_of_time():
    of_districts = {"courses:class-list-import", *(name for name in TABLE if name.startswith("courses:submission"))}
    written = {
        address
        for address, cells in TABLE.items()
        if cells["foreign"].endswith("/404")
        and not cells["own"].endswith(("/403", "/404", "/405"))
        and address not in of_districts
        and not address.endswith("_history")
    }
    assert sorted(written - set(TIMES)) == []


@pytest.mark.parametrize("address", TIMES)
def test_answers_about_who_has_left_and_who_has_come(address, world, tables):
    officer, found = world.client("officer"), []
    for rows in (world.left, world.came):
        path, before = path_of(address, rows), tables.now()
        seen, _ = answer(officer, "get", path)
        assert tables.now() == before, f"GET {path} wrote something"
        posted, _ = answer(officer, "post", path)
        if posted.startswith("4"):
            assert tables.now() == before, f"POST {path} was refused ({posted}) but something was written"
        found.append(f"{seen}/{posted}")
    assert found == TIMES[address]
