"""Forms about a person herself."""

from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.conf import settings
from django.contrib.auth import password_validation
from django.utils.translation import gettext_lazy as _

from minga.accounts.models import Digest


class InvitationForm(forms.Form):
    """What an invited person says of herself."""

    name = forms.CharField(label=_("Your name"), max_length=200, widget=forms.TextInput({"autocomplete": "name"}))
    language = forms.ChoiceField(label=_("Language of pages and mail"), choices=settings.LANGUAGES)
    password = forms.CharField(
        label=_("Password"), strip=False, max_length=128, widget=forms.PasswordInput({"autocomplete": "new-password"}),
        help_text=_("At least 12 characters; several words are good. It must not be a common one."),
    )  # fmt: skip
    again = forms.CharField(
        label=_("Password, once more"),
        strip=False,
        max_length=128,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )

    def __init__(self, *args, person, **kwargs):
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_password(self) -> str:
        """Refuses a weak one."""
        password_validation.validate_password(self.cleaned_data["password"], self.person)
        return self.cleaned_data["password"]

    def clean(self) -> dict:
        """Refuses two that differ."""
        cleaned = super().clean()
        if cleaned.get("password") and cleaned.get("password") != cleaned.get("again"):
            self.add_error("again", _("The two passwords differ. Type the same one twice."))
        return cleaned


class PreferencesForm(forms.Form):
    """How the site speaks to a person."""

    name = forms.CharField(label=_("Your name"), max_length=200, widget=forms.TextInput({"autocomplete": "name"}))
    language = forms.ChoiceField(label=_("Language of pages and mail"), choices=settings.LANGUAGES)
    digest = forms.ChoiceField(
        label=_("Mail about what waits for you"), choices=Digest,
        help_text=_("Mail never holds what a record says: only how many things wait, and a link."),
    )  # fmt: skip


class PasskeyForm(AddWebAuthnForm):
    """A passkey or security key to add, with labels that say what they do."""

    name = forms.CharField(required=False, max_length=100, label=_("A name by which you know this key"))
    passwordless = forms.BooleanField(
        required=False, label=_("Sign in with it alone, without a password"),
        help_text=_("The key then asks for your finger, your face or its code each time."),
    )  # fmt: skip
