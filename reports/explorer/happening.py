"""What happened to somebody between the two sides of a table, as far as the registry says: post, text, records."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cadres.models import Dimension, Official, Qualification, Standard
from reports.movements import Settled, by_what


@dataclass(frozen=True)
class Row:
    """One person: the post on each side (None: in no total there), what is lacking on each, and what settled which."""

    official: Official
    before: Any
    after: Any
    lacked: list[Dimension]
    lacking: list[Dimension]
    settled: list[tuple[Settled, Qualification | None]] = field(default_factory=list)
    texts: Mapping[int, Standard] = field(default_factory=dict)  # of the rulebook, by key

    @property
    def happened(self) -> list[str]:
        """In words; empty where the registry holds nothing that tells it."""
        before, after = self.before, self.after
        if before is None or after is None:
            return [_began(after)] if after else [_ended(before)] if before else []
        return [*self._of_post(), *self._of_text(), *self._of_records()]

    def _of_post(self) -> Iterable[str]:
        if self.before.position_id != self.after.position_id:
            yield f"chức danh: {self.before.position} → {self.after.position}"
        if self.before.unit_id != self.after.unit_id:
            yield f"đơn vị: {self.before.commune_name} → {self.after.commune_name}"

    def _of_text(self) -> Iterable[str]:
        """Another text that judges, or another minimum by the same one for the same post, as where a zone changes."""
        was, now = (self.texts.get(post.standard_id) for post in (self.before, self.after))
        if was != now:
            yield f"văn bản: {was or 'chưa có'} → {now or 'không còn'}"
        elif self.before.position_id == self.after.position_id and self.before.asked != self.after.asked:
            yield "mức yêu cầu của chức danh khác trước"

    def _of_records(self) -> Iterable[str]:
        for item, record in self.settled:
            yield f"{item.dimension}: {by_what(item, record)}"


def _began(post: Any) -> str:
    start = post.appointment.known_start
    return f"giữ chức danh từ {start:%d/%m/%Y}" if start else "mới vào tổng số"


def _ended(post: Any) -> str:
    end, reason = post.appointment.end_date, post.appointment.end_reason
    if end is None:
        return "không còn trong tổng số"
    return f"thôi giữ chức danh, ngày cuối {end:%d/%m/%Y}" + (
        f": {post.appointment.get_end_reason_display().lower()}" if reason else ""
    )
