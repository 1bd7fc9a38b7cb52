"""Single sign-on by OpenID Connect: the operator's own provider says who it is; only members come in.

The identity token must be signed by the provider (never merely fetched from it), meant for us, and hold the claim of setting
``LASTCALL_OIDC_CLAIM``, which is the member's login. Its second factor counts when it says so (``amr`` holds ``mfa``, RFC 8176, or
``acr`` is one of ``LASTCALL_OIDC_ACR``); otherwise ours is asked for.
"""

from __future__ import annotations

from typing import Any, Final

import requests
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from lastcall.core.database import database
from lastcall.core.errors import LastcallError
from lastcall.core.staff import tries
from lastcall.core.staff.sign_ins import begin
from lastcall.doors.desk.presenters.trouble import trouble
from lastcall.doors.desk.shell import problem
from lastcall.doors.desk.signin.entering import come_in
from lastcall.doors.desk.signin.sessions import onward
from lastcall.doors.screens.address import address_of
from lastcall.doors.screens.reader import pack

_SIGNED_BY: Final = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}
)
"""Signatures by the provider's private key; never one by a secret that we share with it, or none."""
_WAITS_SECONDS: Final = 600


class Signed(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """The provider as allauth speaks to it, with the token's signature always checked."""

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        return str(request.build_absolute_uri(reverse("desk:signin_sso_back")))

    def _decode_id_token(self, app: SocialApp, id_token: str) -> Any:
        algorithm, _ = jwtkit.fetch_key(id_token, self.openid_config["jwks_uri"], jwtkit.lookup_kid_jwk)
        if algorithm not in _SIGNED_BY:
            raise OAuth2Error("the identity token is not signed by the provider")
        return jwtkit.verify_and_decode(
            credential=id_token, keys_url=self.openid_config["jwks_uri"], issuer=self.openid_config["issuer"],
            audience=app.client_id, lookup_kid=jwtkit.lookup_kid_jwk,
        )  # fmt: skip


class Provider(OpenIDConnectProvider):  # type: ignore[misc]
    """The one provider of this installation."""

    oauth2_adapter_class = Signed
    pkce_enabled_default = True


def is_on() -> bool:
    """Whether single sign-on is switched on."""
    return bool(settings.LASTCALL_OIDC_URL and settings.LASTCALL_OIDC_CLIENT_ID)


def provider_of(request: HttpRequest) -> Provider:
    """The provider as the settings describe it. Raises ``Http404`` while it is off."""
    if not is_on():
        raise Http404
    app = SocialApp(
        provider="openid_connect", provider_id="sso", name=settings.LASTCALL_OIDC_NAME,
        client_id=settings.LASTCALL_OIDC_CLIENT_ID, secret=settings.LASTCALL_OIDC_SECRET(),
        settings={"server_url": settings.LASTCALL_OIDC_URL, "fetch_userinfo": False, "oauth_pkce_enabled": True,
                  "scope": ["openid", "profile", "email"]},
    )  # fmt: skip
    return Provider(request, app=app)


def leave_for_provider(request: HttpRequest) -> HttpResponse:
    """Off to the provider. Away, or badly set up, it is a page that says so."""
    provider = provider_of(request)
    request.session.set_expiry(_WAITS_SECONDS)
    try:
        sent: HttpResponse = provider.redirect(request, process=AuthProcess.LOGIN, next_url=onward(request))
    except (requests.RequestException, KeyError, ValueError):
        return went_wrong(request)
    return sent


def come_back(request: HttpRequest) -> HttpResponse:
    """Back from the provider, with a code that is changed for the identity token."""
    provider_of(request)
    view = OAuth2CallbackView.adapter_view(Signed(request, "sso"))
    try:
        answer: HttpResponse = view(request)
    except ImmediateHttpResponse as found:
        answer = found.response
    except (requests.RequestException, KeyError, ValueError):
        return went_wrong(request)
    return answer


def arrived(request: HttpRequest, sociallogin: Any) -> HttpResponse:
    """The provider's word about somebody: a member comes in, anybody else is told that they are none."""
    claims = sociallogin.account.extra_data.get("id_token", {})
    login = claimed_login(claims)
    try:
        sign_in = begin(database(), login=login, how="sso sso_mfa" if asked_for_second(claims) else "sso")
    except LastcallError:
        return _unknown(request, login)
    wanted = str(sociallogin.state.get("next") or "")
    return come_in(request, sign_in, login, wanted=wanted)


def claimed_login(claims: dict[str, Any]) -> str:
    """The login that the provider vouches for; empty when there is none, or when it does not vouch for the address."""
    claim = settings.LASTCALL_OIDC_CLAIM
    if claim == "email" and claims.get("email_verified") is not True:
        return ""
    return str(claims.get(claim) or "").strip().lower()


def asked_for_second(claims: dict[str, Any]) -> bool:
    """Whether the provider says that it asked for more than one factor."""
    methods = claims.get("amr")
    return (isinstance(methods, list) and "mfa" in methods) or claims.get("acr") in settings.LASTCALL_OIDC_ACR


def _unknown(request: HttpRequest, login: str) -> HttpResponse:
    counted = (tries.by_address(address_of(request), pack().policy()),)
    try:
        tries.begin_try(database(), counted=counted, login=login)
    except LastcallError:
        return problem(request, None, trouble("sign_in_locked"), status=403)
    tries.fail(database(), login=login, factor="sso")
    return problem(request, None, trouble("sso_unknown"), status=403)


def went_wrong(request: HttpRequest) -> HttpResponse:
    """The provider could not be reached, refused, or sent something that is not to be believed."""
    return problem(request, None, trouble("sso_failed"), status=502)
