"""Addresses of the pages that show several areas at once, below the language."""

from django.urls import path

from minga.pages import explaining, lists, places, records, similar, views
from minga.registry import converters  # noqa: F401  (registers the converters)

urlpatterns = [
    path("", views.home, name="home"),
    path("records/", lists.record_list, name="records"),
    path("<plural:plural>/", lists.record_list, name="records-of-kind"),
    path("coverage/", views.coverage, name="coverage"),
    path("about/", views.about, name="about"),
    path("about/counting/", views.counting, name="counting"),
    path("about/lifecycle/", views.lifecycle, name="lifecycle"),
    path("about/proposals/", explaining.how_proposed, name="proposals-explained"),
    path("design/", views.gallery, name="gallery"),
    path("objectives/", places.objectives, name="objectives"),
    path("objectives/<int:number>/", places.objective, name="objective"),
    path("principles/", places.principles, name="principles"),
    path("principles/<slug:code>/", places.principle, name="principle"),
    path("countries/", places.countries, name="countries"),
    path("countries/<str:code>/", places.country, name="country"),
    path("actors/", places.actors, name="actors"),
    path("actors/<slug:slug>/", places.actor, name="actor"),
    path("vocabularies/", views.vocabularies, name="vocabularies"),
    path("vocabularies/<slug:scheme>/", views.vocabulary, name="vocabulary"),
    path("vocabularies/<slug:scheme>/<str:code>/", views.concept, name="concept"),
    path("<plural:plural>/<record_id:public_id>/", records.record, name="record"),
    path("<plural:plural>/<record_id:public_id>/similar/", similar.similar, name="similar"),
]
