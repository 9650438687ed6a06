"""Minga: the regional mechanism of cooperation on migration, as software."""

__version__ = "0.1.0"
