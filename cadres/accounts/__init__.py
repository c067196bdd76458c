"""The life of an account: opened, given roles, suspended, handed over, let in anew by a word that is good once."""

from cadres.accounts.granting import end_grant, give, hand_over
from cadres.accounts.living import GOOD_FOR, give_word, open_account, resume, save_account, suspend
from cadres.accounts.reminding import save_reminders

__all__ = [
    "GOOD_FOR",
    "end_grant",
    "give",
    "give_word",
    "hand_over",
    "open_account",
    "resume",
    "save_account",
    "save_reminders",
    "suspend",
]
