"""Who may log in to the local Label Studio: `.warraq/credentials.json` (mode 0600), and new accounts without a click.

Accounts are made as a person would: by the invitation page, because the API leaves a new user with no password.
"""

import secrets
from pathlib import Path

import httpx
import msgspec
from msgspec import Struct

from corpus import store
from corpus.errors import CorpusError, ServiceError

TIMEOUT = 60.0
DOMAIN = "warraq.local"


class Account(Struct, frozen=True):
    """An e-mail address that only Label Studio sees, its password, and the API token (40 hex digits)."""

    email: str
    password: str
    token: str


class Credentials(Struct):
    """The account that owns the server, and the annotators', by name."""

    owner: Account
    annotators: dict[str, Account] = {}


def credentials(state: Path) -> Credentials | None:
    """The stored credentials of a corpus folder's `.warraq/`, if any.

    Raises:
        CorpusError: the file is not readable as such.
    """
    path = state / "credentials.json"
    try:
        return msgspec.json.decode(path.read_bytes(), type=Credentials)
    except FileNotFoundError:
        return None
    except msgspec.MsgspecError as error:
        raise CorpusError(
            f"{path} is not valid: {error}", f"delete it and {state / 'label-studio'}, and start again"
        ) from None


def owner(state: Path) -> Account:
    """The account that owns the server.

    Raises:
        CorpusError: there is none yet.
    """
    return _stored(state).owner


def new_owner(state: Path) -> Credentials:
    """Make and store the owner's account, before the server that will have it is started."""
    made = Credentials(Account(f"maintainer@{DOMAIN}", secrets.token_urlsafe(12), secrets.token_hex(20)))
    _save(state, made)
    return made


def add_annotator(state: Path, url: str, name: str) -> Account:
    """The account of an annotator, made on the server if it is not there.

    Args:
        state: the corpus folder's `.warraq/`.
        url: of the server.
        name: letters, digits, `-` and `_`; becomes the part of the e-mail address before the @.

    Raises:
        CorpusError: the name is not of that form, or there are no credentials yet.
        ServiceError: the server refused.
    """
    if not name.replace("-", "").replace("_", "").isalnum() or not name.isascii():
        raise CorpusError(f"an annotator's name is made of a-z, 0-9, - and _; got {name!r}", "choose another name")
    stored = _stored(state)
    account = stored.annotators.get(name) or Account(f"{name.lower()}@{DOMAIN}", secrets.token_urlsafe(12), "")
    if not account.token:
        stored.annotators[name] = account
        _save(state, stored)  # before the account is made: killed in between, its password would be lost
        stored.annotators[name] = msgspec.structs.replace(account, token=_sign_up(url, stored.owner.token, account))
        _save(state, stored)
    return stored.annotators[name]


def _stored(state: Path) -> Credentials:
    stored = credentials(state)
    if stored is None:
        raise CorpusError("there is no Label Studio of this corpus yet", "run `warraq studio start`")
    return stored


def _fill_in(client: httpx.Client, page: str, account: Account) -> bool:
    """Send a page's form of e-mail address and password; whether it was accepted."""
    client.get(page).raise_for_status()
    form = {"email": account.email, "password": account.password, "csrfmiddlewaretoken": client.cookies["csrftoken"]}
    answer = client.post(page, data=form, headers={"Referer": str(client.base_url)})
    return answer.status_code == httpx.codes.FOUND


def _save(state: Path, value: Credentials) -> None:
    store.write_json(state / "credentials.json", value, mode=0o600)


def _sign_up(url: str, owner_token: str, account: Account) -> str:
    """Fill in the invitation page, or log in if the account is there, and return the account's token."""
    try:
        with httpx.Client(base_url=url, timeout=TIMEOUT, trust_env=False) as client:
            invitation = client.get("/api/invite", headers={"Authorization": f"Token {owner_token}"})
            invitation.raise_for_status()
            page = invitation.json()["invite_url"]
            if not (_fill_in(client, page, account) or _fill_in(client, "/user/login/", account)):
                raise ServiceError(
                    f"Label Studio at {url} made no account for {account.email.split('@')[0]!r}",
                    "see whether an account of that name exists already; if so choose another name",
                )
            token = client.get("/api/current-user/token")
            if token.is_server_error:  # an account without one: its making was cut short after the account's own
                headers = {"X-CSRFToken": client.cookies["csrftoken"], "Referer": url}
                token = client.post("/api/current-user/reset-token/", headers=headers)
            token.raise_for_status()
            return str(token.json()["token"])
    except (httpx.HTTPError, KeyError, ValueError) as error:
        raise ServiceError(
            f"Label Studio at {url} did not make an account: {type(error).__name__}", "run `warraq studio status`"
        ) from None
