"""Addresses of suspected duplicates and merges, below the language."""

from django.urls import path

from minga.duplicates import mergeviews, views
from minga.registry import converters  # noqa: F401  (registers the converters)

urlpatterns = [
    path("duplicates/", views.pairs, name="duplicates"),
    path("duplicates/<int:pair>/", views.pair, name="duplicates-pair"),
    path("duplicates/merge/", mergeviews.look_up, name="merge-look-up"),
    path("duplicates/merge/<record_id:kept>/<record_id:merged>/", mergeviews.propose, name="merge-propose"),
    path("merges/<int:merge>/", mergeviews.merge, name="merge"),
    path("merges/<int:merge>/answer/", mergeviews.answer, name="merge-answer"),
    path("merges/<int:merge>/end/", mergeviews.end, name="merge-end"),
    path("merges/<int:merge>/text/", mergeviews.write, name="merge-text"),
    path("<plural:plural>/<record_id:public_id>/before/", mergeviews.before, name="record-before"),
]
