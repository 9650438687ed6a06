"""Addresses of matches, below the language."""

from django.urls import path

from minga.matching import views
from minga.registry import converters  # noqa: F401  (registers the converters)

urlpatterns = [
    path("work/<record_id:public_id>/matches/", views.of_work, name="work-matches"),
    path("<plural:plural>/<record_id:public_id>/matches/", views.of_listed, name="matches"),
]
