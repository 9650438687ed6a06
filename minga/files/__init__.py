"""Attachments: which files may be kept."""
