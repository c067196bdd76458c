"""The dictionaries by which rosters are understood, as tables."""

from cadres.catalogues.cells import text_field
from cadres.catalogues.resource import CatalogueResource
from cadres.models import (
    ColumnTitle,
    ValueSpelling,
)


class ColumnTitleResource(CatalogueResource):
    field = text_field("field", "Trường")
    title = text_field("title", "Tiêu đề cột")

    required_columns = ("Trường", "Tiêu đề cột")

    class Meta(CatalogueResource.Meta):
        model = ColumnTitle
        import_id_fields = ("field", "title")
        fields = ("field", "title")


class ValueSpellingResource(CatalogueResource):
    field = text_field("field", "Trường")
    code = text_field("code", "Mã giá trị")
    spelling = text_field("spelling", "Cách viết")

    required_columns = ("Trường", "Mã giá trị", "Cách viết")

    class Meta(CatalogueResource.Meta):
        model = ValueSpelling
        import_id_fields = ("field", "spelling")
        fields = ("field", "code", "spelling")
