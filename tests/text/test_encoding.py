"""Telling an encoding by content, handing text on as UTF-8, and mending Arabic that was read in a wrong encoding."""

import codecs
import io
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.text import encoding, mojibake

ARABIC = "اجتمعت الحكومة اليوم في العاصمة لمناقشة الميزانية، وقال الوزير إن قانون النقل يدخل حيز التنفيذ غدا."
FRENCH = "L'été dernier, à Tunis, les députés ont été appelés à débattre du budget; où est passé le déficit? Élève."
GERMAN = "Die Bundesregierung hat über die Änderung des Gesetzes für größere Städte beraten."
RUSSIAN = "Сегодня в Москве прошло заседание правительства, на котором обсуждались вопросы бюджета."
GREEK = "Σήμερα στην Αθήνα πραγματοποιήθηκε συνεδρίαση της κυβέρνησης για τον προϋπολογισμό."
HEBREW = "היום בירושלים התקיימה ישיבת הממשלה בנושא התקציב והסחר."
CHINESE = "今天北京举行了政府会议讨论预算问题。"
NAMES = {"utf-8": "utf-8", "utf-8-sig": "utf-8", "utf-16": "utf-16-le", "utf-16-le": "utf-16-le", "utf-16-be": "utf-16-be"}
NAMES |= {"cp1256": "cp1256", "iso8859_6": "iso8859_6"}


@pytest.mark.parametrize("name", NAMES)
def test_arabic_is_told_in_every_encoding_at_every_length(name):
    for text in (ARABIC, ARABIC * 200, f"<DOC>\n<URL>http://a.example/</URL>\n<TEXT>{ARABIC}</TEXT>", ARABIC + FRENCH):
        data = text.encode(name, "ignore")
        assert encoding.detect(data) == NAMES[name]
        for size in range(120, 160):  # a character cut in two at the end
            assert encoding.detect(data[:size]) == NAMES[name]


@pytest.mark.parametrize("size", [200, 1000, 5000])
def test_real_articles_are_told_in_both_legacy_encodings(ant_folder, size):
    files = random.Random(size).sample(sorted(ant_folder.rglob("*.txt")), 150)
    texts = [text for path in files if (text := path.read_text("utf-8").split("<TEXT>")[1].strip()) != "</TEXT>\n</DOC>"]
    assert len(texts) > 140
    for name in ("cp1256", "iso8859_6"):
        assert {encoding.detect(text.encode(name, "ignore")[:size]) for text in texts} == {name}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (FRENCH, "cp1252"), (GERMAN, "cp1252"), (RUSSIAN, "cp1251"), (RUSSIAN, "koi8-r"), (RUSSIAN, "iso8859-5"),
        (GREEK, "cp1253"), (HEBREW, "cp1255"), (HEBREW, "iso8859-8"), (CHINESE, "gb18030"), (CHINESE, "big5"),
    ],
)  # fmt: skip
def test_other_languages_in_legacy_encodings_are_none_and_in_unicode_are_told(text, name):
    assert encoding.detect((text * 3).encode(name, "ignore")) is None
    assert encoding.detect(text.encode()) == "utf-8"
    assert encoding.detect(text.encode("utf-16")) == "utf-16-le"


@pytest.mark.parametrize(
    "data",
    [
        b"\xff",
        b"caf\xe9 noir",
        b"\x89PNG\r\n\x1a\n\x00\x00\xff",
        b"\xff\xfe\x00\xd8\x00\x00",
        ARABIC.encode()[:30] + b"\xff\xfe" + ARABIC.encode()[30:],
        b"\xc3\x28" + ARABIC.encode(),
        random.Random(1).randbytes(2000),
        bytes(byte | 0x80 for byte in random.Random(2).randbytes(2000)),
    ],
)
def test_what_is_no_text_is_none(data):
    assert encoding.detect(data) is None


def test_a_zero_or_a_six_in_utf_8_does_not_make_it_utf_16():
    assert encoding.detect(ARABIC.encode() + b"\0") == encoding.detect(b"\6" + ARABIC.encode()) == "utf-8"


@given(
    st.binary(max_size=20) | st.text(max_size=9).map(str.encode), st.integers(0, 20), st.sampled_from(["strict", "replace"])
)
def test_the_quick_way_to_decode_a_head_gives_what_a_decoder_gives(data, size, errors):
    try:
        whole = codecs.getincrementaldecoder("utf-8")(errors).decode(data[:size])
    except UnicodeDecodeError:
        whole = None
    try:
        assert encoding.decoded(data[:size], "utf-8", errors) == whole
    except UnicodeDecodeError:
        assert whole is None


@given(st.binary(max_size=300), st.sampled_from(sorted(NAMES.values())))
def test_any_bytes_are_detected_and_read_as_utf_8_without_an_exception(data, name):
    assert encoding.detect(data) in (None, *NAMES.values())
    encoding.as_utf8(io.BytesIO(data), name).read()


@given(st.text(st.sampled_from("ابتلمنيوهعر ة\n\r,a<>1")), st.sampled_from(sorted(set(NAMES.values()))), st.integers(1, 7))
def test_a_text_comes_through_a_stream_as_it_was(text, name, chunk):
    source = io.BytesIO(text.encode(name))
    stream = encoding.as_utf8(source, name)
    assert b"".join(iter(lambda: stream.read(chunk), b"")) == text.encode()
    if stream is not source:
        stream.close()
    assert not source.closed


def test_what_is_broken_is_no_utf_8_and_the_rest_goes_on():
    data = "نص\n".encode("utf-16-le") + b"\x00\xd8" + "\nآخر\n".encode("utf-16-le") + b"x"
    lines = encoding.as_utf8(io.BytesIO(data), "utf-16-le").readlines()
    assert lines == ["نص\n".encode(), b"\xff\n", "آخر\n".encode(), b"\xff"]
    data = "نص ".encode("iso8859_6") + b"\xdb\n" + "آخر".encode("iso8859_6")
    assert encoding.as_utf8(io.BytesIO(data), "iso8859_6").readlines() == ["نص ".encode() + b"\xff\n", "آخر".encode()]


def misread(text: str, right: str, wrong: str) -> str:
    """Text written in one encoding and read in another; bytes that windows-1252 leaves open are read as browsers do."""
    return "".join(bytes([byte]).decode(wrong, "ignore") or chr(byte) for byte in text.encode(right))


@pytest.mark.parametrize("wrong", ["latin-1", "cp1252"])
@pytest.mark.parametrize("right", ["utf-8", "cp1256", "iso8859_6"])
def test_mojibake_is_found_and_mended_letter_for_letter(right, wrong):
    broken = misread(ARABIC, right, wrong)
    assert mojibake.is_mojibake(broken) and mojibake.mend(broken) == ARABIC
    for text in (f"<TITLE>{broken}</TITLE>\n3 km", f"{ARABIC} {broken} {ARABIC}"):
        assert mojibake.mend(text) == text.replace(broken, ARABIC)
    if right == "utf-8":
        assert mojibake.mend(misread(broken, "utf-8", wrong)) == ARABIC


def test_mojibake_that_lost_letters_is_found_and_not_guessed_at():
    for errors in ("replace", "ignore"):
        lossy = ARABIC.encode().decode("cp1252", errors)
        assert mojibake.is_mojibake(mojibake.mend(lossy))
    assert mojibake.is_mojibake(
        mojibake.mend(ARABIC.encode("utf-8").decode("latin-1").replace("\x85", " ").replace("\x81", "?"))
    )


@pytest.mark.parametrize(
    "text",
    [
        ARABIC, FRENCH, GERMAN, RUSSIAN, GREEK, CHINESE, "", "Été", "À été où", "Øst Århus Ålesund øre Ærø Ø», Ø»",
        "Ø 10 mm", "Mañana año niño ÁÉÍ", "ÄÖÜ 8 Ø? Ù?", "Ðýð íþ", ARABIC + " Ø 10 " + FRENCH, "Ã8" * 50_000,
        "a" * 100_000 + "Ç",
    ],
)  # fmt: skip
def test_text_that_is_no_mojibake_is_left_alone(text):
    assert mojibake.mend(text) == text and not mojibake.is_mojibake(text)


def test_real_articles_are_left_alone_and_mended(ant_folder):
    for path in random.Random(3).sample(sorted(ant_folder.rglob("*.txt")), 300):
        text = path.read_text("utf-8")
        assert mojibake.mend(text) == text and not mojibake.is_mojibake(text)
        assert mojibake.mend(misread(text, "utf-8", "cp1252")) == mojibake.mend(misread(text, "utf-8", "latin-1")) == text


@given(st.text(st.sampled_from("ØÙÃÇáä§ç\x81\x85\xa0\ufffd ?aابن")) | st.text())
def test_mending_any_text_ends_and_mending_twice_is_mending_once(text):
    once = mojibake.mend(text)
    mojibake.is_mojibake(once)
    assert len(once) <= len(text)


@given(st.text(st.characters(min_codepoint=0x621, max_codepoint=0x64A), min_size=2))
def test_any_arabic_read_once_as_latin_1_or_1252_is_mended(text):
    for wrong in ("latin-1", "cp1252"):
        assert mojibake.mend(misread(text, "utf-8", wrong)) == text
