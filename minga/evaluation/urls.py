"""Addresses of evaluation, below the language; for people who are signed in."""

from django.urls import path

from minga.evaluation import views

urlpatterns = [path("administration/models/", views.models, name="coding-models")]
