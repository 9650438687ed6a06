"""The inbox's address, below the language."""

from django.urls import path

from minga.inbox import views

urlpatterns = [path("inbox/", views.inbox, name="inbox")]
