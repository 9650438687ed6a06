"""Addresses of lessons, below the language."""

from django.urls import path

from minga.lessons import views

urlpatterns = [
    path("objectives/<int:number>/lessons/", views.of_objective, name="objective-lessons"),
]
