"""Two things that allauth does otherwise than sign-in here needs.

Where it locks a row, it opens its transaction on the usual connection, while its rows are on that of sign-in. And it
forgets a used code of an authenticator app after 30 seconds, while a code is taken for 90.
"""

from allauth.mfa.recovery_codes.internal import flows
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.core.cache import cache
from django.db import transaction

from minga.accounts.routing import SIGNIN

CODE_HOLDS = 30 * (2 * settings.MFA_TOTP_TOLERANCE + 1)  # seconds


def fit_allauth() -> None:
    """Put right what allauth does otherwise. Once, when the program starts."""
    lock_where_the_rows_are()
    TOTP._mark_code_used = _remember_code


def _remember_code(self: TOTP, code: str) -> bool:
    """Whether a code is used for the first time while it holds."""
    return cache.add(self._get_used_cache_key(code), "y", timeout=CODE_HOLDS)


def lock_where_the_rows_are() -> None:
    """Opens a transaction of sign-in around each function of allauth that locks a row there.

    A wrong code of a second factor comes through here too: it is tried as a recovery code last.
    tests/guards/test_code.py looks whether allauth locks anywhere else.
    """
    RecoveryCodes.validate_code = transaction.atomic(using=SIGNIN)(RecoveryCodes.validate_code)
    flows.generate_recovery_codes = transaction.atomic(using=SIGNIN)(flows.generate_recovery_codes)
