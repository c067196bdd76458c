"""Texts of standards: what one says on a day (`texts`), and how it is changed (`changing`)."""
