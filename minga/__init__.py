"""Minga: the regional mechanism of cooperation on migration, as software."""

__version__ = "0.3.0"
