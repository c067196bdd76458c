"""Invented names of people, after the customs of the ethnic groups of Lào Cai.

Family names and middle words are those one meets in the communes; which go together is drawn, so that nobody real is
meant.
"""

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True)
class Naming:
    families: tuple[str, ...]
    middles_men: tuple[str, ...]
    middles_women: tuple[str, ...]
    given_men: tuple[str, ...]
    given_women: tuple[str, ...]


def words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def phrases(text: str) -> tuple[str, ...]:
    return tuple(phrase.strip() for phrase in text.split(","))


VIETNAMESE_MEN = words(
    "An Anh Bình Bảo Chiến Chung Cường Công Dũng Dương Đạt Đông Đức Giang Hà Hải Hiếu Hiệp Hòa Hoàn Hùng Hưng Huy "
    "Khánh Khôi Kiên Lâm Lợi Long Luân Mạnh Minh Nam Nghĩa Nhân Phong Phú Phúc Quân Quang Quyết Sơn Tài Tâm Thái "
    "Thắng Thành Thiện Thịnh Thọ Thông Thuận Tiến Toàn Trung Trường Tú Tuấn Tùng Vinh Vượng Yên"
)
VIETNAMESE_WOMEN = words(
    "An Anh Bích Chi Cúc Dung Duyên Đào Hà Hạnh Hằng Hiền Hoa Hòa Hồng Huệ Hương Huyền Lan Liên Linh Loan Luyến Lý Mai "
    "Minh Nga Ngân Ngọc Nhung Oanh Phương Phượng Quyên Quỳnh Tâm Thảo Thoa Thơm Thu Thủy Thúy Trang Tuyết Vân Xuân Yến"
)

NAMING = {
    "01": Naming(  # Kinh
        words("Nguyễn Trần Lê Phạm Hoàng Vũ Đặng Bùi Đỗ Ngô Dương Đinh Lương Tạ Phùng Đoàn Trịnh Cao Mai Lã Phan Hà"),
        words("Văn Đức Xuân Hữu Quang Minh Mạnh Ngọc Tiến Trung Quốc Thành Công Duy Đình Trọng Thế Việt"),
        phrases("Thị, Thị, Thị, Thị Thu, Thị Hồng, Thị Thanh, Thị Kim, Thị Ngọc, Thu, Thúy, Thanh, Hồng, Ngọc, Minh"),
        VIETNAMESE_MEN,
        VIETNAMESE_WOMEN,
    ),
    "02": Naming(  # Tày
        words("Hoàng Nông Ma Lương Hà Vi Lù Sầm La Nguyễn Lự Bế Triệu Cổ Lý Vàng"),
        words("Văn Văn Xuân Đức Quang Trung Minh Ngọc Hữu Tiến Kim Viết"),
        phrases("Thị, Thị, Thị, Thị Thu, Thị Hồng, Thị Bích, Thu, Thúy"),
        VIETNAMESE_MEN,
        VIETNAMESE_WOMEN,
    ),
    "07": Naming(  # Nùng
        words("Nông Lù Vàng Hoàng Tráng Lùng Vương Lục Then Nùng Lồ Sền Ly"),
        words("Văn Seo Xuân Quang Chẩn Dìn Phà Sín Kim Đức"),
        phrases("Thị, Thị, Thị, Dung, Kim, Thu, Seo"),
        words("Chẩn Dín Hòa Khai Lèng Lìn Phà Phừ Sài Sảo Sinh Thắng Toàn Tờ Vần Vương Vinh Cường Dũng Hùng"),
        words("Chấn Dín Hoa Lan Liên Mai Máy Mến Phương Sen Thơm Thương Vân Xuân Xuyến Yến"),
    ),
    "08": Naming(  # Mông
        words("Giàng Vàng Thào Sùng Lù Cư Hầu Ma Má Tráng Ly Hạng Châu Chấu Lồ Vừ Lừu Cứ Sần Hảng Thền"),
        words("A A A Seo Seo Seo Văn Xuân Quang Mạnh Thanh Sín"),
        phrases("Thị, Thị, Thị, Thị, Thị Thanh, Thu, Seo"),
        words(
            "Sử Chứ Dơ Páo Sì Lử Chín Dình Sình Phừ Vư Pao Tráng Sáng Tỏa Khoa Dế Giả Nhà Lềnh Cháng Sênh Chẩn Chu Dìn "
            "Giống Hòa Lâu Lồng Nủ Pằng Phềnh Quả Sàng Sếnh Sò Súa Thắng Tính Tủa Vảng Vần Xóa Hảng Dia Bình Minh Cở "
            "Khua"
        ),
        words(
            "Mỷ Dở Pà Dua Mai Sua Chư Say Lan Máy Xóa Dí Mao Sông Chở Dính Gấu Giàng Hoa Khu Lầu Lỳ Mào Nhìa Pàng Sáy "
            "Sú Vang Xua Ghênh"
        ),
    ),
    "09": Naming(  # Dao
        words("Triệu Phàn Tẩn Chảo Lý Đặng Bàn Phùng Vùi Chẻo Tằng Sẩm Dương"),
        words("Láo Lở Kim Văn Tòn Phù Quẩy Sành Xuân Ông Tả Chòi Dào Thừa"),
        phrases("Tả, Thị, Thị, Lở, Mùi, Kim, Láo"),
        words(
            "Phẩu Ton San Sinh Chẳn Quẩy U Sơn Pao Chiêu Dất Dần Ghển Hín Khé Lụ Nải Náy Phin Phú Sạn Sểnh Siệu Tá "
            "Thành Tình Vạn Xiên Vượng Hương"
        ),
        words("Mẩy Mùi Pham Ghển Khé Lai Liều Mán Nảy Nhàn Pết Phấy Quyên San Sinh Mềnh Viện Viền Liên Hương"),
    ),
    "25": Naming(  # Giáy
        words("Vàng Lù Phan Lục Nông Sần La Hoàng Vùi Lò Cao Lý"),
        words("Văn Văn Xuân A Quang Đức Kim Minh Ngọc"),
        phrases("Thị, Thị, Thị, Thu, Thị Thu, Kim"),
        words("Phủng Sẩn Chẳn Pao Dìn Hòa Huy Khánh Minh Phong Sền Sơn Thắng Tiến Tờ Trung Vinh Cường Lâm"),
        words("Lai Lan Chiên Dín Hoa Huệ Hương Lâm Liên Mai Phượng Sen Thơm Thu Viên Xuân"),
    ),
    "35": Naming(  # Hà Nhì
        words("Phu Sò Chu Ly Pờ Tráng Lý Sần Có Vù"),
        words("Xe Hờ Gơ Suy Mờ Gió Xá A Ha Cà"),
        phrases("Thó, Xó, Gio, Có, Bờ, Thị, Mờ"),
        words("Xó Go Suy Cà Che Dê Giá Gơ Hờ Hừ Lòng Luy Phạ Pư Thó Xá Xè Lụy"),
        words("Mơ Xú Be Che Cà Gơ Gụ Hừ Me Nu Pớ Sơ Suy Xơ"),
    ),
    "40": Naming(  # Phù Lá
        words("Pờ Lồ Làn Sùng Bồ Chảo Tráng Lèng Thèn Giàng"),
        words("Seo Văn Dỉ Sín Tờ Quang Chín Xuân"),
        phrases("Thị, Thị, Seo, Dỉ"),
        words("Phủng Pao Chín Dìn Lẻng Nguyên Páo Phà Sài Sì Thàng Tờ Vần Lìn"),
        words("Chấn Dín Lan Mỷ Máy Pà Sen Seo Dí Mai"),
    ),
}
# Groups with few officials borrow the customs of neighbours: La Chí, Bố Y, Thái, Mường.
NAMING |= {"38": NAMING["07"], "49": NAMING["07"], "03": NAMING["02"], "06": NAMING["02"]}


def draw_name(random: Random, ethnic_group: str, is_woman: bool) -> str:
    """A full name for the code of an ethnic group; an unknown group ("") is named like the Tày."""
    naming = NAMING[ethnic_group or "02"]
    middle = random.choice(naming.middles_women if is_woman else naming.middles_men)
    given = random.choice(naming.given_women if is_woman else naming.given_men)
    return f"{random.choice(naming.families)} {middle} {given}"
