"""Addresses without a language: those that are cited and those of concepts."""

from django.urls import path

from minga.pages import records, views
from minga.registry import converters  # noqa: F401  (registers the converters)

urlpatterns = [
    path("r/<record_id:public_id>/", records.short_address, name="short-address"),
    path("id/<slug:scheme>/<str:code>", views.concept_uri, name="concept-uri"),
]
