"""What every page knows of the person who is signed in."""

from django.http import HttpRequest

from minga.actors import grants


def my_roles(request: HttpRequest) -> dict:
    """Her roles, for the links in the head of the page; asked for only when somebody is signed in."""
    return {"my_roles": grants.roles() if getattr(request, "person", None) else frozenset()}
