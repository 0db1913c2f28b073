"""Links: only to a site's own hosts, in whatever way an address is written."""

import pytest

from moderation.model.errors import InvalidInput
from moderation.model.links import check_hosts, own_link

HOSTS = ("news.example", "xn--bcher-kva.example")


@pytest.mark.parametrize(
    ("address", "link"),
    [
        ("https://news.example/a?b=c#comment-1", "https://news.example/a?b=c#comment-1"),
        ("http://www.NEWS.example", "http://www.news.example/"),
        ("https://news.example:443/a", "https://news.example/a"),
        ("http://news.example:80/a", "http://news.example/a"),
        ("https://xn--bcher-kva.example/", "https://xn--bcher-kva.example/"),
        (
            "https://news.example/stra\u00dfe?q=\u202e#\u0441",
            "https://news.example/stra%C3%9Fe?q=%E2%80%AE#%D1%81",
        ),
        ("https://news.example/a%2Fb%20c", "https://news.example/a%2Fb%20c"),
    ],
)
def test_an_address_of_a_host_or_its_subdomain_is_a_link(address: str, link: str) -> None:
    assert own_link(address, HOSTS) == link


@pytest.mark.parametrize(
    "address",
    [
        *(None, "", "news.example", "//news.example/", "/a", "https:news.example/a"),
        *(
            "javascript:alert(1)//news.example",
            "data:text/html,news.example",
            "ftp://news.example/",
        ),
        *("https://evilnews.example/", "https://news.example.evil.example/", "https://example/"),
        *(
            "https://news.example@evil.example/",
            "https://a:b@news.example/",
            "https://@news.example/",
        ),
        *("https://news.example:8443/", "https://news.example:80/", "http://news.example:443/"),
        *("https://news.example:/", "https://news.example:443x/", "https://news.example:+443/"),
        *("https://news.example./", "https://.news.example/", "https://a..news.example/"),
        *(
            "https://news.example\\@evil.example/",
            "https:\\\\news.example/",
            "https:///news.example/",
        ),
        *("https://news.example%2eevil.example/", "https://news.example%00.evil.example/"),
        *("https://new\u0455.example/", "https://\uff4eews.example/", "https://news\u3002example/"),
        *(
            "https://b\u00fccher.example/",
            "https://new\u00ads.example/",
            "https://news.exampl\u212f/",
        ),
        *(" https://news.example/", "https://news.example/a b", "ht\ntps://news.example/"),
        *("https://news.example/\t", "https://news.example/\u00a0", "https://news.example/\x85"),
        *('https://news.example/"onclick=', "https://news.example/<b>", "https://news.example/`"),
        *("https://[news.example]/", "https://[::1]/", "https://news.example[/", "https://["),
        "https://news.example/" + "a" * 2048,
    ],
)
def test_whatever_leads_elsewhere_or_may_be_read_so_is_no_link(address: str | None) -> None:
    assert own_link(address, HOSTS) is None


def test_without_hosts_nothing_is_a_link() -> None:
    assert own_link("https://news.example/", ()) is None


def test_hosts_are_kept_as_browsers_write_them() -> None:
    assert check_hosts([" News.Example ", "news.example", "", "m.news.example"]) == (
        "news.example",
        "m.news.example",
    )


@pytest.mark.parametrize(
    "host",
    [
        *("example", "https://news.example", "news.example/", "news.example:443", "*.news.example"),
        *("127.0.0.1", "a.0x7f", "[::1]", "b\u00fccher.example", "-a.example", "a_b.example", "."),
        "a." * 130 + "example",
    ],
)
def test_what_is_no_full_name_is_no_host(host: str) -> None:
    with pytest.raises(InvalidInput):
        check_hosts([host])


def test_a_site_has_not_too_many_hosts() -> None:
    with pytest.raises(InvalidInput):
        check_hosts([f"n{number}.example" for number in range(51)])
