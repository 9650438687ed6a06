"""How allauth is fitted to Minga: invited people only, secrets encrypted, demonstration accounts on loopback only."""

import base64
import hashlib
from functools import lru_cache

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.usersessions.models import UserSession
from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from minga.accounts import demonstration
from minga.accounts.models import Person
from minga.audit import changes as audit
from minga.installation.home import Home


class EmailBackend(AuthenticationBackend):
    """Checks an address and a password."""

    def authenticate(self, request: HttpRequest | None, **credentials) -> Person | None:
        """The person, or None: also for a demonstration account that is asked for from elsewhere."""
        person = super().authenticate(request, **credentials)
        if person is not None and person.is_demonstration and not (request and demonstration.is_open_to(request)):
            return None
        return person


class AccountAdapter(DefaultAccountAdapter):
    """Invitations instead of open registration; mail under the site's name."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody registers: people are invited."""
        return False

    def format_email_subject(self, subject: str) -> str:
        """The subject under the site's name."""
        return f"{settings.SITE_NAME}: {subject}"


class SecondFactorAdapter(DefaultMFAAdapter):
    """Keeps the keys of second factors encrypted with the installation's secret."""

    def encrypt(self, text: str) -> str:
        """A secret as it is stored."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """A stored secret as it is."""
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def get_totp_issuer(self) -> str:
        """What an authenticator app lists the account under."""
        return settings.SITE_NAME

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """The last second factor stays: without one there is no access."""
        strong = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
        others = Authenticator.objects.filter(user=authenticator.user, type__in=strong).exclude(pk=authenticator.pk)
        return authenticator.type not in strong or others.exists()


class ProviderAdapter(DefaultSocialAccountAdapter):
    """An OpenID Connect provider vouches for invited people; it brings no new ones."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin) -> bool:
        """Nobody registers through a provider either."""
        return False


@lru_cache(maxsize=1)
def _cipher() -> Fernet:
    """Made from a key of the installation that is not in the database."""
    key = hashlib.scrypt(
        Home.of_environment().secret("second_factor").encode(), salt=b"minga second factor", n=2**12, r=8, p=1, dklen=32
    )
    return Fernet(base64.urlsafe_b64encode(key))


@receiver(authenticator_added)
def _trust_session_that_set_it_up(sender, request, user, authenticator, **more) -> None:
    """The session in which a second factor was set up has shown it; all others of this person end."""
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        return
    request.session["second_factor"] = user.pk
    others = UserSession.objects.filter(user=user).exclude(session_key=request.session.session_key)
    for session in others:
        session.end()


@receiver(user_logged_in)
def _note_sign_in(sender, request, user, **more) -> None:
    audit.note("person.signed_in", subject=f"person:{user.pk}")


@receiver(user_logged_out)
def _note_sign_out(sender, request, user, **more) -> None:
    if user is not None:
        audit.note("person.signed_out", subject=f"person:{user.pk}", by_person=_acting(user.pk))


@receiver(user_login_failed)
def _note_failure(sender, credentials, request=None, **more) -> None:
    """Whose account was tried; an address that nobody has is not kept."""
    person = Person.objects.filter(email__iexact=str(credentials.get("email") or "")).first()
    audit.note("person.sign_in_failed", subject=f"person:{person.pk}" if person else "")


def _acting(person: int) -> int | None:
    """The person, where the database knows her in this transaction (an entry may name nobody else)."""
    from minga.access.rowsecurity import acting_person

    return person if acting_person() == person else None
