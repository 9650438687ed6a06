"""How passwords are hashed, and how long they may be."""

from django.contrib.auth.hashers import ScryptPasswordHasher
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LONGEST = 128  # characters


class PasswordHasher(ScryptPasswordHasher):
    """Scrypt with 64 MiB a guess, as OWASP asks (Password Storage Cheat Sheet: N=2^16, r=8, p=1)."""

    work_factor = 2**16
    parallelism = 1
    maxmem = 128 * 1024 * 1024  # bytes: more than a guess takes, since OpenSSL counts a little beside


class NotTooLong:
    """Refuses a password of more than 128 characters (OWASP ASVS 2.1.2)."""

    def validate(self, password: str, user=None) -> None:
        """Raises ValidationError for a longer one."""
        if len(password) > LONGEST:
            raise ValidationError(_("A password has at most %(most)d characters.") % {"most": LONGEST})

    def get_help_text(self) -> str:
        """Nothing to say beforehand: nobody comes near it by chance."""
        return ""
