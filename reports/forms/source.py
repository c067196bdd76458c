"""From what a form about a day was counted: the figure that was published of it, where nothing that touches its day has
changed since, else the registry as it is now."""

from datetime import date

from cadres.evaluation import Rulebook
from cadres.models import Publication, Unit
from reports.publications.changes import touched


def counted_again(made_on: date) -> str:
    return f"(Tính lại từ hồ sơ ngày {made_on:%d/%m/%Y})"


def source_of(day: date, unit: Unit | None, *, made_on: date) -> str:
    """The line that says so, for the posts of a unit, or of the whole province, on the day.

    Three queries where a figure of the same day and scope was published, else one.
    """
    published = Publication.objects.in_effect().filter(day=day, unit=unit).order_by("-published_at").first()
    if published is None:
        return counted_again(made_on)
    decision = published.decision + (f" ngày {published.decided_on:%d/%m/%Y}" if published.decided_on else "")
    if touched([published], rulebook=Rulebook.load()):
        changed = f"chức danh, trình độ trong hồ sơ đã thay đổi từ khi công bố số liệu theo {decision}"
        return f"{counted_again(made_on)[:-1]}; {changed})"
    return f"(Theo số liệu công bố theo {decision}; chức danh, trình độ trong hồ sơ không đổi từ đó)"
