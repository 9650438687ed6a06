"""Where allauth locks a row, it opens its transaction on the usual connection; its rows are on that of sign-in."""

from allauth.mfa.recovery_codes.internal import flows
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.db import transaction

from minga.accounts.routing import SIGNIN


def lock_where_the_rows_are() -> None:
    """Opens a transaction of sign-in around each function of allauth that locks a row there.

    A wrong code of a second factor comes through here too: it is tried as a recovery code last.
    tests/guards/test_code.py looks whether allauth locks anywhere else.
    """
    RecoveryCodes.validate_code = transaction.atomic(using=SIGNIN)(RecoveryCodes.validate_code)
    flows.generate_recovery_codes = transaction.atomic(using=SIGNIN)(flows.generate_recovery_codes)
