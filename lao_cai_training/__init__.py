"""The project: settings, menu, the embedded PostgreSQL, the site, backups."""

__version__ = "1.0.0"
