"""Addresses about people, below the language: one's own account, and the administrator's pages."""

from django.urls import path

from minga.people import account, administration

urlpatterns = [
    path("account/", account.overview, name="account"),
    path("account/data.json", account.take_away, name="account-data"),
    path("account/erase/", account.erase, name="account-erase"),
    path("account/hand-over/", account.hand_over, name="hand-over"),
    path("administration/people/", administration.people, name="people"),
    path("administration/people/<int:person>/", administration.person, name="person"),
    path("administration/outbox/", administration.outbox_page, name="outbox"),
    path("administration/trail/", administration.trail, name="trail"),
]
