"""Who teaches and where: invented trainers with their subjects, rooms, heads of institutions, cost norms."""

from datetime import date
from random import Random

from cadres.demonstration.names import draw_name
from cadres.models import UnitVersion
from cadres.text import fold
from courses.demonstration.people import LAST_DAY
from courses.models import (
    CostNorm,
    Institution,
    Programme,
    Room,
    SubjectArea,
    SupportNorm,
    Trainer,
    TrainerNorm,
    TrainingClass,
    UnitDistance,
)

DIRECTOR = "Nguyễn Hữu Thể"  # invented, as everybody here
NORMS = {Programme.Kind.DEGREE: 60_000, Programme.Kind.CERTIFICATE: 110_000, Programme.Kind.WORKSHOP: 150_000}
DISTANCES = 2015  # the seed of the invented distances, apart from all else that is drawn
INVENTED = "Số liệu minh họa"
# What learners are given on a short course, and trainers beside a post for a tiết: invented, and marked as such.
SUPPORT = (
    {"content": "Tiền ăn", "amount": 50_000, "measure": "day", "programme_kind": "certificate"},
    {"content": "Đi lại", "amount": 200_000, "measure": "turn", "programme_kind": "certificate", "zone": "3"},
    {"content": "Hỗ trợ thêm với nữ", "amount": 20_000, "measure": "day", "programme_kind": "certificate", "sex": "F"},
    {
        "content": "Tiền xe",
        "amount": 1_000,
        "measure": "km",
        "km_from": 15,
        "programme_kind": "certificate",
    },
    {
        "content": "Hỗ trợ thêm với người dân tộc thiểu số",
        "amount": 20_000,
        "measure": "day",
        "programme_kind": "certificate",
        "ethnicity": "minority",
    },
)
A_TIET = {
    Trainer.Kind.EXPERT: 100_000,
    Trainer.Kind.PROVINCE_LEADER: 150_000,
    Trainer.Kind.DEPARTMENT_LEADER: 120_000,
    Trainer.Kind.DISTRICT_LEADER: 100_000,
}

# Full-time staff by institution: their subjects.
FULL_TIME = {
    "TCT": ("LLCT", "LLCT", "LLCT", "LLCT", "QLNN", "QLNN", "QLNN", "KNLD", "XDD", "DT"),
    "CDCD": ("TCKT", "DCXD", "VHXH", "TH"),
    "THKTKT": ("CM", "CM", "TNMT"),
    "TTTHNN": ("TH", "TH", "TH"),
    "TTGDTX": ("HV", "TDT", "TDT"),
    "TQS": ("QPAN", "QPAN"),
}
# Beside another post: kind, post, subjects.
BESIDE_A_POST: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (Trainer.Kind.PROVINCE_LEADER, "Phó Chủ tịch UBND tỉnh", ("QLNN", "KNLD")),
    (Trainer.Kind.PROVINCE_LEADER, "Trưởng Ban Tổ chức Tỉnh ủy", ("XDD", "KNLD")),
    (Trainer.Kind.PROVINCE_LEADER, "Trưởng Ban Tuyên giáo Tỉnh ủy", ("TG", "LLCT")),
    (Trainer.Kind.DEPARTMENT_LEADER, "Phó Giám đốc Sở Nội vụ", ("QLNN", "KNLD")),
    (Trainer.Kind.DEPARTMENT_LEADER, "Phó Giám đốc Sở Tư pháp", ("TP", "QLNN")),
    (Trainer.Kind.DEPARTMENT_LEADER, "Trưởng phòng Ngân sách xã, Sở Tài chính", ("TCKT",)),
    (Trainer.Kind.DEPARTMENT_LEADER, "Chi cục trưởng Quản lý đất đai", ("DCXD", "TNMT")),
    (Trainer.Kind.DEPARTMENT_LEADER, "Phó Giám đốc Sở Văn hóa, Thể thao và Du lịch", ("VHXH",)),
    (Trainer.Kind.DEPARTMENT_LEADER, "Phó Chủ nhiệm Ủy ban Kiểm tra Tỉnh ủy", ("KTGS", "XDD")),
    (Trainer.Kind.DEPARTMENT_LEADER, "Phó Chỉ huy trưởng Bộ CHQS tỉnh", ("QPAN",)),
    (Trainer.Kind.DEPARTMENT_LEADER, "Phó Chánh Văn phòng Tỉnh ủy", ("VPDU", "QLNN")),
    (Trainer.Kind.DISTRICT_LEADER, "Phó Chủ tịch UBND huyện Bắc Hà", ("QLNN", "KNLD")),
    (Trainer.Kind.DISTRICT_LEADER, "Trưởng Ban Tổ chức Huyện ủy Mường Khương", ("XDD", "LLCT")),
    (Trainer.Kind.DISTRICT_LEADER, "Trưởng phòng Nội vụ huyện Sa Pa", ("QLNN",)),
    (Trainer.Kind.EXPERT, "Nghệ nhân tiếng Mông, huyện Si Ma Cai", ("TDT",)),
    (Trainer.Kind.EXPERT, "Chủ tịch Hội Luật gia tỉnh", ("TP",)),
    (Trainer.Kind.EXPERT, "Nguyên Hiệu trưởng Trường Chính trị tỉnh", ("LLCT", "DT")),
)
ROOMS_OF_SCHOOL = (("Hội trường A", 120), ("Phòng 201", 60), ("Phòng 202", 60), ("Phòng 301", 50), ("Phòng máy 1", 40))
ROOM_OF_DISTRICT = ("Hội trường Trung tâm Bồi dưỡng chính trị", 100)


class Staff:
    def __init__(self, random: Random, day: date = LAST_DAY) -> None:
        self.random = random
        self.units = UnitVersion.objects.as_of(day)
        province = UnitVersion.objects.province_on(day)
        assert province is not None
        self.province = province
        self.trainers: dict[str, list[Trainer]] = {}  # by code of the subject

    def write(self) -> None:
        """Write trainers, rooms, norms, and who signs for an institution that has no head yet."""
        institutions = {institution.code: institution for institution in Institution.objects.order_by("code")}
        for institution in institutions.values():
            if not institution.head:
                institution.head = draw_name(self.random, "01", is_woman=self.random.random() < 0.3)
        Institution.objects.bulk_update(institutions.values(), ["head"])
        areas = {area.code: area for area in SubjectArea.objects.all()}
        drawn: list[tuple[Trainer, tuple[str, ...]]] = []
        for code, subjects in FULL_TIME.items():
            for subject in subjects:
                trainer = self._trainer(Trainer.Kind.FULL_TIME, "Giảng viên")
                trainer.institution = institutions.get(code)
                drawn.append((trainer, (subject,)))
        has_districts = self.units.filter(kind=UnitVersion.Kind.DISTRICT).exists()
        drawn += [
            (self._trainer(kind, post), several)
            for kind, post, several in BESIDE_A_POST
            if has_districts or "uyện" not in post
        ]
        Trainer.objects.bulk_create([trainer for trainer, _ in drawn])
        through = Trainer.subjects.through
        links = []
        for trainer, several in drawn:
            for subject in several:
                if subject in areas:
                    links.append(through(trainer_id=trainer.pk, subjectarea_id=areas[subject].pk))
                    self.trainers.setdefault(subject, []).append(trainer)
        through.objects.bulk_create(links)
        self._write_rooms()
        for norm_kind, amount in NORMS.items():
            if not CostNorm.objects.filter(kind=norm_kind, programme=None).exists():
                CostNorm.objects.create(
                    kind=norm_kind, per_trainee_day=amount, decision=INVENTED, start_date=date(2010, 1, 1)
                )
        if not SupportNorm.objects.exists():
            for granted in SUPPORT:
                SupportNorm.objects.create(
                    **granted, decision=INVENTED, confidence=INVENTED, start_date=date(2010, 1, 1)
                )
            self._write_distances()
        if not TrainerNorm.objects.exists():
            for trainer_kind, per_hour in A_TIET.items():
                TrainerNorm.objects.create(
                    trainer_kind=trainer_kind,
                    per_hour=per_hour,
                    decision=INVENTED,
                    confidence=INVENTED,
                    start_date=date(2010, 1, 1),
                )

    def _trainer(self, kind: str, post: str) -> Trainer:
        group = self.random.choices(("01", "02", "08", "09"), (70, 14, 10, 6))[0]
        name = draw_name(self.random, group, is_woman=self.random.random() < 0.35)
        phone = f"0912{self.random.randrange(10**6):06d}"
        return Trainer(full_name=name, folded_name=fold(name), kind=kind, post=post, phone=phone)

    def _write_rooms(self) -> None:
        districts = self.units.filter(kind=UnitVersion.Kind.DISTRICT).order_by("code")
        name, seats = ROOM_OF_DISTRICT
        Room.objects.bulk_create(
            [
                *(Room(name=name, seats=seats, place_id=self.province.unit_id) for name, seats in ROOMS_OF_SCHOOL),
                *(Room(name=name, seats=seats, place_id=district.unit_id) for district in districts),
            ]
        )

    def _write_distances(self) -> None:
        """Invented distances from each commune to its district, where there is one, and to the seat of the province."""
        drawn = Random(DISTANCES)
        rows = []
        communes = self.units.communes().order_by("code")
        for commune in communes.select_related("parent"):
            near = drawn.randint(2, 40)
            places = [(self.province.unit_id, near + drawn.randint(20, 90))]
            if commune.parent_id and commune.parent_id != self.province.unit_id:
                places.append((commune.parent_id, near))
            rows += [
                UnitDistance(unit_id=commune.unit_id, place_id=place, km=km, decision=INVENTED, confidence=INVENTED)
                for place, km in places
            ]
        UnitDistance.objects.bulk_create(rows)

    def drawn_for(self, training_class: TrainingClass) -> list[Trainer]:
        """One or two trainers of the subject of a class."""
        known = self.trainers.get(training_class.programme.subject_area.code, [])
        return self.random.sample(known, min(len(known), self.random.randint(1, 2)))
