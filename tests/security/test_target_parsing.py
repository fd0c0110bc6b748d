# ruff: noqa: RUF001 - look-alike characters are what is tested
"""What a user may type, in every disguise, and what comes of it."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cynthia_pipeline.audit.target import MAX_TEXT_CHARS, Target, parse_target
from cynthia_pipeline.browser.egress import EgressPolicy, admitted_target
from cynthia_pipeline.errors import ErrorCode, PermanentError

GUARD = EgressPolicy()


def code_of(text: str, policy: EgressPolicy = GUARD) -> ErrorCode:
    with pytest.raises(PermanentError) as caught:
        admitted_target(text, policy)
    return caught.value.code


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://example.com", "https://example.com/"),
        ("example.com", "https://example.com/"),
        ("  Example.COM/Path?q=1#top \n", "https://example.com/Path?q=1#top"),
        ("//example.com/x", "https://example.com/x"),
        ("example.com:443", "https://example.com/"),
        ("http://example.com:80/", "http://example.com/"),
        ("HTTP:\\\\example.com\\a\\..\\b", "http://example.com/b"),
        ("http:example.com", "http://example.com/"),
        ("http:///example.com", "http://example.com/"),
        ("https://example.com./x", "https://example.com/x"),
        ("https://münchen.de/straße", "https://xn--mnchen-3ya.de/stra%C3%9Fe"),
        ("https://faß.de", "https://xn--fa-hia.de/"),
        ("https://日本語。jp", "https://xn--wgv71a119e.jp/"),
        ("https://ＥＸＡＭＰＬＥ．com", "https://example.com/"),
        ("https://ex%61mple.com", "https://example.com/"),
        ("https://exam\u00adple.com", "https://example.com/"),
        ("https://8.8.8.8/", "https://8.8.8.8/"),
        ("http://134744072/", "http://8.8.8.8/"),
        ("http://[2606:4700:4700::1111]/", "http://[2606:4700:4700::1111]/"),
        ("https://a_b.example.com", "https://a_b.example.com/"),
    ],
)
def test_read_as_a_browser_reads_it(text: str, url: str) -> None:
    assert admitted_target(text, GUARD).url == url


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "hello",
        "hello world",
        "a site about bread",
        "/etc/passwd",
        "?q",
        "#top",
        "\\\\server\\share",
        ".",
        "...",
        "example..com",
        "example.com..",
        "http://",
        "https://?x",
        "https://exa mple.com",
        "https://exa\nmple.com",
        "https://exa\tmple.com",
        "java\nscript:alert(1)",
        "https://example.com/\x00",
        "\x00https://example.com",
        "https://example.com%00.evil.example",
        "https://example.com\u2028",
        "https://\ud800.com",
        "https://256.256.256.256/",
        "https://1.2.3.4.5/",
        "https://0x100000000/",
        "https://[::1",
        "https://[::1%25eth0]/",
        "https://[1:2:3]/",
        "https://example.com:99999/",
        "https://example.com:-1/",
        "https://example.com:8o/",
        "https://a'b.example",
        "https://" + "a" * 64 + ".com/",
        "https://" + "a." * 130 + "com/",
        "https://example.com/" + "a" * MAX_TEXT_CHARS,
        "https://example.com/" + "ü" * (MAX_TEXT_CHARS // 2),
    ],
)
def test_not_an_address(text: str) -> None:
    if text.endswith("\u2028"):  # outer white space is no part of what was typed
        assert admitted_target(text, GUARD).host == "example.com"
    else:
        assert code_of(text) is ErrorCode.NOT_A_URL


@pytest.mark.parametrize(
    "text",
    [
        "ftp://example.com/",
        "file:///etc/passwd",
        "FILE:/etc/passwd",
        "c:\\windows",
        "view-source:https://example.com/",
        "blob:https://example.com/0b6b",
        "data:text/html,<h1>x</h1>",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "vbscript:x",
        "chrome://settings",
        "chrome-extension://abc/x.html",
        "devtools://devtools/",
        "about:blank",
        "ws://example.com/",
        "wss://example.com/",
        "gopher://127.0.0.1:6379/_x",
        "dict://127.0.0.1:11211/",
        "ldap://127.0.0.1/",
        "jar:http://example.com!/",
        "filesystem:https://example.com/temporary/x",
        "mailto:someone@example.com",
        "tel:5551234",
        "intent://example.com#Intent;end",
        "urn:isbn:1",
        "localhoster:80",
    ],
)
def test_other_schemes(text: str) -> None:
    assert code_of(text) is ErrorCode.SCHEME_REFUSED


LOOPBACK_DISGUISES = [
    "http://127.0.0.1/",
    "http://127.1/",
    "http://127.0.1/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0x7f.0.0.1/",
    "http://0x7f.1/",
    "http://0177.0.0.1/",
    "http://0177.1/",
    "http://017700000001/",
    "http://127.0.0.1./",
    "http://0x7F.0X0.0.01",
    "http://127.000.000.001",
    "http://127。0。0。1/",
    "http://127．0．0．1/",
    "http://127｡0｡0｡1/",
    "http://１２７.0.0.1/",
    "http://①②⑦.⓪.⓪.①/",
    "http://%31%32%37.0.0.1/",
    "http://%EF%BC%91%EF%BC%92%EF%BC%97.1/",
    "http://127.0.0.1:80/",
    "https://127.0.0.1:443/x",
    "127.0.0.1",
    "127.1",
    "127.0.0.1:8080",
    "2130706433",
    "0x7f.1",
    "127。0。0。1",
    "//127.0.0.1/",
    "http:127.0.0.1",
    "http:\\\\127.0.0.1\\x",
    "http:///127.0.0.1/",
    "http://[::1]/",
    "[::1]",
    "[::1]:8080",
    "http://[0:0:0:0:0:0:0:1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[::127.0.0.1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[2002:7f00:1::]/",
    "http://localhost/",
    "localhost",
    "localhost:3000",
    "http://LOCALHOST./",
    "http://foo.localhost/",
    "http://ｌｏｃａｌｈｏｓｔ/",
    "http://loc%61lhost/",
    "http://0/",
    "http://0.0.0.0/",
    "http://[::]/",
    "http://0x0/",
]
INNER = [
    "http://10.0.0.1/",
    "http://0xa000001/",
    "http://012.1/",
    "http://172.16.0.1",
    "http://192.168.1.1/",
    "http://3232235777/",
    "http://169.254.169.254/latest/meta-data/",
    "http://0xa9fea9fe/",
    "http://2852039166/",
    "http://0251.0376.0251.0376/",
    "http://[fd00:ec2::254]/",
    "http://[fe80::1]/",
    "http://[fc00::1]/",
    "http://168.63.129.16/",
    "http://100.64.0.1/",
    "http://[ff02::1]/",
    "http://224.0.0.1/",
    "http://255.255.255.255/",
    "http://240.0.0.1/",
    "http://192.0.2.1/",
    "http://198.18.0.1/",
    "http://[2001:db8::1]/",
    "http://[::ffff:169.254.169.254]/",
    "http://[64:ff9b:1::a9fe:a9fe]/",
    "http://[2001::5601:5601]/",
]


@pytest.mark.parametrize("text", LOOPBACK_DISGUISES + INNER)
def test_inner_addresses_in_every_disguise(text: str) -> None:
    assert code_of(text) is ErrorCode.ADDRESS_REFUSED


@pytest.mark.parametrize(
    "text",
    [
        "https://user@example.com/",
        "https://user:password@example.com/",
        "https://:password@example.com/",
        "http://example.com@127.0.0.1/",
        "http://example.com%2f@127.0.0.1/",
        "http://example.com:80@127.0.0.1:80/",
        "https://example.com\uff20127.0.0.1/",
        "someone@example.com",
    ],
)
def test_user_names_and_passwords(text: str) -> None:
    expected = ErrorCode.NOT_A_URL if "\uff20" in text else ErrorCode.CREDENTIALS_IN_URL
    assert code_of(text) is expected


@pytest.mark.parametrize("text", ["https://example.com:8443/", "http://example.com:22/", "example.com:0", "8.8.8.8:53"])
def test_ports(text: str) -> None:
    assert code_of(text) is ErrorCode.PORT_REFUSED


def test_what_the_team_allows() -> None:
    policy = EgressPolicy.allowing(["staging.internal", "10.1.0.0/16", "localhost", "::1"])
    for text in ("http://staging.internal:3000/", "10.1.2.3:8080", "localhost:3000", "http://[::1]:99/"):
        assert admitted_target(text, policy).url
    for text in ("http://10.2.0.1/", "http://127.0.0.1/", "http://x.localhost/", "http://[::ffff:10.1.2.3]/"):
        assert code_of(text, policy) is ErrorCode.ADDRESS_REFUSED


@pytest.mark.parametrize(
    ("host", "registrable"),
    [
        ("example.com", "example.com"),
        ("a.b.example.co.uk", "example.co.uk"),
        ("someone.github.io", "someone.github.io"),
        ("www.xn--mnchen-3ya.de", "xn--mnchen-3ya.de"),
        ("github.io", "github.io"),
        ("localhost", "localhost"),
        ("8.8.8.8", "8.8.8.8"),
        ("[2606:4700::1]", "2606:4700::1"),
    ],
)
def test_registrable_host(host: str, registrable: str) -> None:
    assert parse_target(f"https://{host}/").registrable_host == registrable


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("example.com", "HTTPS://EXAMPLE.COM:443/#top"),
        ("https://example.com/a/../%7Eb", "https://example.com./~b"),
        ("https://example.com/%e4", "https://example.com/%E4"),
        ("https://bücher.example", "https://xn--bcher-kva.example/"),
    ],
)
def test_duplicates_are_recognised(one: str, other: str) -> None:
    assert parse_target(one).normalised == parse_target(other).normalised


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://example.com/", "https://example.com/"),
        ("https://example.com/a", "https://example.com/A"),
        ("https://example.com/?a=1&b=2", "https://example.com/?b=2&a=1"),
        ("https://example.com/#/one", "https://example.com/#/two"),
        ("https://example.com/a%2Fb", "https://example.com/a/b"),
    ],
)
def test_different_pages_stay_different(one: str, other: str) -> None:
    assert parse_target(one).normalised != parse_target(other).normalised


def parsed_or_refused(text: str) -> tuple[Target | None, ErrorCode | None]:
    try:
        return parse_target(text), None
    except PermanentError as error:
        return None, error.code


URL_LIKE = st.builds(
    "{}{}{}".format,
    st.sampled_from(["", "http://", "https://", "//", "HTTP:", "http:\\\\", "view-source:", "\u200b"]),
    st.text(st.characters(codec="utf-8") | st.sampled_from(".:/@[]%#?0x7f。１-_"), max_size=24),
    st.sampled_from(["", ".com", ".com:8080/x", "/../a%7e", "#/x", "?q=%41"]),
)


@given(st.text(max_size=40) | URL_LIKE)
@example("http://a%41.b/%7e#!/x")
def test_any_text_gives_a_stable_target_or_a_typed_refusal(text: str) -> None:
    target, code = parsed_or_refused(text)
    if target is None:
        assert code in {ErrorCode.NOT_A_URL, ErrorCode.SCHEME_REFUSED, ErrorCode.CREDENTIALS_IN_URL}
        return
    assert target.url.startswith(("http://", "https://"))
    assert target.url.isascii()
    assert "@" not in target.url.partition("://")[2].partition("/")[0]
    assert parse_target(target.url) == target
    assert parse_target(target.normalised).normalised == target.normalised
