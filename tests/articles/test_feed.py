"""RSS and Atom: one article an entry, with its own address; broken or hostile XML is a reject."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.articles import feed
from corpus.articles.containers import Source
from corpus.articles.convert import convert
from corpus.articles.draft import Draft, articles_of
from corpus.articles.readers import REASONS, detect
from corpus.articles.reading import records_of
from corpus.articles.settings import Settings

LONG = "أعلنت بلدية تلوان اليوم عن افتتاح السوق الجديد قرب المرفأ بعد عامين من الأعمال."
RSS = f"""<?xml version="1.0"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>المنارة</title><language>ar</language><image><title>شعار</title></image>
<item><title>أوّل &amp;amp; ثان</title><link>http://a.example/1</link><guid isPermaLink="false">7</guid>
<pubDate>Wed, 06 Nov 2024 14:30:00 +0300</pubDate><author>x@a.example (سلمى)</author><category>بلديات</category>
<category>أسواق</category><category>بلديات</category><description>موجز</description>
<content:encoded><![CDATA[<p>{LONG}</p><h2>عنوان</h2><p>{LONG} ثانية</p><script>alert(1)</script>]]></content:encoded></item>
<item><guid>http://a.example/2</guid><pubDate>Wed, 06 Nov 2024 14:30:00 EST</pubDate><dc:creator>ندى</dc:creator>
<description>&lt;b&gt;قصير&lt;/b&gt; جدًّا&lt;br&gt;سطر</description></item>
<item><title>بلا نص</title><link>http://a.example/3</link></item>
<item><guid isPermaLink="false">9</guid><description>سطر أول
سطر ثان</description></item>
</channel></rss>""".encode()
ATOM = f"""<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="ar"><title>المنارة</title>
<entry><title type="html">خبر &lt;em&gt;مهم&lt;/em&gt;</title><link rel="self" href="http://a.example/self"/>
<link href="http://a.example/1"/><id>urn:1</id><updated>2024-11-07T00:00:00Z</updated>
<published>2024-11-06T14:30:00+03:00</published><author><name>سلمى</name></author><category term="t" label="أسواق"/>
<summary>موجز</summary><content type="xhtml"><x:div xmlns:x="http://www.w3.org/1999/xhtml"><x:p>{LONG}</x:p>
<x:blockquote>{LONG}</x:blockquote></x:div></content></entry>
<entry><id>urn:2</id><summary>موجز</summary><content src="http://a.example/x"/></entry></feed>""".encode()
LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><rss><channel><item><description>&c;</description></item></channel></rss>"""
OUTSIDE = b"""<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel><item><description>&x;</description></item>
</channel></rss>"""


def drafts(data):
    return list(feed.read(io.BytesIO(data)))


def test_an_rss_item_is_read_from_its_fullest_text_with_what_it_says_of_itself():
    first, second, third, fourth = drafts(RSS)
    kinds = [("paragraph", LONG), ("heading", "عنوان"), ("paragraph", f"{LONG} ثانية")]
    assert [(p.kind, p.text) for p in first.paragraphs] == kinds
    assert (first.title, first.url, first.number, first.author) == ("أوّل & ثان", "http://a.example/1", "7", "سلمى")
    assert (first.keywords, first.source, first.language) == (["بلديات", "أسواق"], "المنارة", "ar")
    assert [p.text for p in second.paragraphs] == ["قصير جدًّا", "سطر"]
    assert (second.url, second.author) == ("http://a.example/2", "ندى")
    assert (third.record, third.reason) == (3, "empty_text")
    assert [p.text for p in fourth.paragraphs] == ["سطر أول", "سطر ثان"]
    dates = [articles_of(draft, "x", "feed", "feed/1", None)[0].published for draft in (first, second)]
    assert dates == ["2024-11-06T14:30:00+03:00", "2024-11-06T14:30:00-05:00"]


def test_an_atom_entry_is_read_with_its_alternate_address_and_first_date():
    first, second = drafts(ATOM)
    assert [(p.kind, p.text) for p in first.paragraphs] == [("paragraph", LONG), ("quote", LONG)]
    assert (first.title, first.url, first.number) == ("خبر مهم", "http://a.example/1", "urn:1")
    assert (first.published, first.author, first.keywords) == ("2024-11-06T14:30:00+03:00", "سلمى", ["أسواق"])
    assert ([p.text for p in second.paragraphs], second.url, second.number) == (["موجز"], None, "urn:2")


def test_an_entry_is_known_by_its_address_else_by_its_guid_and_not_by_its_place():
    def ids(data):
        return {articles_of(d, "x", "feed", "feed/1", None)[0].id for d in drafts(data) if isinstance(d, Draft)}

    start, end = RSS.index(b"<item>"), RSS.rindex(b"</channel>")
    items = RSS[start:end].split(b"</item>")[:-1]
    turned = RSS[:start] + b"".join(item.replace("سطر".encode(), b"x") + b"</item>" for item in reversed(items)) + RSS[end:]
    assert ids(RSS) == ids(turned) and len(ids(RSS)) == 3


@pytest.mark.parametrize(
    ("data", "reasons"),
    [
        (LAUGHS, ["bad_xml"]),
        (OUTSIDE, ["bad_xml"]),
        (b"<rss><channel></channel></rss>", ["empty_text"]),
        (b"<rss><channel>" + b"<a>" * 200, ["bad_xml"]),
        (b"<rss><channel>" + b"<a/>" * 600_000, ["bad_xml"]),
        (RSS[: RSS.rindex(b"<item>") + 20], ["empty_text", "bad_xml"]),
        (b'<?xml version="1.0" encoding="nonesuch"?><rss/>', ["bad_xml"]),
        (b"<rss><channel>" + b"x" * feed.MAX_FEED, ["too_long"]),
        (b"<rss><channel><item><description>" + b"&lt;i&gt;" * 2000 + b"</description></item></channel></rss>", ["too_long"]),
    ],
)
def test_broken_and_hostile_feeds_are_rejects(data, reasons):
    assert detect(data).name == "feed"
    found = [(draft.reason, bool(draft.detail)) for draft in drafts(data) if not isinstance(draft, Draft)]
    assert found == [(reason, True) for reason in reasons]


@pytest.mark.parametrize("encoding", ["utf-16", "windows-1256", "utf-8-sig"])
def test_a_feed_is_read_in_the_encoding_that_it_declares(encoding, corpus_folder, tmp_path):
    text = RSS.decode().replace('"1.0"?', f'"1.0" encoding="{encoding.removesuffix("-sig")}"?')
    (tmp_path / "x").write_bytes(text.encode(encoding, "xmlcharrefreplace"))
    report = convert(corpus_folder, [tmp_path / "x"])
    assert (report.articles, report.reasons) == (3, {"empty_text": 1})


@settings(max_examples=150, deadline=None)
@given(st.sampled_from([RSS, ATOM]), st.lists(st.tuples(st.integers(0, 2500), st.binary(max_size=5)), max_size=4))
def test_a_harmed_feed_never_raises(data, changes):
    for place, noise in changes:
        data = data[:place] + noise + data[place + 1 :]
    for found in drafts(data):
        assert isinstance(found, Draft) or found.reason in REASONS
    for record, _ in records_of(Source("x", "x", io.BufferedReader(io.BytesIO(data))), Settings()):
        assert record.sha256 if hasattr(record, "sha256") else record.reason in REASONS
