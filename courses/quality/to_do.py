"""What is to be done after inspections (cadres/to_do.py)."""

from cadres.to_do import ToDo
from courses.quality.inspections import inspections_visible_to, open_on

INSPECTIONS = ToDo(
    "yêu cầu khắc phục sau kiểm tra chưa xong",
    lambda user, day: open_on(inspections_visible_to(user), day),
    due="remedy_until",
)
