import pytest

from makegood.agents.devices import browser_and_system

_WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0", ("Firefox", "Linux")),
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {_WEBKIT} Chrome/150.0 Safari/537.36", ("Chrome", "Windows")),
        (f"Mozilla/5.0 (Windows NT 10.0) {_WEBKIT} Chrome/150.0 Safari/537.36 Edg/150.0", ("Edge", "Windows")),
        (f"Mozilla/5.0 (Linux; Android 16; K) {_WEBKIT} Chrome/150.0 Mobile Safari/537.36", ("Chrome", "Android")),
        (f"Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) {_WEBKIT} Version/19.0 Safari/604.1",
         ("Safari", "iPhone")),
        (f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {_WEBKIT} Version/19.0 Safari/605.1", ("Safari", "Mac")),
        ("curl/8.9", ("", "")),
        ("", ("", "")),
    ],
)  # fmt: skip
def test_a_browser_and_its_system_are_named(header: str, expected: tuple[str, str]) -> None:
    assert browser_and_system(header) == expected
