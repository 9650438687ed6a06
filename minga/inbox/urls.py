"""The inbox's addresses, below the language."""

from django.urls import path

from minga.inbox import views

urlpatterns = [
    path("inbox/", views.inbox, name="inbox"),
    path("inbox/seen/<int:invitation>/", views.seen, name="invitation-seen"),
]
