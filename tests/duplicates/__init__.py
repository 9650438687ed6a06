"""Suspected duplicates and merges."""
