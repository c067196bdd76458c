"""Coming in: password and second factor, what is locked and for how long, sessions and their ends."""
