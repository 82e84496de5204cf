import json
import re
import shutil
from urllib.parse import unquote

import datasets
import msgspec
import pyarrow.parquet as pq
import pytest
from quoting_corpus import LONG, RUN, SLUG, SPAN, change, lengthen
from test_verify import edit, put, reseal
from tiny_corpus import TARGETS, A, C

from corpus.errors import CheckError, CorpusError
from corpus.release.check import verify
from corpus.release.dataset.publish import publish
from corpus.release.layout import manifest
from corpus.release.withhold import quotes
from corpus.text.fold import fold

ARTICLES = "articles/full-00000-of-00001.parquet"
STANCE = "stance/test-00000-of-00001.parquet"


@pytest.fixture
def quoting(corpus, said, rewrite):
    rewrite(lengthen(said))
    return corpus


@pytest.fixture
def report(quoting):
    return publish(quoting, text="withheld")


@pytest.fixture
def release(quoting, report):
    return quoting.release


def rows(path):
    return pq.read_table(path).to_pylist()


def everything(release):
    """Every string of every file of a release."""
    for path in release.rglob("*"):
        if path.suffix == ".parquet":
            yield from quotes.strings(rows(path))
        elif path.is_file() and path.suffix != ".png":
            yield path.read_text("utf-8")


def runs(text):
    """Runs of eight words, cut otherwise than the module does."""
    words = re.sub(r"[\W_]+", " ", fold(unquote(text))).split()
    return {tuple(words[at : at + 8]) for at in range(len(words) - 7)}


def test_no_run_of_eight_words_of_an_article_is_in_it(quoting, said, release):
    texts = [t for a in said.articles for t in (a.title or "", a.text, *(embed.text for embed in a.embeds))]
    forbidden = set[tuple[str, ...]]().union(*map(runs, texts))
    assert len(forbidden) > 190
    for string in everything(release):
        assert forbidden.isdisjoint(runs(string)), string[:80]


def test_no_text_column_is_left_and_labels_stay(release, load):
    for path in release.rglob("*.parquet"):
        columns = str(pq.read_schema(path).remove_metadata())
        assert not re.search(r"\b(text|title): string", columns), path
    stance = load("stance")
    assert [row["label"] for row in stance["train"]] == [0, None]
    (row,) = stance["test"]
    assert (row["label"], row["words"], row["length"], row["article_id"]) == (2, 200, len(LONG), C)
    (mark,) = load("annotations")["test"][0]["spans"]
    assert (mark["start"], mark["end"], mark["folded_length"]) == (SPAN.start, SPAN.end, len(SPAN.text))
    assert re.fullmatch("[0-9a-f]{32}", mark["hash"])


def test_an_address_keeps_its_outlet_and_number(report, release):
    urls = {row["article_id"]: row["url"] for row in rows(release / ARTICLES)}
    assert urls[C] == "https://example.org/ar/…/77"
    assert urls[A] == f"https://example.org/{A}"
    assert report.nulled == {"comment": 1, "keywords": 1, "url": 2}  # the address stands in `stance` too
    assert [row["keywords"] for row in rows(release / ARTICLES)][2] == ["نقل"]
    assert rows(release / "annotations/test-00000-of-00001.parquet")[0]["comment"] is None
    assert "واضح 👍" in [row["comment"] for row in rows(release / "annotations/train-00000-of-00001.parquet")]


@pytest.mark.parametrize("address", [f"https://a.b/{SLUG}", "https://a.b/%D8%A7?x=" + SLUG.replace("-", "%20")])
def test_an_address_is_read_as_people_read_it(address):
    forbidden = set(quotes.runs(SLUG))
    assert quotes.quotes(address, forbidden)
    assert quotes.elided(address, forbidden).startswith("https://a.b/")
    assert not quotes.quotes(quotes.elided(address, forbidden), forbidden)


def test_the_archive_pointer_names_a_warc_only(quoting, said, rewrite):
    origin = said.articles[0].origin
    said.articles[0] = change(
        said.articles[0], origin=msgspec.structs.replace(origin, file="disk/crawl.tar/c-1.warc.gz", format="warc", record=7)
    )
    rewrite(said)
    publish(quoting, text="withheld")
    first, second, *_ = (row["archive"] for row in rows(quoting.release / ARTICLES))
    assert first == {"format": "warc", "file": "c-1.warc.gz", "record": 7, "sha256": "0" * 64}
    assert second["file"] is None and (second["format"], second["record"]) == ("portal", 1)


def test_it_is_verified_as_it_is(release):
    found = verify.verify(release)
    assert [check.lies for check in found.checks] == [[]] * len(verify.CHECKS)
    assert manifest.read(release).text == "withheld"
    assert manifest.read(release).command == "warraq publish --text withheld"


def test_it_may_take_the_place_of_the_full_one_and_back(quoting, release):
    promised = manifest.read(release).full
    publish(quoting)
    assert manifest.read(release).configs == promised
    publish(quoting, text="withheld")
    assert not list((quoting.state).glob("publish"))


def test_prose_that_quotes_is_refused_and_nothing_moves(quoting):
    publish(quoting)
    put(quoting.root / "card.toml", 'bias = """', f'bias = """As one paper wrote: {RUN}.')
    card, before = quoting.card.read_bytes(), sorted(everything(quoting.release))
    with pytest.raises(CheckError, match=r"1 places .* quote 8 words of an article: README\.md"):
        publish(quoting, text="withheld")
    assert quoting.card.read_bytes() == card
    assert sorted(everything(quoting.release)) == before


def test_a_target_that_quotes_is_refused(quoting):
    name = " ".join(LONG.split()[:9])
    (quoting.root / "targets.yaml").write_text(TARGETS.replace("ar: قانون النقل", f"ar: {name}"), "utf-8")
    with pytest.raises(CheckError, match=r"column 'target_ar' of (annotations|items|stance)"):
        publish(quoting, text="withheld")
    assert not quoting.release.exists()


def test_what_is_withheld_cannot_be_masked(quoting):
    with pytest.raises(CorpusError, match="no text to mask"):
        publish(quoting, text="withheld", mask=True)


def test_a_mark_on_a_text_that_changed_since_has_no_hash(quoting, said, rewrite, load):
    text = "تمهيد " + LONG
    said.articles[2] = change(said.articles[2], text=text, sha256="1" * 64, blocks=[])
    rewrite(said)
    publish(quoting, text="withheld")
    assert load("annotations")["test"][0]["spans"][0]["hash"] is None


def a_text_comes_back(release):
    table = pq.read_table(release / ARTICLES)
    pq.write_table(table.append_column("text", [["نص"] * table.num_rows]), release / ARTICLES)


def a_text_in_the_place_of_a_hash(release):
    edit(release / ARTICLES, lambda rows: rows[0].update(fingerprint="قال المتحدث"))


def a_mark_without_a_hash(release):
    edit(release / STANCE, lambda rows: rows[0]["evidence"][0].update(hash=None))


def a_mark_beyond_the_text(release):
    edit(release / STANCE, lambda rows: rows[0]["evidence"][0].update(end=10_000))


def a_twin_in_test(release):
    def twin(rows):
        rows[2].update(folded_sha256=rows[0]["folded_sha256"])

    edit(release / ARTICLES, twin)


LIES = [
    (a_text_comes_back, {"columns", "content", "texts"}),
    (a_text_in_the_place_of_a_hash, {"content", "texts"}),
    (a_mark_without_a_hash, {"content", "texts", "evidence"}),
    (a_mark_beyond_the_text, {"content", "texts", "evidence"}),
    (a_twin_in_test, {"content", "splits"}),
]


@pytest.mark.parametrize(("lie", "seen_by"), LIES, ids=lambda value: getattr(value, "__name__", ""))
def test_a_lie_is_seen_by_name(release, monkeypatch, lie, seen_by):
    monkeypatch.delitem(verify.CHECKS, "load")
    lie(release)
    reseal(release)
    failed = set(verify.verify(release).failed)
    assert seen_by <= failed <= seen_by | {"card", "croissant", "plots"}


def test_same_input_gives_same_bytes(quoting, release, tmp_path):
    shutil.copytree(quoting.root, tmp_path / "again", ignore=shutil.ignore_patterns("release", "DATASET_CARD.md"))
    publish(type(quoting)(tmp_path / "again"), text="withheld")
    for path in release.rglob("*"):
        assert path.is_dir() or path.read_bytes() == (tmp_path / "again/release" / path.relative_to(release)).read_bytes()


def test_it_streams_too(release, tmp_path):
    stream = datasets.load_dataset(str(release), "articles", split="full", streaming=True, cache_dir=str(tmp_path / "c"))
    assert json.loads(json.dumps(next(iter(stream))))["article_id"] == A
