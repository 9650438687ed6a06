"""Addresses of saved searches, below the language; for people who are signed in."""

from django.urls import path

from minga.following import views

urlpatterns = [
    path("account/searches/", views.searches, name="searches"),
    path("account/searches/save/", views.save, name="search-save"),
    path("account/searches/<int:search>/", views.open_search, name="search-open"),
    path("account/searches/<int:search>/change/", views.change, name="search-change"),
    path("account/searches/<int:search>/delete/", views.delete, name="search-delete"),
]
