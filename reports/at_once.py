"""Many counts in one statement, for which the ORM has no words."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.models import QuerySet


def united(queries: Iterable[QuerySet[Any, Any]]) -> list[tuple[Any, ...]]:
    """The rows of all, by one UNION ALL; QuerySet.union() cannot, as the queries have WITH parts of the same names."""
    statements, parameters = zip(*(query.query.sql_with_params() for query in queries), strict=True)
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"({statement})" for statement in statements), sum(parameters, ()))
        return cursor.fetchall()


def counted_in_sets(rows: QuerySet[Any, Any], *sets: tuple[str, ...]) -> list[Counter[tuple[Any, ...]]]:
    """For each set of columns: their values → in how many rows. The rows are read once (GROUPING SETS).

    Whoever groups by all the columns together and adds up in Python is given nearly as many groups as there are rows.
    """
    columns = list(dict.fromkeys(column for of_set in sets for column in of_set))
    statement, parameters = rows.order_by().values_list(*columns).query.sql_with_params()
    counts = {_not_of(of_set, columns): (of_set, Counter[tuple[Any, ...]]()) for of_set in sets}
    with connection.cursor() as cursor:
        cursor.execute(
            # Names of columns of ours; every value is a parameter.
            f"SELECT GROUPING ({_list(columns)}), {_list(columns)}, count(*) FROM ({statement}) AS counted"  # noqa: S608
            f" GROUP BY GROUPING SETS ({', '.join(f'({_list(of_set)})' for of_set in sets)})",
            parameters,
        )
        for not_of, *values, number in cursor.fetchall():
            of_set, found = counts[not_of]
            value = dict(zip(columns, values, strict=True))
            found[tuple(value[column] for column in of_set)] = number
    return [found for _, found in counts.values()]


def _not_of(of_set: Iterable[str], columns: list[str]) -> int:
    """What GROUPING tells of a group of these columns: which of all it is not of, a bit each, the last one first."""
    return sum((column not in of_set) << place for place, column in enumerate(reversed(columns)))


def _list(columns: Iterable[str]) -> str:
    return ", ".join(map(connection.ops.quote_name, columns))
