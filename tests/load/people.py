"""The people at work: what they look at and enter, and how long they think in between.

Three of four are officers of districts, the others Sở Nội vụ. A page counts as answered where its status is the one
expected and its mark, a text that only this page has, is on it; everything else is an error.
"""

import csv
import io
import re
from collections import deque
from itertools import count, cycle
from random import Random

from gevent.event import Event
from locust import FastHttpUser, between, task
from locust.env import Environment
from locust.exception import RescheduleTask

LAST_DAY = "31/12/2015"  # of the demonstration's rosters
NAMES = ("giang a", "vang thi", "nguyen van", "ly", "thao", "sung seo", "hoang", "tran thi", "lu", "pao")
CHANGED = "số liệu vừa thay đổi"  # somebody was quicker: the page of the act asks again
NOMINATED = "Đã cử|vào danh sách chờ|Không cử được"  # the last: a colleague was quicker
LIST = "<h1>Cán bộ, công chức cấp xã"  # the mark of the list of people, filtered or not
PATIENCE = 60  # seconds until somebody gives a page up


class Stage(Environment):
    """A number of people who sign in, wait for each other, and begin when the gate opens."""

    def __init__(self, **settings: object) -> None:
        super().__init__(user_classes=[Officer, ProvinceStaff], **settings)
        self.gate = Event()
        self.signed_in = 0
        self.numbers = count()
        self.rosters: dict[str, deque[str]] = {}  # account → communes whose roster nobody is sending just now


class Person(FastHttpUser):
    """Somebody with a browser: signed in, and on a page of a list before the clock starts."""

    abstract = True
    wait_time = between(1, 3)
    network_timeout = connection_timeout = PATIENCE
    default_headers = {"Connection": "close"}  # as from a proxy; a kept one may end while a form is being sent
    accounts: cycle

    def on_start(self) -> None:
        self.random = Random(next(self.environment.numbers))
        self.account = next(self.accounts)
        self.people: list[str] = []  # of the page looked at last
        self.visit("/quan-tri/login/", "sign in", "Mật khẩu")
        form = {"username": self.account, "password": "minh-hoa-2015", "next": "/"}
        self.submit("/quan-tri/login/", "sign in", form)
        listed = self.visit("/can-bo/", "list", LIST)
        self.communes = re.findall(r'<option value="(\d{5})"', listed)
        self.districts = re.findall(r'<option value="(\d{3})"', listed)
        opened = self.visit("/dao-tao/lop/?tinh_trang=open", "classes", "<h1>Lớp học")
        self.classes = re.findall(r'href="/dao-tao/lop/(\d+)/"', opened)
        self.environment.rosters.setdefault(self.account, deque(self.communes))
        self.environment.signed_in += 1
        self.environment.gate.wait()
        self.wait()  # or all would begin in the same moment

    def visit(self, path: str, kind: str, mark: str) -> str:
        """Open a page; its text. Kind names it in the figures. Without its mark (a pattern) the act ends here."""
        with self.client.get(path, name=kind, allow_redirects=False, catch_response=True) as response:
            text = response.text or ""
            if is_answered := response.status_code == 200 and bool(re.search(mark, text)):
                self.people = re.findall(r'href="/can-bo/(\d+)/', text) or self.people
            else:
                response.failure(f"{path}: {response.status_code or response.error}, no “{mark}”")
        if not is_answered:
            raise RescheduleTask
        return text

    def submit(self, path: str, kind: str, form: dict[str, str], files: dict | None = None) -> str:
        """Send a form; the address it leads to. Where it leads nowhere the act ends here."""
        token = next(cookie.value for cookie in self.client.cookiejar if cookie.name == "csrftoken")
        sent = {"data": form | {"csrfmiddlewaretoken": token}, "files": files, "name": f"{kind} (sent)"}
        with self.client.post(path, **sent, allow_redirects=False, catch_response=True) as response:
            is_asked_again = response.status_code == 200 and CHANGED in response.text
            if not (is_taken := response.status_code == 302) and not is_asked_again:
                response.failure(f"{path}: {response.status_code or response.error}")
        if not is_taken:
            raise RescheduleTask
        return response.headers["location"]

    def enrolment_page(self) -> tuple[str, str]:
        """A class that takes nominations: the address of its page, and its text."""
        path = f"/dao-tao/lop/{self.random.choice(self.classes)}/cu-nguoi/"
        return path, self.visit(path, "enrolment page", "<h1>Cử người đi học")

    # What officers and Sở Nội vụ do alike.

    @task(20)
    def home(self) -> None:
        self.visit("/", "home", "<h1>Chuẩn hóa cán bộ, công chức cấp xã")

    @task(24)
    def name_searched(self) -> None:
        self.visit(
            f"/can-bo/?q={self.random.choice(NAMES).replace(' ', '+')}",
            "list, name searched",
            LIST,
        )

    @task(12)
    def not_compliant(self) -> None:
        self.visit("/can-bo/?ket_qua=not_compliant", "list, not compliant", LIST)

    @task(36)
    def person(self) -> None:
        if self.people:
            self.visit(f"/can-bo/{self.random.choice(self.people)}/", "person", ">Quá trình đào tạo</a>")

    @task(6)
    def training_of_a_person(self) -> None:
        if self.people:
            self.visit(
                f"/dao-tao/nguoi/{self.random.choice(self.people)}/", "training of a person", "<h1>Quá trình đào tạo"
            )

    @task(8)
    def needs(self) -> None:
        self.visit("/dao-tao/nhu-cau/", "needs by programme", "<h1>Nhu cầu đào tạo, bồi dưỡng")

    @task(8)
    def need_people(self) -> None:
        self.visit("/dao-tao/nhu-cau/nguoi/", "people, most urgent first", "<h1>Người cần đào tạo, bồi dưỡng")

    @task(10)
    def class_list(self) -> None:
        self.visit("/dao-tao/lop/", "classes", "<h1>Lớp học")

    @task(8)
    def training_class(self) -> None:
        self.visit(f"/dao-tao/lop/{self.random.choice(self.classes)}/", "class", 'aria-label="Các trang của lớp"')

    @task(14)
    def candidates(self) -> None:
        self.enrolment_page()

    @task(4)
    def training_report(self) -> None:
        by = self.random.choice(("kind", "position", "year"))
        self.visit(f"/bao-cao/dao-tao/?theo={by}", "report of training", "<h1>Kết quả đào tạo, bồi dưỡng")

    @task(2)
    def who_moved_the_rate(self) -> None:
        self.visit("/ty-le/thay-doi/", "who moved the rate", "<h1>Ai làm thay đổi tỷ lệ")

    @task(2)
    def yearly_hours(self) -> None:
        self.visit("/dao-tao/40-tiet/", "40 tiết", "<h1>40 tiết trong năm")


class Officer(Person):
    """An officer of a district: nominates its people and sends the rosters of its communes."""

    weight = 3
    accounts = cycle(("bac-ha", "muong-khuong", "sa-pa"))

    @task(12)
    def list_of_a_commune(self) -> None:
        self.visit(f"/can-bo/?xa={self.random.choice(self.communes)}", "list", LIST)

    @task(6)
    def rates(self) -> None:
        self.visit("/ty-le/?theo=commune", "rates", "<h1>Tỷ lệ đạt chuẩn")

    @task(8)
    def nominate(self) -> None:
        path, text = self.enrolment_page()
        if people := re.findall(r'name="chon" value="(\d+)"', text):
            self.wait()
            asked = self.submit(path, "ticked", {"chon": self.random.choice(people), "viec": "cu"})
            page = self.visit(asked, "page of nominating", "Quay lại")
            self.wait()
            # Nobody is left to nominate where another has been quicker.
            for shown in re.findall(r'name="da_xem" value="([^"]*)"', page)[:1]:
                self.visit(self.submit(asked, "nomination", {"da_xem": shown}), "enrolment page", NOMINATED)

    @task(3)
    def send_a_roster(self) -> None:
        """The roster of a commune, in which one person joined the Party on another day, up to its being written."""
        free = self.environment.rosters[self.account]
        if not free:
            return
        commune = free.popleft()
        roster = self.visit(f"/xuat-danh-sach/?dang=csv&don_vi={commune}", "roster out", ",Họ và tên,")
        self.wait()
        self.visit("/nhap-danh-sach/", "imports", "<h1>Nhập danh sách Excel")
        self.wait()
        file = (f"{commune}.csv", self._changed(roster).encode("utf-8-sig"), "text/csv")
        page = self.submit("/nhap-danh-sach/", "roster", {"as_of": LAST_DAY, "unit": commune}, {"file": file})
        self.visit(page, "roster, preview", "Ghi 1 dòng")
        self.wait()
        self.visit(f"{page}xac-nhan/", "roster, confirmation", "Ghi 1 dòng vào hồ sơ")
        self.wait()
        self.submit(f"{page}ghi/", "roster written", {})
        self.visit(page, "roster, result", "Hoàn tác")
        free.append(commune)

    def _changed(self, roster: str) -> str:
        """The roster with one person's day of joining the Party changed, to one on which everybody was of age."""
        head, *rows = csv.reader(io.StringIO(roster.removeprefix("\ufeff")))
        row = self.random.choice(rows)
        row[head.index("Ngày vào Đảng")] = f"{self.random.randint(1, 28):02}/03/{self.random.randint(2011, 2015)}"
        stream = io.StringIO()
        csv.writer(stream).writerows([head, *rows])
        return stream.getvalue()


class ProvinceStaff(Person):
    """Sở Nội vụ: looks at every district, at plans and at what was nominated."""

    weight = 1
    accounts = cycle(("so-noi-vu",))

    @task(12)
    def list_of_a_district(self) -> None:
        self.visit(f"/can-bo/?huyen={self.random.choice(self.districts)}", "list", LIST)

    @task(6)
    def rates(self) -> None:
        self.visit("/ty-le/?theo=district", "rates", "<h1>Tỷ lệ đạt chuẩn")

    @task(6)
    def approval(self) -> None:
        self.visit(f"/dao-tao/lop/{self.random.choice(self.classes)}/duyet/", "approval page", "<h1>Duyệt danh sách")

    @task(3)
    def plans(self) -> None:
        self.visit("/dao-tao/ke-hoach/", "plans", "<h1>Kế hoạch đào tạo, bồi dưỡng")

    @task(3)
    def turns(self) -> None:
        self.visit("/bao-cao/dao-tao/luot/", "list of turns", "<h1>Lượt đào tạo, bồi dưỡng")
