"""Addresses for whoever watches the installation."""

from django.urls import path

from minga.operations import views

urlpatterns = [
    path("healthz", views.health, name="health"),
    path("readyz", views.ready, name="ready"),
]
