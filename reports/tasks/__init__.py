"""Việc cần làm: what waits for an account, whose work it is (table), counted at once (counting), told on the home page
and in the menu of every page (shown)."""
