"""Public ids of records: ten letters and digits, random, so that an address betrays neither number nor order."""

import secrets

# Crockford's base 32: no letter that is mistaken for another when read aloud. No upper case in addresses.
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
LENGTH = 10


def new_public_id() -> str:
    """A fresh id; 50 random bits, of which at least one letter keeps it from looking like a number."""
    while True:
        text = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
        if not text.isdigit():
            return text
