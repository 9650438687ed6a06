"""Addresses of the work on records, below the language; for people who are signed in."""

from django.urls import path

from minga.editing import alike, claiming, proposals, views
from minga.registry import converters  # noqa: F401  (registers the converters)

urlpatterns = [
    path("work/", views.work, name="work"),
    path("work/new/", views.new, name="work-new"),
    path("work/<record_id:public_id>/", views.record, name="work-record"),
    path("work/<record_id:public_id>/anew/", views.anew, name="work-anew"),
    path("work/<record_id:public_id>/edit/<slug:step>/", views.edit, name="work-edit"),
    path("work/<record_id:public_id>/proposals/", proposals.proposals, name="work-proposals"),
    path("work/<record_id:public_id>/alike/<slug:step>/", alike.alike, name="work-alike"),
    path("work/<record_id:public_id>/alike/<slug:step>/<record_id:other>/", alike.answer, name="work-alike-answer"),
    path("work/<record_id:public_id>/readers/", views.readers, name="work-readers"),
    path("work/<record_id:public_id>/step/", views.step, name="work-step"),
    path("work/<record_id:public_id>/versions/<int:number>/", views.version, name="work-version"),
    path("work/<record_id:public_id>/claim/", claiming.claim, name="work-claim"),
    path("work/claims/<int:claim>/", claiming.answer, name="work-claim-answer"),
    path("work/<record_id:public_id>/changes/<int:number>/", views.changes, name="work-changes"),
]
