"""Of what an account wants to be told by mail, and where."""

from cadres.history import signed
from cadres.models import User


@signed
def save_reminders(user: User, *, by: User | None) -> None:
    """Keep the mail address of an account, and of what it is told there. Raises ValidationError."""
    user.full_clean()
    user.save(update_fields=["email", "remind_of_work", "remind_of_data"])
