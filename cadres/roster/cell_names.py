"""Columns by the letters that a spreadsheet shows above them. Column 0 is A.

Not openpyxl's, which brings numpy along: a process that reads a roster would start a fifth of a second later.
"""

FIRST, LETTERS = ord("A"), 26


def letters_of(column: int) -> str:
    """What the column is called.

    >>> [letters_of(column) for column in (0, 25, 26, 701, 702, 16383)]
    ['A', 'Z', 'AA', 'ZZ', 'AAA', 'XFD']
    """
    letters = ""
    column += 1
    while column:
        column, letter = divmod(column - 1, LETTERS)
        letters = chr(FIRST + letter) + letters
    return letters


def column_of(letters: bytes) -> int:
    """The column that is called so.

    >>> [column_of(letters) for letters in (b"A", b"Z", b"AA", b"XFD")]
    [0, 25, 26, 16383]
    """
    column = 0
    for letter in letters:
        column = column * LETTERS + letter - FIRST + 1
    return column - 1
