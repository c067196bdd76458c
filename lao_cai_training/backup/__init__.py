"""Backups: the whole database and the uploads in one file (archive), made while people work (making), and put back
beside what is there, to take its place at the end (restoring)."""
