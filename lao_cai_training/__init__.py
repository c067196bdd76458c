"""The project: settings, menu, the embedded PostgreSQL, the site, backups."""

__version__ = "0.9.0"
