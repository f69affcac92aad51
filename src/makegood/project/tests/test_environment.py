"""The data folder is for us alone, whoever made it before; a setting that cannot be meant gets a sentence."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from makegood.errors import Refused
from makegood.project import environment


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Named by the environment, not there yet."""
    folder = tmp_path / "state" / "makegood"
    monkeypatch.setenv("MAKEGOOD_DATA", str(folder))
    monkeypatch.delenv("MAKEGOOD_SECRET_KEY", raising=False)
    return folder


@pytest.mark.parametrize("mask", [0o000, 0o022])
def test_the_data_folder_is_made_for_us_alone(folder: Path, mask: int) -> None:
    before = os.umask(mask)
    try:
        made = environment.data_folder()
    finally:
        os.umask(before)

    assert (made, mode(folder)) == (folder, 0o700)


def test_a_data_folder_that_others_could_read_is_closed(folder: Path) -> None:
    folder.mkdir(parents=True)
    folder.chmod(0o755)

    environment.data_folder()

    assert mode(folder) == 0o700


def test_the_secret_key_is_made_once_and_for_us_alone(folder: Path) -> None:
    environment.data_folder()
    key = environment.secret_key(folder)

    assert (environment.secret_key(folder), len(key)) == (key, 64)
    assert [(file.name, mode(file)) for file in folder.iterdir()] == [("secret-key", 0o600)]


def url(word: str) -> tuple[Callable[[], Any], str, str]:
    return lambda: environment.public_url(""), "MAKEGOOD_URL", word


def database(word: str) -> tuple[Callable[[], Any], str, str]:
    return lambda: environment.database(Path("/nowhere")), "DATABASE_URL", word


LMTP = (lambda: environment.address("MAKEGOOD_LMTP"), "MAKEGOOD_LMTP")
PORT = (lambda: environment.port(8000), "MAKEGOOD_PORT")
A_URL = "it must be like https://help.shop.example, without a path."
PROXIES = (lambda: environment.networks("MAKEGOOD_PROXIES"), "MAKEGOOD_PROXIES")
LEVEL = (environment.log_level, "MAKEGOOD_LOG")
UNREADABLE = "cannot be read: its port must be a number, and in a password / is written %2F, # %23, [ %5B."


@pytest.mark.parametrize(
    ("read", "name", "value", "said"),
    [
        (*PORT, "http", "is http; it must be a number from 1 to 65535."),
        (*PORT, "65536", "is 65536; it must be a number from 1 to 65535."),
        (*LMTP, "here:24x", "is here:24x; it must be address:port, such as 127.0.0.1:8024."),
        (*url("shop.example"), f"is shop.example; {A_URL}"),
        (*url("https://a.example/b"), f"is https://a.example/b; {A_URL}"),
        (*url("https://[::1"), UNREADABLE),
        (*PROXIES, "10.0.0.5, proxy", "names proxy; it must be addresses or networks, such as 10.0.0.0/8."),
        (*LEVEL, "loud", "is LOUD; it must be one of DEBUG, INFO, WARNING, ERROR, CRITICAL."),
        (*database("postgres://of:sec/ret@db.example/house"), UNREADABLE),
        (*database("mysql://db.example/house"), "starts with mysql://; Makegood knows sqlite:// and postgres://."),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_gets_a_sentence(
    read: Callable[[], Any], name: str, value: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(Refused) as refused:
        read()

    assert str(refused.value) == f"{name} {said}"


def test_what_can_be_meant_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"MAKEGOOD_URL": "https://help.shop.example/", "MAKEGOOD_LMTP": " [::1]:24 ", "MAKEGOOD_LOG": "debug"}
    given["MAKEGOOD_PROXIES"] = "10.0.0.5, fd00::/8,10.1.2.3/16"
    for name, value in given.items():
        monkeypatch.setenv(name, value)

    read = environment.public_url(""), environment.address("MAKEGOOD_LMTP"), environment.log_level()
    assert read == ("https://help.shop.example", "[::1]:24", "DEBUG")
    assert environment.networks("MAKEGOOD_PROXIES") == ["10.0.0.5", "fd00::/8", "10.1.2.3/16"]
