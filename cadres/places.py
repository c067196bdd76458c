"""The communes of an account as drop-down lists offer them: districts, and communes below the names of districts."""

from typing import Any


def districts_offered(communes: list[Any]) -> dict[str, str]:
    """Code → name of the districts above the communes (access.communes_in_scope), in their order."""
    return {row["above_code"]: row["above_name"] for row in communes}


def communes_offered(communes: list[Any], *, key: str = "code", district: str | None = None) -> list[Any]:
    """The communes as choices (`key`, name) below the names of their districts; of one district where it is given."""
    return [
        (name, [(row[key], row["name"]) for row in communes if row["above_code"] == code])
        for code, name in districts_offered(communes).items()
        if district in (None, "", code)
    ]
