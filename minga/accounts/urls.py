"""Addresses of sign-in, below the language. What allauth offers and we do not (sign-up) has no address."""

from allauth.account import views as account
from allauth.usersessions import views as sessions
from django.conf import settings
from django.urls import include, path, re_path

from minga.accounts import views

urlpatterns = [
    path("account/sign-in/", account.login, name="account_login"),
    path("account/sign-out/", account.logout, name="account_logout"),
    path("account/inactive/", account.account_inactive, name="account_inactive"),
    path("account/confirm/", account.reauthenticate, name="account_reauthenticate"),
    path("account/password/", account.password_change, name="account_change_password"),
    path("account/password/set/", account.password_set, name="account_set_password"),
    path("account/password/forgotten/", account.password_reset, name="account_reset_password"),
    path("account/password/forgotten/sent/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^account/password/new/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key, name="account_reset_password_from_key",
    ),
    path("account/password/new/done/", account.password_reset_from_key_done,
         name="account_reset_password_from_key_done"),
    path("account/second-factor/", include("allauth.mfa.urls")),
    path("account/sessions/", sessions.list_usersessions, name="usersessions_list"),
    path("account/invitation/<str:token>/", views.invitation, name="invitation"),
]  # fmt: skip
if settings.OIDC_SERVER:
    urlpatterns += [
        path("account/", include("allauth.socialaccount.providers.openid_connect.urls")),
        path("account/provider/", include("allauth.socialaccount.urls")),
    ]
