"""What is to be done about texts of standards (cadres/to_do.py)."""

from cadres.standards.changing import changes_to_confirm
from cadres.to_do import ToDo

CHANGES = {"xac_nhan": ToDo("thay đổi văn bản tiêu chuẩn chờ xác nhận", lambda user, day: changes_to_confirm(user))}
