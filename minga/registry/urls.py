"""Addresses of lists, below the language."""

from django.urls import path

from minga.registry import converters, views  # noqa: F401  (registers the converters)

urlpatterns = [
    path("records/", views.record_list, name="records"),
    path("<plural:plural>/", views.record_list, name="records-of-kind"),
]
