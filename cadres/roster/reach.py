"""How far a roster reaches: what the account at work on it may write, and whom the one that sent it answers for.

A district may send a roster of a day on which somebody was its own who has left since. Such a row is a question for
Sở Nội vụ, whoever works on the file: what it says of that time is proposed, who the person is stays as it is on file.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from cadres.access import units_given, units_in_scope_today, units_writable_on, writable_by
from cadres.bulk import among
from cadres.models import Official, User
from cadres.roster.owners import DECIDE


@dataclass(frozen=True, slots=True)
class Reach:
    """`units` may be written on the roster's day (None: all). `limited` are those of the account at work and the one
    that sent the file who do not answer for everybody.
    """

    units: set[int] | None = None
    limited: tuple[User, ...] = ()

    @classmethod
    def of_accounts(cls, day: date, *, by: User | None, sent_by: User | None = None) -> "Reach":
        """Of the account at work and of the one that sent the file; None is the command line.

        Where the one that sent it has no units any more, who goes on with the file does so alone.
        """
        accounts = {
            account.pk: account for account in (by, sent_by) if account is not None and _is_limited(account, by)
        }
        return cls(units_writable_on(by, day, DECIDE) if by else None, tuple(accounts.values()))

    @property
    def is_province(self) -> bool:
        """Whether the account at work writes everywhere."""
        return self.units is None

    def left(self, people: Iterable[int]) -> set[int]:
        """Of these people (keys) those who are nobody of an account's today. One query an account."""
        keys = set(people)
        found: set[int] = set()
        for account in self.limited:
            if keys:
                own = writable_by(Official.objects.filter(pk__in=among(keys)), account, DECIDE)
                found |= keys - set(own.values_list("pk", flat=True))
        return found

    def units_left(self, units: Iterable[int]) -> set[int]:
        """Of these units those that do not lie in an account's scope today."""
        keys = set(units)
        return (
            {key for account in self.limited for key in keys - units_in_scope_today(account, DECIDE)} if keys else set()
        )


def _is_limited(account: User, by: User | None) -> bool:
    given = units_given(account, DECIDE)
    return given is not None and (account == by or bool(given))
