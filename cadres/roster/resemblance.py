"""How alike two names are: one person's, written more or less fully, or nearly another's.

Names are compared folded (cadres.text.fold) and with y as i: `Lý` and `Lí` are one name in two spellings.
"""


def is_same_name(one: str, other: str) -> bool:
    """Whether two folded names can be one person's: the same family and given name, or one within the other.

    >>> is_same_name("giang su", "giang a su"), is_same_name("dinh thu anh", "dinh thu ha")
    (True, False)
    """
    if one == other:
        return True
    words, others = _words(one), _words(other)
    if not words or not others:
        return False
    shorter, longer = sorted((words, others), key=len)
    return (words[0], words[-1]) == (others[0], others[-1]) or set(shorter) <= set(longer)


def is_near_name(one: str, other: str) -> bool:
    """Whether a folded name may be a slip of the other: a middle word more or less, words swapped, or one letter.

    >>> is_near_name("dinh thu anh", "dinh thi thu anh"), is_near_name("vang seo chin", "vang seo chinh")
    (True, True)
    >>> is_near_name("vang seo chin", "vang a chin")
    False
    """
    words, others = _words(one), _words(other)
    if not words or not others:
        return False
    if sorted(words) == sorted(others) or "".join(words) == "".join(others):
        return True
    if len(words) == len(others):
        (pair, *more) = [pair for pair in zip(words, others, strict=True) if pair[0] != pair[1]]
        return not more and _is_one_letter_off(*pair)
    shorter, longer = sorted((words, others), key=len)
    same_ends = (shorter[0], shorter[-1]) == (longer[0], longer[-1])
    return len(shorter) > 1 and same_ends and _is_within(shorter, longer)


def has_same_family_name(one: str, other: str) -> bool:
    """Whether the first words of two folded names agree."""
    return _words(one)[:1] == _words(other)[:1]


def _words(folded: str) -> list[str]:
    return folded.replace("y", "i").split()


def _is_within(shorter: list[str], longer: list[str]) -> bool:
    """Whether the shorter is the longer with words left out."""
    rest = iter(longer)
    return all(word in rest for word in shorter)


def _is_one_letter_off(one: str, other: str) -> bool:
    """Whether one letter of a word was typed otherwise, left out or added; with two letters it is another word."""
    if max(len(one), len(other)) < 3 or not (one.isalpha() and other.isalpha()):
        return False
    same = next((index for index, (letter, its) in enumerate(zip(one, other, strict=False)) if letter != its), -1)
    if same < 0:
        return abs(len(one) - len(other)) <= 1
    rest, other_rest = one[same:], other[same:]
    return rest[1:] in (other_rest[1:], other_rest) or rest == other_rest[1:]
