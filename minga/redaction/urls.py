"""The address of redaction, below the language; for administrators."""

from django.urls import path

from minga.redaction import views

urlpatterns = [path("administration/redaction/", views.redact, name="redaction")]
