"""Addresses of files to take away, below the language."""

from django.urls import path, register_converter

from minga.exchange import views
from minga.exchange.feeds import ListFeed
from minga.registry import converters  # noqa: F401  (registers the converters)


class Form:
    """The forms in which lists leave the site."""

    regex = "xlsx|csv|json|docx"
    to_python = to_url = staticmethod(str)


class RecordForm(Form):
    """The forms in which a record leaves the site."""

    regex = "json|docx"


class CitationForm(Form):
    """The forms of a citation."""

    regex = "ris|bib"


register_converter(Form, "form")
register_converter(RecordForm, "record_form")
register_converter(CitationForm, "citation_form")

urlpatterns = [
    path("records/export.<form:form>", views.export_list, name="export"),
    path("records/feed.atom", ListFeed(), name="feed"),
    path("<plural:plural>/export.<form:form>", views.export_list, name="export-of-kind"),
    path("<plural:plural>/feed.atom", ListFeed(), name="feed-of-kind"),
    path("<plural:plural>/<record_id:public_id>/export.<record_form:form>", views.export_record, name="export-record"),
    path("<plural:plural>/<record_id:public_id>/cite.<citation_form:form>", views.cite, name="cite"),
]
