"""Addresses of files, below the language."""

from django.urls import path

from minga.files import views
from minga.registry import converters  # noqa: F401  (registers the converters)

urlpatterns = [
    path("files/<int:attachment>/", views.file, name="file"),
    path("work/<record_id:public_id>/files/", views.files, name="work-files"),
]
