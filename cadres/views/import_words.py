"""What the fields and codes of a roster are called on the pages of imports."""

from dataclasses import dataclass
from typing import Any

from cadres.identity import shown_in
from cadres.models import EthnicGroup, ImportRow, Level, Sex
from cadres.roster.columns import COLUMNS, DATES, TEXTS, Kind
from cadres.roster.statements import from_iso

OUTCOME_TAGS = {"created": "good", "updated": "warn", "unchanged": "", "review": "warn", "rejected": "bad"}
STATE_TAGS = {"staged": "warn", "waiting": "warn", "committed": "good", "failed": "bad"}
SEVERITY_TAGS = {"error": ("bad", "Lỗi"), "warning": ("warn", "Cảnh báo"), "info": ("", "Ghi chú")}
FIELD_LABELS = {column.field: column.label for column in COLUMNS if column.kind is not Kind.ROW and column.label}


@dataclass
class Words:
    """What codes are called on the page."""

    fields: dict[str, str]
    levels: dict[tuple[str, str], str]
    groups: dict[str, str]

    @classmethod
    def load(cls) -> "Words":
        levels = list(Level.objects.values_list("dimension__code", "dimension__name", "code", "name"))
        return cls(
            fields=FIELD_LABELS | {dimension: name for dimension, name, _, _ in levels},
            levels={(dimension, code): name for dimension, _, code, name in levels},
            groups=dict(EthnicGroup.objects.values_list("code", "name")),
        )

    def understood(self, values: dict[str, Any], read: dict[str, str]) -> list[dict[str, str]]:
        """What a row was understood as beyond name, post and commune, beside the words it was read from."""
        levels = values.get("levels", {})
        told = [
            ("sex", Sex(values["sex"]).label if "sex" in values else ""),
            ("ethnic_group", self.groups.get(values.get("ethnic_group", ""), "")),
            ("national_id", values.get("identifier", "")),
            *((dimension, name) for (dimension, code), name in self.levels.items() if levels.get(dimension) == code),
            ("field_of_study", values.get("field_of_study", "")),
            ("study_mode", values.get("study_mode", "")),
            ("party_joined_on", str(from_iso(joined)) if (joined := values.get("party_joined")) else ""),
            ("appointed_on", str(from_iso(appointed)) if (appointed := values.get("appointed")) else ""),
            *((column.field, values.get(column.field, "")) for column in TEXTS if column.is_previewed),
            *(
                (column.field, str(from_iso(day)) if (day := values.get(column.field)) else "")
                for column in DATES
                if column.is_previewed
            ),
        ]
        return [
            {"label": self.fields[field], "name": text, "read": "" if read.get(field) == text else read.get(field, "")}
            for field, text in told
            if text
        ]


def shown_row(row: ImportRow, words: Words) -> dict[str, Any]:
    """A row as a page shows it: a known person's changes, or what was understood of a new one."""
    understood = row.understood
    is_known = row.outcome in (ImportRow.Outcome.UPDATED, ImportRow.Outcome.UNCHANGED)
    day = row.batch.as_of
    return as_shown(
        {
            "row": row,
            "name": understood.get("full_name") or "(không có họ tên)",
            "birth": str(from_iso(birth)) if (birth := understood.get("birth")) else row.read.get("birth_date", ""),
            "position": row.read.get("position", ""),
            "unit": row.unit.name_on(day) if row.unit and day else row.read.get("commune", ""),
            "tag": OUTCOME_TAGS[row.outcome],
            "changes": [
                {**change, "label": words.fields.get(change["field"], change["field"])} for change in row.changes
            ],
            "understood": [] if is_known else words.understood(understood, row.read),
            "issues": [
                {**issue, "tag": SEVERITY_TAGS[issue["severity"]][0], "label": SEVERITY_TAGS[issue["severity"]][1]}
                for issue in row.issues
            ],
            "may_be_decided": row.outcome == ImportRow.Outcome.REVIEW
            or bool(row.decision)
            or bool(row.candidates and not is_known),
        }
    )


def as_shown(told: Any) -> Any:
    """What is told of a row, with the identity numbers in it as the account may see them."""
    if isinstance(told, str):
        return shown_in(told)
    if isinstance(told, list):
        return [as_shown(one) for one in told]
    return {name: as_shown(one) for name, one in told.items()} if isinstance(told, dict) else told
