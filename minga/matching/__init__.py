"""Brings needs together with the practices and offers that may answer them, and offers with needs."""
