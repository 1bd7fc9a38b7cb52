"""What allauth asks us: how second factors are kept, who we are to passkeys, and what a single sign-on leads to."""

from __future__ import annotations

from typing import Any, Final

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest

from lastcall.core import keyed
from lastcall.doors.screens.reader import pack, spoken
from lastcall.doors.screens.wording import spoken as in_words

_BOUND: Final = "desk.second_factor"


class SecondFactors(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets are sealed at rest; passkeys belong to the host by which we were called."""

    def encrypt(self, text: str) -> str:
        return keyed.seal(text, bound_to=_BOUND)

    def decrypt(self, encrypted_text: str) -> str:
        return keyed.unseal(encrypted_text, bound_to=_BOUND)

    def get_totp_issuer(self) -> str:
        return f"Lastcall {in_words(pack().entry('operator.name').value, spoken())}"

    def _get_site_name(self) -> str:
        return self.get_totp_issuer()

    def _get_user_identifier(self, user: AbstractBaseUser) -> str:
        return str(user.get_username())


class SingleSignOn(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Nobody is made a member by it, and no account is kept: what the provider said is looked at once, and that is all."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def get_provider(self, request: HttpRequest, provider: Any, client_id: Any = None) -> Any:
        from lastcall.doors.desk.signin.sso import provider_of

        return provider_of(request)

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        from lastcall.doors.desk.signin.sso import arrived

        raise ImmediateHttpResponse(arrived(request, sociallogin))

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, exception: Any = None, extra_context: Any = None
    ) -> None:
        from lastcall.doors.desk.signin.sso import went_wrong

        raise ImmediateHttpResponse(went_wrong(request))
