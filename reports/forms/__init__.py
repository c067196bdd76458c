"""Official forms (“Biểu mẫu”): one description each (layout.Form), from which the workbook and the PDF are written."""
