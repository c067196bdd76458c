"""What a change would come to, told before it is made.

Of one person's rows it is asked with rows that are only supposed (supposing); of an act that writes many rows, or other
rows than the verdict can suppose, the act itself is tried and taken back (trying).
"""

from cadres.effect.supposing import Altered, Effect, UnitEffect, effect_of
from cadres.effect.trying import DayEffect, Foretold, Moved, foretell

__all__ = [
    "Altered",
    "DayEffect",
    "Effect",
    "Foretold",
    "Moved",
    "UnitEffect",
    "effect_of",
    "foretell",
]
