"""All addresses, assembled from the areas: pages below their language, the rest without."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

urlpatterns = [
    path("", include("minga.operations.urls")),
    path("", include("minga.exchange.root_urls")),
    path("", include("minga.pages.root_urls")),
    *i18n_patterns(
        path("", include("minga.accounts.urls")),
        path("", include("minga.people.urls")),
        path("", include("minga.notifications.urls")),
        path("", include("minga.redaction.urls")),
        path("", include("minga.inbox.urls")),
        path("", include("minga.evaluation.urls")),
        path("", include("minga.following.urls")),
        path("", include("minga.editing.urls")),
        path("", include("minga.files.urls")),
        path("", include("minga.matching.urls")),
        path("", include("minga.lessons.urls")),
        path("", include("minga.moderation.urls")),
        path("", include("minga.duplicates.urls")),
        path("", include("minga.exchange.urls")),
        path("", include("minga.pages.urls")),
    ),
]
