"""Which page each of the eight roles may open: a table to be read like a policy, beside that of test_access.py.

`x`: the role opens the page, as far as its rows reach; `.`: it is refused, by GET and by POST. Columns: administrator;
registry staff, training staff and approver of Sở Nội vụ; officer; institution; leader; auditor. Pages of the own
account and of signing in are everybody's and not named.
"""

from collections.abc import Iterator

import pytest
from django.urls import URLPattern, get_resolver

from cadres import roles
from tests.test_access import ROUTES, World, answer, path_of, refused_in_a_word, tables, world

pytestmark = pytest.mark.django_db
__all__ = ["refused_in_a_word", "tables", "world"]  # fixtures

POLICY = """
#                                        A R T P O I L K
reports:commune                          . x x x x . x x
reports:rates                            . x x x x . x x
reports:rates-file                       . x x x x . x x
reports:course                           . x x x x . x x
reports:course-file                      . x x x x . x x
reports:forecast                         . x x x x . x x
reports:forecast-file                    . x x x x . x x
reports:forecast-people                  . x x x x . x x
reports:explorer                         . x x x x . x x
reports:explorer-file                    . x x x x . x x
reports:explorer-people                  . x x x x . x x
reports:movements                        . x x x x . x x
reports:year-summary                     . x x x . . x x
reports:publication-list                 . x x x x . x x
reports:publication-add                  . x . x . . . .
reports:proposal-refuse                  . x . x . . . .
reports:publications-compared            . x x x x . x x
reports:publication-detail               . x x x x . x x
reports:publication-file                 . x x x x . x x
reports:published-people                 . x x x x . x x
reports:publication-withdraw             . . . x . . . .
reports:definition                       . x x x x . x x
reports:training                         . x x x x . x x
reports:training-file                    . x x x x . x x
reports:form-list                        . x x x x . x x
reports:form-file                        . x x x x . x x
reports:form-begin                       . x x x x . x x
reports:form-progress                    . x x x x . x x
reports:form-made-file                   . x x x x . x x
reports:training-turns                   . x x x x . x x
reports:training-classes                 . x x x . . x x
cadres:official-list                     . x x x x . x x
cadres:official-export                   . x x x x . x x
cadres:official-add                      . x . . x . . .
cadres:official-detail                   . x x x x . x x
cadres:official-history                  . x x x x . x x
cadres:official-data-export              . x . . . . . .
cadres:official-edit                     . x . . x . . .
cadres:identifier-add                    . x . . x . . .
cadres:identifier-edit                   . x . . x . . .
cadres:official-appoint                  . x . . x . . .
cadres:official-transfer                 . x . . x . . .
cadres:appointment-end                   . x . . x . . .
cadres:post-correct                      . x . . x . . .
cadres:post-share                        . x . . x . . .
cadres:post-error                        . x . . x . . .
cadres:transfer-take-back                . x . . x . . .
cadres:qualification-add                 . x . . x . . .
cadres:qualification-revoke              . x . . x . . .
cadres:qualification-error               . x . . x . . .
cadres:planned-post-add                  . x . . x . . .
cadres:planned-post-end                  . x . . x . . .
cadres:official-waive                    . x . . . . . .
cadres:official-merge                    . x . . x . . .
cadres:import-list                       . x x x x . x x
cadres:import-batch                      . x x x x . x x
cadres:import-read                       . x . . x . . .
cadres:import-commit                     . x . . x . . .
cadres:import-discard                    . x . . x . . .
cadres:import-file-kept                  . x x x x . x x
cadres:import-file-marked                . x x x x . x x
cadres:import-reading                    . x x x x . x x
cadres:import-sheets                     . x . . x . . .
cadres:import-place                      . x . . x . . .
cadres:import-date-order                 . x . . x . . .
cadres:import-scope                      . x . . x . . .
cadres:import-words                      . x . . x . . .
cadres:import-row                        . x . . x . . .
cadres:import-effect                     . x . . x . . .
cadres:import-answer                     . x . . x . . .
cadres:import-names                      . x . . x . . .
cadres:import-rows-decide                . x . . x . . .
cadres:import-missing                    . x . . x . . .
cadres:import-confirm                    . x . . x . . .
cadres:import-undo                       . x . . x . . .
cadres:decision-list                     . x x x x . x x
cadres:decisions-decide                  . x . . x . . .
cadres:review                            . x x x x . x x
cadres:review-summary                    . x . . x . . .
cadres:review-asides                     . x x x x . x x
cadres:review-aside-end                  . x . . x . . .
cadres:review-findings                   . x x x x . x x
cadres:review-aside-add                  . x . . x . . .
cadres:standard-list                     . x x x x . x x
cadres:standard-add                      . x . . . . . .
cadres:requirement-list                  . x x x x . x x
cadres:requirement-check                 . x . . . . . .
cadres:dimension-list                    . x x x x . x x
cadres:dimension-add                     . x . . . . . .
cadres:standard-change                   . x x x x . x x
cadres:standard-detail                   . x x x x . x x
cadres:standard-file                     . x x x x . x x
cadres:standard-amend                    . x . . . . . .
cadres:standard-correct                  . x . . . . . .
cadres:standard-copy                     . x . . . . . .
cadres:standard-local                    . x . . . . . .
cadres:standard-remove                   . x . . . . . .
cadres:standard-end                      . x . . . . . .
cadres:act-list                          . x . . . . . x
cadres:visit-list                        . x . . . . . x
cadres:sign-in-list                      x x . . . . . x
cadres:act-detail                        . x . . . . . x
cadres:act-take-back                     . x x x x . x x
cadres:change-restore                    . x x x x . x x
cadres:account-list                      x . . . . . . x
cadres:account-add                       x . . . . . . .
cadres:account-detail                    x . . . . . . x
cadres:account-history                   x . . . . . . x
cadres:account-edit                      x . . . . . . .
cadres:grant-add                         x . . . . . . .
cadres:grant-end                         x . . . . . . .
cadres:account-suspend                   x . . . . . . .
cadres:account-resume                    x . . . . . . .
cadres:account-hand-over                 x . . . . . . .
cadres:account-sign-out                  x . . . . . . .
cadres:account-second-factor             x . . . . . . .
cadres:account-word                      x . . . . . . .
cadres:posts-move                        . x . . x . . .
cadres:posts-end                         . x . . x . . .
cadres:posts-give                        . x . . x . . .
cadres:review-aside-many                 . x . . x . . .
cadres:post-mapping                      . x . . x . . .
cadres:reorganisation-list               . x . . . . . .
cadres:reorganisation                    . x . . . . . .
cadres:former-units                      . x . . . . . .
cadres:reorganisation-take-back          . x . . . . . .
cadres:getting-started                   x x x . . . . .
cadres:zone-list                         . x x x x . x x
cadres:zone-period                       . x x x x . x x
cadres:cluster-list                      . x . . . . . .
cadres:cluster-add                       . x . . . . . .
cadres:cluster-districts-add             . x . . . . . .
cadres:cluster-list-add                  . x . . . . . .
cadres:cluster-move                      . x . . . . . .
cadres:cluster-end                       . x . . . . . .
cadres:default-day                       x x x . . . . .
cadres:default-day-history               x x x . . . . .
cadres:account-unlock                    x . . . . . . .
cadres:roster-export                     . x x x x . x x
cadres:roster-sample-file                . x . . x . . .
courses:needs                            . x x x x . x x
courses:needs-file                       . x x x x . x x
courses:need-people                      . x x x x . x x
courses:asked                            . x x x x . x x
courses:asked-file                       . x x x x . x x
courses:asked-people                     . x x x x . x x
courses:campaign-list                    . x x x x . x x
courses:submission-list                  . x x x x . x x
courses:campaign-add                     . . x . . . . .
courses:campaign-detail                  . x x x x . x x
courses:submission                       . x x x x . x x
courses:submission-register              . . x . x . . .
courses:submission-register-asked        . . x . x . . .
courses:submission-add                   . . x . x . . .
courses:submission-remove                . . x . x . . .
courses:submission-submit                . . x . x . . .
courses:submission-accept                . . x . . . . .
courses:submission-send-back             . . x . . . . .
courses:submission-deadline              . . x . . . . .
courses:plan-list                        . x x x x . x x
courses:plan-add                         . . x . . . . .
courses:plan-detail                      . x x x x . x x
courses:plan-file                        . x x x x . x x
courses:plan-history                     . x x x x . x x
courses:plan-result                      . x x x . . x x
courses:plan-edit                        . . x . . . . .
courses:plan-delete                      . . x . . . . .
courses:plan-proposal                    . . x . . . . .
courses:plan-approve                     . . . x . . . .
courses:plan-line-add                    . . x . . . . .
courses:plan-line-people                 . x x x x . x x
courses:plan-line-edit                   . . x . . . . .
courses:plan-line-delete                 . . x . . . . .
courses:plan-decision-correct            . . x . . . . .
courses:amendment-decision-correct       . . x . . . . .
courses:plan-amend                       . . x . . . . .
courses:amendment-approve                . . . x . . . .
courses:amendment-drop                   . . x . . . . .
courses:class-list                       . x x x x x x x
courses:class-add                        . . x . . . . .
courses:class-detail                     . x x x x x x x
courses:class-history                    . x x x x x x x
courses:class-edit                       . . x . . . . .
courses:class-quotas                     . x x x x x x x
courses:class-open                       . . x . . . . .
courses:class-start                      . . x . . . . .
courses:class-end                        . . x . . . . .
courses:class-reopen                     . . x . . . . .
courses:class-cancel                     . . x . . . . .
courses:class-sessions                   . x x x x x x x
courses:session-add                      . . x . . x . .
courses:session-propose                  . . x . . x . .
courses:session-edit                     . . x . . x . .
courses:session-delete                   . . x . . x . .
courses:class-funding                    . x x x . . x x
courses:class-support                    . x x x . . x x
courses:settlement-correct               . . x . . . . .
courses:enrolment-list                   . x x x x x x x
courses:class-enrol                      . x x x x x x x
courses:class-names                      . . x . x . . .
courses:class-nominate                   . . x . x . . .
courses:class-waiting                    . x x x x x x x
courses:class-approve                    . . x . . . . .
courses:enrolments-decide                . . x . . . . .
courses:class-decide                     . . . x . . . .
courses:decision-correct                 . . x . . . . .
courses:enrolment-reserve                . . x . . . . .
courses:enrolment-withdraw               . . x . x . . .
courses:class-attendance                 . . x . . x . .
courses:class-results                    . . x . . x . .
courses:class-certificates               . x x x x x x x
courses:result-withdraw                  . . x . . x . .
courses:certificate-correct              . . x . . . . .
courses:certificate-list                 . x x x x x x x
courses:certificate-file                 . x x x x x x x
courses:yearly-hours                     . x x x x . x x
courses:year-measure-record              . . x . . . . .
courses:commitment-list                  . x x x x . x x
courses:commitment-record                . . x . . . . .
courses:commitment-add                   . . x . . . . .
courses:commitment-detail                . x x x x . x x
courses:commitment-edit                  . . x . . . . .
courses:repayment-document               . x x x x . x x
courses:repayment-record                 . . x . . . . .
courses:repayment-paid                   . . x . . . . .
courses:measure-list                     . x x x x . x x
courses:measure-record                   . . x . . . . .
courses:class-documents                  . x x x x x x x
courses:class-document                   . x x x x x x x
courses:plan-document                    . x x x x . x x
courses:submission-document              . x x x x . x x
courses:official-training-document       . x x x x . x x
courses:certificate-register             . x x x x x x x
courses:document-templates               . . x x . . . x
courses:document-template-file           . . x x . . . x
courses:document-template-replace        . . x . . . . .
courses:document-template-reset          . . x . . . . .
courses:class-lists                      . x x x x x x x
courses:class-list-import                . x x x x x x x
courses:official-training                . x x x x . x x
courses:planned-list                     . x x x x . x x
courses:submission-planned               . . x . x . . .
courses:feedback-report                  . x x x . x x x
courses:class-feedback                   . x x x . x x x
courses:feedback-codes-add               . . x . . . . .
courses:feedback-print                   . . x . . . . .
courses:inspection-list                  . x x x . x x x
courses:inspection-add                   . . x . . . . .
courses:class-inspection-add             . . x . . . . .
courses:inspection-edit                  . . x . . . . .
"""
TABLE = {line.split()[0]: line.split()[1:] for line in POLICY.strip().splitlines()[1:]}


def views() -> Iterator[tuple[str, str]]:
    """Name of an address and the permission that its view asks for (cadres.web.permissions)."""

    def walk(resolver, namespace: str) -> Iterator[tuple[str, str]]:
        for pattern in resolver.url_patterns:
            if not isinstance(pattern, URLPattern):
                yield from walk(pattern, namespace + (f"{pattern.namespace}:" if pattern.namespace else ""))
            elif hasattr(pattern.callback, "permission"):
                yield f"{namespace}{pattern.name}", pattern.callback.permission

    return walk(get_resolver(), "")


def test_each_role_opens_the_pages_of_the_table():
    found = {
        name: ["x" if permission in roles.permissions_of(frozenset((role,))) else "." for role in roles.LABELS]
        for name, permission in views()
    }
    assert found == TABLE


@pytest.mark.parametrize("role", ["administrator", "registry", "training", "approver", "auditor"])
def test_a_page_that_is_not_the_role_s_is_refused_and_nothing_is_written(role, world: World, tables):
    column = ["administrator", "registry", "training", "approver", "officer", "institution", "leader", "auditor"].index(
        role
    )
    client, before = world.client(role), tables.now()
    refused = [name for name, cells in TABLE.items() if cells[column] == "."]
    found = {
        (name, method): answer(client, method, path_of(name, world.own))[0]
        for name in refused
        if name in ROUTES
        for method in ("get", "post")
    }
    assert {key: status for key, status in found.items() if status not in ("403", "405")} == {}
    assert tables.now() == before


# A long file is written beside (reports/forms/long_files.py), into no table.
WRITES_A_FILE = {"reports:form-begin": "302"}


def test_an_auditor_writes_nothing(world: World, tables):
    """Whatever is posted to a page that the auditor reads is refused, narrows a list or asks for a file."""
    client, before = world.client("auditor"), tables.now()
    for name, cells in TABLE.items():
        if cells[-1] == "x":
            status, _ = answer(client, "post", path_of(name, world.own))
            assert status.startswith("4") or status == WRITES_A_FILE.get(name, "200"), f"{name}: {status}"
    assert tables.now() == before


def test_a_role_reaches_no_more_than_its_line_says():
    writes = {
        role: {permission for permission in roles.permissions_of(frozenset((role,))) if ".view_" not in permission}
        for role in roles.LABELS
    }
    assert writes[roles.LEADER] == set()
    assert writes[roles.AUDITOR] <= {"cadres.reveal_officialidentifier"}
    assert not any("official" in permission for permission in roles.permissions_of(frozenset((roles.ADMINISTRATOR,))))
    approving = {"courses.approve_trainingplan", "courses.decide_enrolment", "cadres.add_publication"}
    assert {role for role in roles.LABELS if writes[role] & approving} == {roles.APPROVER}
