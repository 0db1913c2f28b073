"""Where a webhook may go, as tables."""

from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.model.addresses import AddressGuard, Destination, check_url, is_public
from moderation.model.errors import InvalidInput

PUBLIC_ONLY = AddressGuard()
HOME = AddressGuard(
    allowed_networks=(ip_network("127.0.0.0/8"), ip_network("10.1.0.0/16"), ip_network("::1/128")),
    allow_http=True,
)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://hooks.example.com", Destination("https", "hooks.example.com", 443, "/")),
        (
            "HTTPS://Hooks.Example.COM/A?b=C",
            Destination("https", "hooks.example.com", 443, "/A?b=C"),
        ),
        ("https://hooks.example.com:443/x", Destination("https", "hooks.example.com", 443, "/x")),
        ("https://hooks.example.com?a=b", Destination("https", "hooks.example.com", 443, "/?a=b")),
        (
            "https://xn--mnchen-3ya.example/",
            Destination("https", "xn--mnchen-3ya.example", 443, "/"),
        ),
        ("https://1e100.net/@me", Destination("https", "1e100.net", 443, "/@me")),
        ("https://8.8.8.8/", Destination("https", "8.8.8.8", 443, "/")),
        ("https://[2606:4700:0:0::1111]/", Destination("https", "2606:4700::1111", 443, "/")),
    ],
)
def test_a_public_url_is_taken_apart(url: str, expected: Destination) -> None:
    assert check_url(url, PUBLIC_ONLY) == expected


@pytest.mark.parametrize(
    "url",
    [
        # Other schemes
        "http://hooks.example.com/",
        "file:///etc/passwd",
        "gopher://hooks.example.com/_x",
        "ftp://hooks.example.com/",
        "javascript:alert(1)",
        "//hooks.example.com/",
        "hooks.example.com",
        "",
        # No host, or none that every parser reads alike
        "https://",
        "https:///path",
        "https:hooks.example.com",
        "https:/hooks.example.com",
        "https://hooks.example.com:/",
        "https://.example.com/",
        "https://hooks..example.com/",
        "https://hooks.example.com./",
        "https://8.8.8.8./",
        "https://-a.example.com/",
        "https://hooks_.ex%61mple.com/",
        "https://127.0.0.%31/",
        "https://hooks.example.com,evil.example/",
        f"https://{'a' * 64}.example.com/",
        f"https://{'a.' * 130}com/",
        f"https://hooks.example.com/{'a' * 2048}",
        # User names, backslashes, fragments, blanks and control characters
        "https://user@hooks.example.com/",
        "https://user:word@hooks.example.com/",
        "https://hooks.example.com@127.0.0.1/",
        "https://hooks.example.com:443@127.0.0.1/",
        "https://hooks.example.com\\@127.0.0.1/",
        "https:\\\\hooks.example.com/",
        "https://hooks.example.com/#part",
        "https://hooks.example.com#@127.0.0.1/",
        " https://hooks.example.com/",
        "https://hooks.example.com/ HTTP/1.1",
        "https://hooks.example.com/\r\nX-Injected: 1",
        "https://hooks.exa\tmple.com/",
        "https://hooks.example.com/\x00",
        # International tricks
        "https://münchen.example/",
        "https://①②⑦.⓪.⓪.①/",
        "https://127。0。0。1/",
        "https://hooks.example.com\uff0fpath",
        "https://hoo\u212as.example.com/",  # the Kelvin sign is a k to careless lower-casing
        "https://hooks.example.com\u3002/",
        # Ports
        "https://hooks.example.com:22/",
        "https://hooks.example.com:80/",
        "https://hooks.example.com:8443/",
        "https://hooks.example.com:0/",
        "https://hooks.example.com:65536/",
        "https://hooks.example.com:4_43/",
        "https://hooks.example.com:+443/",
        "https://hooks.example.com:443443443443/",
        # Names that cannot be public
        "https://localhost/",
        "https://postgres/",
        # IP addresses in disguise
        "https://127.0.0.1/",
        "https://127.1/",
        "https://0x7f000001/",
        "https://0x7f.0.0.1/",
        "https://127.0.0.0x1/",
        "https://2130706433/",
        "https://017700000001/",
        "https://0177.0.0.1/",
        "https://127.0.0.1.5/",
        "https://8.8.8.08/",
        "https://0/",
        "https://0x/",
        "https://[::1]/",
        "https://[::]/",
        "https://[::ffff:10.0.0.1]/",
        "https://[::ffff:8.8.8.8]/",
        "https://[64:ff9b::7f00:1]/",
        "https://[64:ff9b::8.8.8.8]/",
        "https://[fe80::1%25eth0]/",
        "https://[fe80::1%eth0]/",
        "https://[::1]evil.example/",
        "https://evil.example[::1]/",
        "https://[8.8.8.8]/",
        "https://[v1.a]/",
        "https://[::1/",
        "https://169.254.169.254/latest/meta-data/",
    ],
)
def test_a_doubtful_url_is_refused(url: str) -> None:
    with pytest.raises(InvalidInput):
        check_url(url, PUBLIC_ONLY)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://hooks.example.com/", "start with https://; COPYDESK_WEBHOOK_ALLOW_HTTP"),
        ("https://hooks.example.com:8443/", "standard port"),
        ("https://10.0.0.1/", "not allowed; COPYDESK_WEBHOOK_ALLOWED_NETWORKS"),
        ("https://127.1/", "not written in full"),
        ("https://a@hooks.example.com/", "user name or password"),
        ("https://münchen.example/", "xn--"),
        ("https://redis/", "full host name"),
    ],
)
def test_a_refusal_says_what_to_change(url: str, words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        check_url(url, PUBLIC_ONLY)


@pytest.mark.parametrize(
    ("text", "public"),
    [
        ("8.8.8.8", True),
        ("192.0.1.1", True),
        ("172.32.0.1", True),
        ("100.128.0.1", True),
        ("2606:4700::1111", True),
        ("2a00:1450::1", True),
        ("0.0.0.0", False),  # noqa: S104 - nothing is bound
        ("0.1.2.3", False),
        ("10.0.0.1", False),
        ("100.64.0.1", False),
        ("100.127.255.254", False),
        ("127.0.0.1", False),
        ("127.255.255.254", False),
        ("169.254.169.254", False),
        ("172.16.0.1", False),
        ("172.31.255.255", False),
        ("192.0.0.8", False),
        ("192.0.0.9", False),
        ("192.0.2.1", False),
        ("192.88.99.1", False),
        ("192.168.0.1", False),
        ("198.18.0.1", False),
        ("198.19.255.255", False),
        ("198.51.100.1", False),
        ("203.0.113.1", False),
        ("224.0.0.1", False),
        ("239.255.255.250", False),
        ("240.0.0.1", False),
        ("255.255.255.255", False),
        ("::", False),
        ("::1", False),
        ("::7f00:1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:8.8.8.8", False),
        ("::ffff:0:8.8.8.8", False),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b::808:808", False),
        ("64:ff9b:1::1", False),
        ("100::1", False),
        ("2001::1", False),
        ("2001:0:4136:e378:8000:63bf:3fff:fdd2", False),
        ("2001:2::1", False),
        ("2001:20::1", False),
        ("2001:db8::1", False),
        ("2002:7f00:1::", False),
        ("2002:808:808::1", False),
        ("3fff::1", False),
        ("5f00::1", False),
        ("fc00::1", False),
        ("fd12:3456::1", False),
        ("fe80::1", False),
        ("fe80::1%eth0", False),
        ("fec0::1", False),
        ("ff02::1", False),
        ("ff0e::1", False),
    ],
)
def test_an_address_is_public_or_not(text: str, public: bool) -> None:  # noqa: FBT001 - a table
    assert is_public(ip_address(text)) is public
    assert PUBLIC_ONLY.permits(ip_address(text), 443) is public


@given(st.ip_addresses(v=6, network="2002::/16") | st.ip_addresses(v=6, network="64:ff9b::/96"))
def test_no_address_that_carries_another_one_is_public(address: object) -> None:
    assert not is_public(ip_address(str(address)))


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_gains_nothing_by_being_mapped(address: object) -> None:
    assert not HOME.permits(ip_address(f"::ffff:{address}"), 443)


@pytest.mark.parametrize(
    ("url", "header"),
    [
        ("http://127.0.0.1:9000/hook", "127.0.0.1:9000"),
        ("http://[::1]:9000/hook", "[::1]:9000"),
        ("http://10.1.2.3/", "10.1.2.3"),
        ("http://localhost:9000/", "localhost:9000"),
        ("http://hooks.example.com/", "hooks.example.com"),
        ("https://receiver:8443/", "receiver:8443"),
    ],
)
def test_an_operator_can_allow_their_own_network(url: str, header: str) -> None:
    assert check_url(url, HOME).host_header == header


@pytest.mark.parametrize(
    "url",
    [
        "http://10.2.0.1/",
        "http://192.168.0.1/",
        "http://127.1/",
        "http://8.8.8.8:9000/",
        "http://[::2]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:10.1.0.1]:9000/",
        "http://localhost:0/",
        "http://localhost:70000/",
    ],
)
def test_an_allowed_network_opens_nothing_else(url: str) -> None:
    with pytest.raises(InvalidInput):
        check_url(url, HOME)


@pytest.mark.parametrize(
    ("address", "port", "permitted"),
    [
        ("10.1.2.3", 6379, True),
        ("10.2.2.3", 443, False),
        ("8.8.8.8", 443, True),
        ("8.8.8.8", 80, True),
        ("8.8.8.8", 8443, False),
    ],
)
def test_other_ports_are_for_allowed_networks(
    address: str,
    port: int,
    permitted: bool,  # noqa: FBT001 - a table
) -> None:
    assert HOME.permits(ip_address(address), port) is permitted


def test_plain_http_is_a_choice_of_its_own() -> None:
    guard = AddressGuard(allowed_networks=(ip_network("10.0.0.0/8"),))

    assert check_url("https://10.0.0.1:8443/", guard).port == 8443
    with pytest.raises(InvalidInput, match="https"):
        check_url("http://10.0.0.1/", guard)


@given(st.text(max_size=60) | st.text(max_size=60).map("https://".__add__))
def test_any_text_is_a_destination_or_a_refusal(text: str) -> None:
    try:
        destination = check_url(text, HOME)
    except InvalidInput:
        return
    sent = f"{destination.host_header} {destination.target}"
    assert sent.isascii()
    assert sent.isprintable()
    assert sent.count(" ") == 1
