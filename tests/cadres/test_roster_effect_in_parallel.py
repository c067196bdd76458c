"""The effect of a file is worked out while somebody writes it: each takes a turn, and none waits for ever."""

from time import sleep

import pytest
from django.db import transaction

from cadres.models import ImportBatch
from cadres.roster.batch import accept_alarms, lock_batch, read_file, stage, take_turns
from cadres.roster.foretelling import foretell_batch, foretold_of
from tests.cadres.test_roster_turnover_alarms import people
from tests.cadres.workbooks import flat
from tests.parallel import in_parallel

pytestmark = pytest.mark.usefixtures("own_database")

A_WHILE = 0.3  # seconds: enough for the other to come to the lock for which it waits


def test_whoever_works_out_the_effect_of_a_file_takes_a_turn_before_the_file(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    batch = stage(read_file("a.xlsx", flat(*people(), title="Tính đến 31/12/2015")), by=None)

    def write() -> None:
        """As far as writing takes its locks."""
        with transaction.atomic():
            take_turns()
            sleep(2 * A_WHILE)
            lock_batch(batch, ImportBatch.State.STAGED)

    def later(work) -> None:
        sleep(A_WHILE)
        with transaction.atomic():
            work()

    for work in (
        lambda: foretell_batch(batch, by=None),
        lambda: accept_alarms(batch, [], by=None) and take_turns(),
    ):
        assert in_parallel(write, lambda work=work: later(work)) == []
    assert foretold_of(batch) is not None
