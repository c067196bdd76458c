"""The reader process for .xls (BIFF): calamine's values, and from xlrd what calamine does not tell of such a file.

python -m cadres.roster.legacy_xls FILE MEGABYTES SECONDS
"""

import os

import xlrd

from cadres.roster.workbook_reader import ENCRYPTED, LEGACY_FONT, Refusal, Scan, SheetScan, items, main

ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")


def scan_xls(path: str) -> Scan:
    """Hidden rows, fonts of an old encoding and merged ranges by the sheet's name.

    Nothing but those comes from xlrd: a file that it cannot read may be one that calamine can.
    """
    with open(path, "rb") as file:
        if ENCRYPTED_PACKAGE in file.read():  # an encrypted .xlsx is an OLE container like an .xls
            raise Refusal(ENCRYPTED)
    try:
        with open(os.devnull, "w", encoding="utf-8") as log:
            book = xlrd.open_workbook(path, logfile=log, formatting_info=True, ragged_rows=True)
    except MemoryError:
        raise
    except Exception:  # xlrd fails in every way there is on a damaged file
        return Scan(lambda index, name: SheetScan())
    fonts = {number: font.name for number, font in enumerate(book.font_list) if LEGACY_FONT.match(font.name)}
    styles = {number: fonts[style.font_index] for number, style in enumerate(book.xf_list) if style.font_index in fonts}

    def scan(index: int, name: str) -> SheetScan:
        if name not in book.sheet_names():
            return SheetScan()
        sheet = book.sheet_by_name(name)
        return SheetScan(
            hidden_rows=frozenset(row for row, info in sheet.rowinfo_map.items() if info.hidden),
            fonts={
                (row, column): font
                for row in range(sheet.nrows if styles else 0)
                for column in range(sheet.row_len(row))
                if (font := styles.get(sheet.cell_xf_index(row, column)))
            },
            merged=[(top, left, bottom - 1, right - 1) for top, bottom, left, right in sheet.merged_cells],
            errors={
                (row, column): xlrd.error_text_from_code.get(sheet.cell_value(row, column), "#N/A")
                for row in range(sheet.nrows)
                if xlrd.XL_CELL_ERROR in (types := sheet.row_types(row))
                for column, kind in enumerate(types)
                if kind == xlrd.XL_CELL_ERROR
            },
        )

    return Scan(scan)


if __name__ == "__main__":
    main(lambda path: items(path, lambda: scan_xls(path)))
