"""A database of any release becomes one of the present source, with the figures that it had."""

import json
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from cadres.models import Position, Standard, UnitSuccession
from lao_cai_training import instance
from tests.keep_release import RELEASES


@pytest.mark.parametrize("kept", sorted(RELEASES.glob("*.tar")), ids=lambda kept: kept.stem)
def test_a_kept_backup_of_a_release_is_brought_up_to_date_and_keeps_its_rates(
    own_database: None, kept: Path, tmp_path: Path, settings: Any
) -> None:
    settings.DATA_DIR, settings.MEDIA_ROOT = tmp_path, tmp_path / "uploads"
    call_command("restore", str(kept), "--yes")  # and brings it up to date
    assert instance.foreign_migrations() == []
    assert not instance.is_behind()
    assert not UnitSuccession.objects.filter(confidence__contains="confirmed").exists()
    out = StringIO()
    call_command("rates", "--as-of", "2015-12-31", "--by", "district", "--json", stdout=out)
    rates = json.loads(out.getvalue())
    # As tests/province.py counts them by hand.
    assert [rates[key] for key in ("total", "compliant", "not_compliant", "undetermined")] == [8, 4, 2, 2]
    districts = {group["name"]: group["rate"] for group in rates["groups"]}
    assert districts == {"Huyện Bắc Hà": "33.3", "Huyện Mường Khương": "100.0"}
    # What the release said of the days of the texts since, to the last before those of 2025, which setup brings.
    assert {day: counted_on(day) for day in SAID_BY_THE_RELEASE} == SAID_BY_THE_RELEASE
    texts = Standard.objects.as_of(date(2025, 7, 1)).values_list("code", flat=True)
    assert set(texts) == {"R2025_CB", "R2025_CC"}
    assert Position.objects.as_of(date(2025, 7, 1)).filter(code__in=("BT_DU", "CVP", "KCT")).count() == 3
    assert not Position.objects.as_of(date(2025, 7, 1)).filter(code__in=("VP_TK", "CT_HND", "TCA")).exists()


# Day → compliant, not compliant, undetermined, in transition: the same people, who stayed in post.
SAID_BY_THE_RELEASE = {
    "2019-12-25": (3, 4, 1, 3),
    "2023-07-31": (3, 4, 1, 3),
    "2023-08-01": (2, 4, 0, 4),
    "2025-06-30": (2, 4, 0, 4),
}


def counted_on(day: str) -> tuple[int, ...]:
    out = StringIO()
    call_command("rates", "--as-of", day, "--json", stdout=out)
    rates = json.loads(out.getvalue())
    return tuple(rates[name] for name in ("compliant", "not_compliant", "undetermined", "in_transition"))
