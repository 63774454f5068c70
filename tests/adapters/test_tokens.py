"""Reader and guest tokens: what is accepted, and the reason for each refusal."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

from service.adapters.tokens import (
    GUEST_TYPE,
    ReaderClaims,
    is_guest_token,
    issue_guest_token,
    issue_reader_token,
    verify_guest_token,
    verify_reader_token,
)
from service.domain.errors import Unauthenticated

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SECRET = "a-publisher-secret-of-enough-length-01"
OTHER_SECRET = "another-publisher-secret-of-length-02"
HOUR = timedelta(hours=1)
ALICE = {"id": "u-1", "username": "Alice"}


def verify(token: str, **changes: Any) -> ReaderClaims:
    arguments: dict[str, Any] = {"secrets": [SECRET], "jwks": None, "site": "demo", "now": NOW}
    return verify_reader_token(token, **(arguments | changes))


def refusal(token: str, **changes: Any) -> Unauthenticated:
    with pytest.raises(Unauthenticated) as caught:
        verify(token, **changes)
    return caught.value


def encoded(data: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(data).encode()).rstrip(b"=").decode()


def signed(claims: object, header: dict[str, Any] | None = None, secret: str = SECRET) -> str:
    """An HS256 token made by hand, so that it can hold what no library would write."""
    body = f"{encoded(header or {'alg': 'HS256', 'typ': 'JWT'})}.{encoded(claims)}"
    mac = hmac.digest(secret.encode(), body.encode(), hashlib.sha256)
    return f"{body}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


def claims_of(user: object, **others: object) -> dict[str, object]:
    return {"user": user, "exp": int((NOW + HOUR).timestamp()), **others}


def test_every_claim_of_a_reader_is_read() -> None:
    user = {
        **ALICE,
        "email": "alice@example.org",
        "avatar": "https://example.org/a.png",
        "badges": ["subscriber", "staff"],
    }
    token = issue_reader_token(user, SECRET, HOUR, site="demo", token_id="t-9", now=NOW)
    assert verify(token) == ReaderClaims(
        id="u-1",
        username="Alice",
        email="alice@example.org",
        avatar="https://example.org/a.png",
        badges=("subscriber", "staff"),
        issued_at=NOW,
        expires_at=NOW + HOUR,
        token_id="t-9",
    )


def test_a_token_signed_with_the_older_of_two_secrets_is_still_accepted() -> None:
    token = issue_reader_token(ALICE, SECRET, HOUR, now=NOW)
    assert verify(token, secrets=[OTHER_SECRET, SECRET]).id == "u-1"


def test_a_token_without_a_time_of_issue_counts_as_issued_now() -> None:
    assert verify(signed(claims_of(ALICE))).issued_at == NOW


@pytest.mark.filterwarnings("ignore:EdDSA is deprecated")
@pytest.mark.parametrize(
    ("key", "algorithm"),
    [
        (OKPKey.generate_key("Ed25519"), "EdDSA"),
        (OKPKey.generate_key("Ed25519"), "Ed25519"),
        (RSAKey.generate_key(2048), "RS256"),
        (ECKey.generate_key("P-256"), "ES256"),
    ],
    ids=["EdDSA", "Ed25519", "RS256", "ES256"],
)
def test_a_token_signed_with_a_key_of_the_jwks_is_accepted(key: Any, algorithm: str) -> None:
    token = jwt.encode(
        {"alg": algorithm, "kid": "k1"}, claims_of(ALICE), key, algorithms=[algorithm]
    )
    jwks = {"keys": [{**key.as_dict(private=False), "kid": "k1"}]}
    assert verify(token, secrets=[], jwks=jwks).username == "Alice"


def test_a_token_that_names_another_key_id_is_refused() -> None:
    key = OKPKey.generate_key("Ed25519")
    token = jwt.encode(
        {"alg": "Ed25519", "kid": "k2"}, claims_of(ALICE), key, algorithms=["Ed25519"]
    )
    jwks = {"keys": [{**key.as_dict(private=False), "kid": "k1"}]}
    assert refusal(token, secrets=[], jwks=jwks).code == "token_key"


def test_an_unreadable_key_in_the_jwks_does_not_lock_out_the_others() -> None:
    key = OKPKey.generate_key("Ed25519")
    token = jwt.encode({"alg": "Ed25519"}, claims_of(ALICE), key, algorithms=["Ed25519"])
    jwks = {"keys": ["?", {"kty": "OKP", "crv": "Ed25519"}, key.as_dict(private=False)]}
    assert verify(token, secrets=[], jwks=jwks).id == "u-1"


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "HS384", "HS512", "ES256K", ""])
def test_other_algorithms_are_refused(algorithm: str) -> None:
    token = signed(claims_of(ALICE), {"alg": algorithm, "typ": "JWT"})
    assert refusal(token, jwks={"keys": []}).code == "token_algorithm"


def test_an_unsigned_token_is_refused() -> None:
    body = f"{encoded({'alg': 'none'})}.{encoded(claims_of(ALICE))}."
    assert refusal(body).code in ("token_algorithm", "token_malformed")


def test_a_public_key_cannot_be_used_as_a_secret() -> None:
    key = RSAKey.generate_key(2048)
    public_pem = key.as_pem(private=False).decode()
    token = signed(claims_of(ALICE), secret=public_pem)
    assert refusal(token, secrets=[public_pem]).code == "token_key"
    jwks = {"keys": [key.as_dict(private=False)]}
    assert refusal(token, secrets=[], jwks=jwks).code == "token_key"


def test_a_symmetric_key_in_a_public_jwks_is_never_used() -> None:
    jwks = {"keys": [OctKey.import_key(SECRET).as_dict()]}
    token = issue_reader_token(ALICE, SECRET, HOUR, now=NOW)
    assert refusal(token, secrets=[], jwks=jwks).code == "token_key"


@pytest.mark.parametrize("secrets", [[], [""], [OTHER_SECRET]])
def test_a_token_of_an_unknown_secret_is_refused(secrets: list[str]) -> None:
    token = signed(claims_of(ALICE))
    assert refusal(token, secrets=secrets).code in ("token_key", "token_signature")


def test_an_empty_secret_signs_for_nobody() -> None:
    assert refusal(signed(claims_of(ALICE), secret=""), secrets=[""]).code == "token_key"


def test_a_changed_payload_is_refused() -> None:
    head, _, mac = signed(claims_of(ALICE)).split(".")
    other = encoded(claims_of({"id": "u-2", "username": "Mallory"}))
    assert refusal(f"{head}.{other}.{mac}").code == "token_signature"


def test_a_token_holds_for_half_a_minute_after_its_end() -> None:
    token = issue_reader_token(ALICE, SECRET, HOUR, now=NOW)
    assert verify(token, now=NOW + HOUR + timedelta(seconds=29)).id == "u-1"
    late = refusal(token, now=NOW + HOUR + timedelta(seconds=31))
    assert (late.code, "expired" in late.detail) == ("token_expired", True)


@pytest.mark.parametrize("claim", ["nbf", "iat"])
def test_a_token_from_the_future_is_refused(claim: str) -> None:
    token = signed(claims_of(ALICE, **{claim: NOW.timestamp() + 120}))
    assert refusal(token).code == "token_not_yet_valid"


@pytest.mark.parametrize("audience", ["other", ["other", "third"], 7, {"demo": 1}, ""])
def test_a_token_for_another_site_is_refused(audience: object) -> None:
    assert refusal(signed(claims_of(ALICE, aud=audience))).code == "token_site"


def test_a_token_may_name_several_sites() -> None:
    assert verify(signed(claims_of(ALICE, aud=["other", "demo"]))).id == "u-1"


WRONG_USERS: list[object] = [
    None,
    "alice",
    [],
    {},
    {"id": "u-1"},
    {"username": "Alice"},
    {"id": 7, "username": "Alice"},
    {"id": "", "username": "Alice"},
    {"id": "u" * 256, "username": "Alice"},
    {"id": "u\x00", "username": "Alice"},
    {"id": "u-1", "username": ["Alice"]},
    {"id": "u-1", "username": "A" * 81},
    {"id": "u-1", "username": "   "},
    {"id": "u-1", "username": "\u200b\u200d"},
    {"id": "u-1", "username": "Ali\u202ece"},
    {"id": "u-1", "username": "Ali\ud800ce"},
    {"id": "u-1", "username": "Ali\nce"},
    {**ALICE, "email": "not an address"},
    {**ALICE, "email": 5},
    {**ALICE, "avatar": "javascript:alert(1)"},
    {**ALICE, "avatar": "https://example.org/" + "a" * 2048},
    {**ALICE, "badges": "staff"},
    {**ALICE, "badges": [1]},
    {**ALICE, "badges": ["b" * 41]},
    {**ALICE, "badges": ["b"] * 21},
]


@pytest.mark.parametrize("user", WRONG_USERS, ids=range(len(WRONG_USERS)))
def test_a_wrong_user_claim_is_refused_with_its_name(user: object) -> None:
    refused = refusal(signed(claims_of(user)))
    assert refused.code == "token_claims"
    assert "user" in refused.detail


@pytest.mark.parametrize("time", ["soon", True, [1], -1, 1e300, float("nan"), float("inf"), {}])
def test_a_wrong_time_is_refused_with_its_name(time: object) -> None:
    refused = refusal(signed(claims_of(ALICE) | {"exp": time}))
    assert (refused.code, "`exp`" in refused.detail) == ("token_claims", True)


def test_a_token_without_an_end_is_refused() -> None:
    assert refusal(signed({"user": ALICE})).code == "token_claims"


@pytest.mark.parametrize(
    "token",
    [
        "",
        "a",
        "..",
        "a.b.c",
        "a.b.c.d.e",
        "é.é.é",
        "\ud800.b.c",
        "eyJ9.e30.x",
        f"{encoded([])}.{encoded({})}.x",
        f"{encoded({'alg': 7})}.{encoded({})}.x",
        f"{encoded({})}.{encoded({})}.x",
        f"{encoded({'alg': 'HS256'})}.!!.x",
        "x.y.z\n",
    ],
)
def test_what_is_no_token_is_refused(token: str) -> None:
    assert refusal(token).code in ("token_malformed", "token_signature")


@pytest.mark.parametrize("payload", [[], "text", 7, None])
def test_a_payload_that_is_no_object_is_refused(payload: object) -> None:
    assert refusal(signed(payload)).code == "token_signature"


def test_a_deeply_nested_payload_is_refused() -> None:
    body = f"{encoded({'alg': 'HS256'})}.{base64.urlsafe_b64encode(b'[' * 5000).decode()}"
    mac = hmac.digest(SECRET.encode(), body.encode(), hashlib.sha256)
    token = f"{body}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"
    assert refusal(token).code in ("token_signature", "token_malformed")


def test_an_unknown_critical_header_is_refused() -> None:
    token = signed(claims_of(ALICE), {"alg": "HS256", "crit": ["x"], "x": 1})
    assert refusal(token).code in ("token_signature", "token_malformed")


def test_a_token_over_eight_kilobytes_is_refused() -> None:
    assert refusal(signed(claims_of(ALICE, padding="x" * 8192))).code == "token_too_large"


def test_a_guest_token_comes_back_as_issued() -> None:
    token = issue_guest_token("s-1", "r-1", "Visitor", SECRET, now=NOW)
    guest = verify_guest_token(token, site_id="s-1", secret=SECRET, now=NOW + HOUR)
    assert (guest.site_id, guest.reader_id, guest.username) == ("s-1", "r-1", "Visitor")
    assert guest.issued_at == NOW


def test_a_guest_token_never_passes_as_a_publishers_token() -> None:
    token = issue_guest_token("demo", "r-1", "Visitor", SECRET, now=NOW)
    assert refusal(token).code == "token_malformed"


def test_a_guest_signature_does_not_match_a_publishers_secret() -> None:
    _, payload, _ = issue_guest_token("demo", "r-1", "Visitor", SECRET, now=NOW).split(".")
    claims = json.loads(base64.urlsafe_b64decode(payload + "=="))
    token = signed({**claims, "user": ALICE}, {"alg": "HS256", "typ": GUEST_TYPE})
    with pytest.raises(Unauthenticated) as caught:
        verify_guest_token(token, site_id="demo", secret=SECRET, now=NOW)
    assert caught.value.code == "token_signature"


def test_a_publishers_token_never_passes_as_a_guest_token() -> None:
    token = issue_reader_token(ALICE, SECRET, HOUR, site="parley-guest:demo", now=NOW)
    with pytest.raises(Unauthenticated) as caught:
        verify_guest_token(token, site_id="demo", secret=SECRET, now=NOW)
    assert caught.value.code == "token_malformed"


@pytest.mark.parametrize(
    ("site_id", "secret", "late", "code"),
    [
        ("s-2", SECRET, 0, "token_site"),
        ("s-1", OTHER_SECRET, 0, "token_signature"),
        ("s-1", SECRET, 181, "token_expired"),
    ],
)
def test_a_guest_token_holds_only_where_and_while_it_was_meant_to(
    site_id: str, secret: str, late: int, code: str
) -> None:
    token = issue_guest_token("s-1", "r-1", "Visitor", SECRET, now=NOW)
    with pytest.raises(Unauthenticated) as caught:
        verify_guest_token(token, site_id=site_id, secret=secret, now=NOW + timedelta(days=late))
    assert caught.value.code == code


def test_the_kind_of_a_token_is_known_before_it_is_checked() -> None:
    assert is_guest_token(issue_guest_token("demo", "r-1", "Visitor", SECRET))
    assert not is_guest_token(issue_reader_token(ALICE, SECRET, HOUR))
    with pytest.raises(Unauthenticated):
        is_guest_token("no token")
