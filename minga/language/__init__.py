"""Texts as vectors: encoders, the process that holds them, and how others ask it. Nothing here reads the database."""
