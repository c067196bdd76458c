"""What law and the province decide, as tables: positions, levels, standards, requirements, criteria."""

from import_export.fields import Field

from cadres.catalogues.cells import (
    DECISION,
    START,
    ChoiceWidget,
    CodesWidget,
    CodeWidget,
    DayWidget,
    LevelWidget,
    NumberWidget,
    end_field,
    start_field,
    text_field,
)
from cadres.catalogues.resource import CatalogueResource
from cadres.models import (
    AcceptedField,
    Criterion,
    Dimension,
    EthnicGroup,
    Level,
    Position,
    PositionGroup,
    Requirement,
    RetirementAge,
    Standard,
)


class PositionResource(CatalogueResource):
    code = text_field("code", "Mã")
    order = Field("order", "Thứ tự", NumberWidget())
    group = Field("group", "Nhóm", ChoiceWidget(PositionGroup.choices))
    subgroup = Field("subgroup", "Phân nhóm", ChoiceWidget(Position.Subgroup.choices))
    title = text_field("title", "Chức danh")
    full_title = text_field("full_title", "Tên đầy đủ")
    holders = Field("holders", "Số người giữ", NumberWidget())
    start_date = start_field()
    end_date = end_field()

    required_columns = ("Mã", "Nhóm", "Phân nhóm", "Chức danh")

    class Meta(CatalogueResource.Meta):
        model = Position
        import_id_fields = ("code",)
        fields = ("code", "order", "group", "subgroup", "title", "full_title", "holders", "start_date", "end_date")


class LevelResource(CatalogueResource):
    dimension = Field("dimension", "Mặt tiêu chuẩn", CodeWidget(Dimension.objects.all(), "mặt tiêu chuẩn"))
    code = text_field("code", "Mã")
    rank = Field("rank", "Bậc", NumberWidget())
    name = text_field("name", "Tên")

    required_columns = ("Mặt tiêu chuẩn", "Mã", "Bậc", "Tên")

    class Meta(CatalogueResource.Meta):
        model = Level
        import_id_fields = ("dimension", "code")
        fields = ("dimension", "code", "rank", "name")


class StandardResource(CatalogueResource):
    code = text_field("code", "Mã")
    name = text_field("name", "Tên")
    legal_basis = text_field("legal_basis", "Căn cứ pháp lý")
    position_group = Field("position_group", "Nhóm chức danh", ChoiceWidget(PositionGroup.choices))
    start_date = start_field()
    end_date = end_field()
    transition_until = Field("transition_until", "Chuyển tiếp đến", DayWidget())

    required_columns = ("Mã", "Tên", "Nhóm chức danh", START)

    class Meta(CatalogueResource.Meta):
        model = Standard
        import_id_fields = ("code",)
        fields = ("code", "name", "legal_basis", "position_group", "start_date", "end_date", "transition_until")


class RequirementResource(CatalogueResource):
    standard = Field("standard", "Văn bản", CodeWidget(Standard.objects.all(), "văn bản tiêu chuẩn"))
    position = Field("position", "Chức danh", CodeWidget(Position.objects.all(), "chức danh"))
    dimension = Field("dimension", "Mặt tiêu chuẩn", CodeWidget(Dimension.objects.all(), "mặt tiêu chuẩn"))
    minimum = Field("minimum", "Mức tối thiểu", LevelWidget("Mặt tiêu chuẩn"))
    minimum_relaxed = Field("minimum_relaxed", "Mức tối thiểu (xã được giảm)", LevelWidget("Mặt tiêu chuẩn"))
    article = text_field("article", "Điều khoản")
    source = text_field("source", "Nguồn")
    start_date = start_field()
    end_date = end_field()

    required_columns = ("Văn bản", "Chức danh", "Mặt tiêu chuẩn", "Mức tối thiểu", "Mức tối thiểu (xã được giảm)")

    class Meta(CatalogueResource.Meta):
        model = Requirement
        import_id_fields = ("standard", "position", "dimension", "start_date")
        fields = (
            *("standard", "position", "dimension", "minimum", "minimum_relaxed", "article", "source"),
            *("start_date", "end_date"),
        )


class AcceptedFieldResource(CatalogueResource):
    position = Field("position", "Chức danh", CodeWidget(Position.objects.all(), "chức danh"))
    dimension = Field("dimension", "Mặt tiêu chuẩn", CodeWidget(Dimension.objects.all(), "mặt tiêu chuẩn"))
    field_of_study = text_field("field_of_study", "Chuyên ngành")
    start_date = start_field()
    end_date = end_field()

    required_columns = ("Chức danh", "Mặt tiêu chuẩn", "Chuyên ngành", START)

    class Meta(CatalogueResource.Meta):
        model = AcceptedField
        import_id_fields = ("position", "dimension", "field_of_study", "start_date")
        fields = ("position", "dimension", "field_of_study", "start_date", "end_date")


class CriterionResource(CatalogueResource):
    code = text_field("code", "Mã")
    name = text_field("name", "Tên")
    definition = text_field("definition", "Cách tính")
    dimensions = Field("dimensions", "Các mặt được tính", CodesWidget(Dimension, "mặt tiêu chuẩn"))

    required_columns = ("Mã", "Tên", "Cách tính")

    class Meta(CatalogueResource.Meta):
        model = Criterion
        import_id_fields = ("code",)
        fields = ("code", "name", "definition", "dimensions")


class EthnicGroupResource(CatalogueResource):
    code = text_field("code", "Mã", width=2)
    name = text_field("name", "Tên")
    other_names = text_field("other_names", "Tên khác")

    required_columns = ("Mã", "Tên")

    class Meta(CatalogueResource.Meta):
        model = EthnicGroup
        import_id_fields = ("code",)
        fields = ("code", "name", "other_names")


class RetirementAgeResource(CatalogueResource):
    start_date = start_field()
    end_date = end_field()
    men_years = Field("men_years", "Nam, năm", NumberWidget())
    men_months = Field("men_months", "Nam, tháng", NumberWidget())
    women_years = Field("women_years", "Nữ, năm", NumberWidget())
    women_months = Field("women_months", "Nữ, tháng", NumberWidget())
    source = text_field("source", DECISION)

    required_columns = (START, "Nam, năm", "Nam, tháng", "Nữ, năm", "Nữ, tháng", DECISION)

    class Meta(CatalogueResource.Meta):
        model = RetirementAge
        import_id_fields = ("start_date",)
        fields = ("start_date", "end_date", "men_years", "men_months", "women_years", "women_months", "source")
