"""Addresses of moderation, below the language; for moderators and the secretariat."""

from django.urls import path

from minga.moderation import views

urlpatterns = [
    path("moderation/", views.queue, name="moderation"),
    path("moderation/expertise/", views.expertise, name="moderation-expertise"),
    path("moderation/rules/<slug:process>/", views.rules, name="moderation-rules"),
    path("moderation/<int:version>/take/", views.take, name="moderation-take"),
    path("moderation/<int:version>/conflict/", views.conflict, name="moderation-conflict"),
    path("moderation/<int:version>/", views.sheet, name="moderation-sheet"),
]
