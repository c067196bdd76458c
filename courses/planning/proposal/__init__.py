"""Which classes raise the rate most for a sum of money: who could be sent (`people`), the choice (`choosing`), and the
plan that comes of it, with names (`proposing`)."""
