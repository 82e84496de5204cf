"""One spelling for all spellings of an address; the quick way and the library's come to the same."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from corpus.articles.address import _PLAIN, by_w3lib, canonical_url

ARABIC = st.text(st.characters(min_codepoint=0x0600, max_codepoint=0x06FF), min_size=1, max_size=5)
ESCAPES = st.binary(min_size=1, max_size=3).map(lambda data: "".join(f"%{byte:02X}" for byte in data))
PIECES = (
    ARABIC
    | ESCAPES
    | st.sampled_from([*"aZ09-._~/!,", "//", "..", "/.", "./", "/../", ":80", ";", "?", "#", "&", "%", "%2f", "@"])
)
HOSTS = st.sampled_from(
    f"""
    a.example www.news-1.example xn--mgbh0fb.example -a-.example 1.2.3.example a..example 1.2.3.4 a_b.com A.example
    a.example:80 u@a.example {"a" * 63}.example {"a" * 64}.example a.{"b" * 63} a.{"b" * 64} localhost [::1] a.example.
    مثال.example {"a." * 140}example
    """.split()
)
ADDRESSES = st.builds(
    "{}://{}{}{}{}".format,
    st.sampled_from(["http", "https", "HTTP", "ftp"]),
    HOSTS,
    st.sampled_from(["/", "/", "/", ""]),
    st.lists(PIECES, max_size=8).map("".join),
    st.sampled_from(["", "", "", " ", "\n", "\u00a0", "\u2029"]),
)


@given(ADDRESSES)
def test_the_quick_way_gives_what_the_library_gives(url):
    assert canonical_url(url) == by_w3lib(url)


@given(st.from_regex(_PLAIN, fullmatch=True))
def test_the_quick_way_gives_what_the_library_gives_for_all_that_it_takes(url):
    assume(url == url.strip())
    assert canonical_url(url) == by_w3lib(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://a.example/ar/article/خبر-اليوم!/95/7",
        "http://www.a.example/%D8%AE%D8%A8%D8%B1.html",
        "https://a.b.example/2024/11/06/a-b_c/",
    ],
)
def test_addresses_of_articles_go_the_quick_way(url):
    assert _PLAIN.fullmatch(url)


@given(st.text() | st.from_regex(r"https?://[a-z0-9]{1,9}\.[a-z]{2,5}(:[0-9]{1,4})?/[^\s]{0,30}", fullmatch=True))
def test_a_canonical_address_is_canonical_already(url):
    once = canonical_url(url)
    if once is not None:
        assert once.isascii() and canonical_url(once) is not None
        assert not url.startswith("http") or canonical_url(once) == once


@pytest.mark.parametrize(
    "url", [None, "", "a.example", "ftp://a.example/", "javascript:alert(1)", "http://", "http://[::1", "file:///etc/passwd"]
)
def test_what_is_no_web_address_is_none(url):
    assert canonical_url(url) is None


def test_spellings_of_an_address_have_one_form():
    forms = [
        "https://A.example/خبر?b=2&a=1",
        "https://a.example:443/%D8%AE%D8%A8%D8%B1?a=1&utm_source=x&b=2#top",
        " https://a.example/%d8%ae%d8%a8%d8%b1?a=1&b=2 ",
    ]
    assert len({canonical_url(form) for form in forms}) == 1
    assert canonical_url("http://a.example:8080/") != canonical_url("http://a.example/")
    assert canonical_url("http://a.example/?id=1") != canonical_url("http://a.example/?id=1&id=2")
