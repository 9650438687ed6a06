"""Addresses about mail, below the language."""

from django.urls import path

from minga.notifications import views

urlpatterns = [
    path("administration/outbox/<int:mail>/again/", views.send_again, name="send-again"),
]
