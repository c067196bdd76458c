import json
from typing import Any

from django.core.management.base import CommandParser

from cadres.evaluation import Rulebook
from cadres.management.command import Command as ProjectCommand
from cadres.models import Publication
from cadres.rate import figures_of
from reports.publications.changes import Recomputed, recomputed
from reports.publications.reading import rate_in


class Command(ProjectCommand):
    help = "Các số liệu đã công bố, mỗi số liệu kèm số tính lại hôm nay."
    writes = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="in một đối tượng JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        rulebook = Rulebook.load()
        publications = list(Publication.objects.select_related("criterion", "withdrawal"))
        now = recomputed(publications, rulebook=rulebook)
        rows = [_told(publication, now.get(publication.pk)) for publication in publications]
        if options["json"]:
            self.stdout.write(json.dumps({"publications": rows}, ensure_ascii=False))
            return
        for publication, row in zip(publications, rows, strict=True):
            self.stdout.write(_line(publication, row))
        if not rows:
            self.stdout.write("Chưa có số liệu nào được công bố.")


def _told(publication: Publication, now: Recomputed | None) -> dict[str, Any]:
    return {
        "publication": publication.pk,
        "as_of": publication.day.isoformat(),
        "unit": {"code": publication.scope_code, "name": publication.scope_name} if publication.unit_id else None,
        "criterion": publication.definition["criterion"]["code"],
        "standards": [standard["code"] for standard in publication.definition["standards"]],
        "decision": publication.decision,
        "decided_on": publication.decided_on and publication.decided_on.isoformat(),
        "published_at": publication.published_at.isoformat(),
        "withdrawn": publication.withdrawal.reason if publication.is_withdrawn else None,
        **figures_of(rate_in(publication)),
        "now": figures_of(now.rate) if now else None,
        "changed_by": now.changed_by if now else None,
    }


def _line(publication: Publication, row: dict[str, Any]) -> str:
    line = f"{row['publication']:>4}  {publication}, {row['criterion']}: {row['compliant']}/{row['total']}"
    line += f" ({str(row['rate']).replace('.', ',')} %), {row['decision']}"
    if row["withdrawn"]:
        line += f"; đã thu hồi: {row['withdrawn']}"
    if row["now"] is None:
        return f"{line}; không tính lại được"
    if row["changed_by"]:
        now = row["now"]
        percent = str(now["rate"]).replace(".", ",")
        line += f"; tính lại {now['compliant']}/{now['total']} ({percent} %), {row['changed_by']} người khác kết quả"
    return line
