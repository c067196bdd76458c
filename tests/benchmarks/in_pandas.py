"""The same rates as `rates_by("district")`, full rule and all, the way one writes them with pandas.

The columns that the rule needs are read from the tables; everything else happens in memory.
"""

import warnings
from datetime import date

import numpy as np
import pandas as pd
from django.db import connection

from cadres.models import Standard

NO_RANK = -1  # nothing on record


TABLES = {
    "posts": "SELECT official_id, position_id, unit_id, is_primary, start_date, end_date FROM cadres_appointment",
    "records": "SELECT official_id, level_id, field_key, is_error, start_date, end_date FROM cadres_qualification",
    "waivers": "SELECT official_id, dimension_id, start_date, end_date FROM cadres_waiver",
    "positions": 'SELECT id AS position_id, "group", start_date, end_date FROM cadres_position',
    "versions": "SELECT unit_id, parent_id, start_date, end_date FROM cadres_unitversion",
    "zones": "SELECT unit_id, zone, start_date, end_date FROM cadres_unitzone",
    "relaxations": "SELECT unit_id, is_relaxed, start_date, end_date FROM cadres_unitrelaxation",
    "fields": "SELECT position_id, dimension_id, field_key, start_date, end_date FROM cadres_acceptedfield",
    "begun": "SELECT unit_id, day FROM cadres_rosterday",
    "levels": "SELECT id AS level_id, dimension_id, rank FROM cadres_level",
    "requirements": "SELECT standard_id, position_id, dimension_id, minimum_id, minimum_relaxed_id"
    " FROM cadres_requirement",
}


def load() -> dict[str, pd.DataFrame]:
    connection.ensure_connection()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # that pandas prefers SQLAlchemy
        return {name: pd.read_sql_query(query, connection.connection) for name, query in TABLES.items()}


def in_force(frame: pd.DataFrame, day: date) -> pd.DataFrame:
    covering = (frame["start_date"] <= day) & (frame["end_date"].isna() | (frame["end_date"].fillna(date.max) >= day))
    return frame[covering].drop(columns=["start_date", "end_date"])


def rates_by_district(day: date) -> dict[int, dict[str, int]]:
    """Key of the district → verdict → officials, by the full criterion and the standards in force."""
    frames = {name: in_force(frame, day) if "start_date" in frame else frame for name, frame in load().items()}
    standards = {standard.position_group: standard.pk for standard in Standard.objects.as_of(day)}

    posts = frames["posts"][frames["posts"]["is_primary"]]
    posts = posts.merge(frames["positions"], on="position_id").merge(frames["versions"], on="unit_id")
    posts = posts[posts["unit_id"].isin(frames["begun"].loc[frames["begun"]["day"] <= day, "unit_id"])]
    posts = posts.merge(frames["zones"], on="unit_id", how="left").merge(
        frames["relaxations"], on="unit_id", how="left"
    )
    by_zone = posts["zone"].isin((2, 3)).to_numpy()
    decided = posts["is_relaxed"].notna().to_numpy()
    posts["relaxed"] = np.where(decided, posts["is_relaxed"].eq(True).to_numpy(), by_zone)
    posts["standard_id"] = posts["group"].map(standards)

    rank_of = frames["levels"].set_index("level_id")["rank"]
    dimension_of = frames["levels"].set_index("level_id")["dimension_id"]
    requirements = frames["requirements"]
    requirements = requirements[requirements["standard_id"].isin(list(standards.values()))]
    records = frames["records"][~frames["records"]["is_error"]].copy()
    records["dimension_id"] = records["level_id"].map(dimension_of)
    records["rank"] = records["level_id"].map(rank_of)

    worst = np.full(len(posts), NO_RANK)
    for dimension, asked in requirements.groupby("dimension_id"):
        own = records[records["dimension_id"] == dimension]
        needed = posts[["official_id", "position_id", "standard_id", "relaxed"]].merge(
            asked, on=["standard_id", "position_id"], how="left"
        )
        required = np.where(
            needed["relaxed"], needed["minimum_relaxed_id"].map(rank_of), needed["minimum_id"].map(rank_of)
        )
        held = highest(own, posts)
        proves, may_prove = held >= required, held == NO_RANK
        rule = frames["fields"][frames["fields"]["dimension_id"] == dimension]
        if len(rule):
            ruled = posts["position_id"].isin(rule["position_id"]).to_numpy()
            placed = own.merge(posts.loc[ruled, ["official_id", "position_id"]], on="official_id")
            fitting = placed.merge(rule, on=["position_id", "field_key"])
            proves = np.where(ruled, highest(fitting, posts) >= required, proves)
            may_prove |= ruled & (highest(placed[placed["field_key"] == ""], posts) >= required)
        waivers = frames["waivers"]
        waived = posts["official_id"].isin(waivers.loc[waivers["dimension_id"] == dimension, "official_id"]).to_numpy()
        severity = np.select([np.isnan(required), proves | waived, may_prove], [NO_RANK, 0, 1], 2)
        worst = np.maximum(worst, severity)

    posts["verdict"] = np.select(
        [worst == 0, worst == 1, worst == 2], ["compliant", "undetermined", "not_compliant"], ""
    )
    counted = posts[posts["verdict"] != ""].groupby(["parent_id", "verdict"]).size()
    found: dict[int, dict[str, int]] = {}
    for (district, verdict), officials in counted.items():
        found.setdefault(int(district), {})[verdict] = int(officials)
    return found


def highest(records: pd.DataFrame, posts: pd.DataFrame) -> np.ndarray:
    """The highest rank of each post's official among the records."""
    best = records.groupby("official_id")["rank"].max()
    return posts["official_id"].map(best).fillna(NO_RANK).to_numpy()
