"""Web pages of others cannot use the service."""

import pytest

from sklearn_mer.serve._guard import Guard, is_loopback

LOCAL, OPEN = Guard(None, {"Mer.example."}, False), Guard(None, {"mer.example"}, True)


@pytest.mark.parametrize(
    ("host", "is_local", "is_open"),
    [
        ("127.0.0.1:8000", True, True),
        ("localhost", True, True),
        ("LOCALHOST.:80", True, True),
        ("[::1]:8000", True, True),
        ("mer.example:8000", True, True),
        ("192.168.1.5:8000", False, True),  # a page has a name, and no name is an address
        ("evil.example", False, False),
        ("localhost.evil.example", False, False),
        ("127.0.0.1.evil.example", False, False),
        ("evil@localhost", True, True),
        ("", False, False),
        ("[", False, False),
    ],
)
def test_names_of_others_are_refused(host, is_local, is_open):
    assert (LOCAL.knows(host), OPEN.knows(host)) == (is_local, is_open)
    assert (LOCAL.why_not("GET", {b"host": host}) is None) == is_local


@pytest.mark.parametrize(
    ("headers", "is_taken"),
    [
        ({}, True),  # no browser
        ({b"origin": "http://localhost:8000"}, True),
        ({b"origin": "http://localhost:3000"}, False),
        ({b"origin": "http://evil.example"}, False),
        ({b"origin": "null"}, False),
        ({b"sec-fetch-site": "same-origin", b"origin": "https://proxy.example"}, True),
        ({b"sec-fetch-site": "same-site", b"origin": "http://localhost:8000"}, False),
        ({b"sec-fetch-site": "cross-site"}, False),
        ({b"sec-fetch-site": "none"}, True),
    ],
)
def test_pages_of_others_cannot_post(headers, is_taken):
    headers |= {b"host": "localhost:8000"}
    assert (LOCAL.why_not("POST", headers) is None) == is_taken
    assert LOCAL.why_not("GET", headers) is None


def test_a_refused_page_is_told_in_json_and_nothing_is_kept(service):
    status, answer = service.post(b"sound", origin="http://evil.example")
    assert (status, "another site" in answer["error"]) == (403, True)
    status, answer = service.post(b"sound", host="evil.example")
    assert (status, "--name" in answer["error"]) == (403, True)
    assert service.pool.files == []
    assert service.post(b"sound", host="mer.example")[0] == 200


def test_loopback():
    addresses = ["127.0.0.1", "127.8.8.8", "::1", "0.0.0.0", "::", "10.0.0.1", "fe80::1%eth0"]
    assert [is_loopback(address) for address in addresses] == [True] * 3 + [False] * 4
