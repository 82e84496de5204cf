"""A liar who reseals all: rows' hashes, papers and manifest fit the changed rows. What is left to see are the rows."""

import shutil
from datetime import UTC, datetime, timedelta

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from test_verify import ANNOTATIONS, ARTICLES, STANCE, edit, reseal
from tiny_corpus import A, C

from corpus import store
from corpus.labeling.aggregate import METHODS
from corpus.release.check import verify, votes
from corpus.release.dataset.publish import publish
from corpus.release.layout import manifest
from corpus.release.layout.digest import RowsDigest
from corpus.release.layout.opened import Opened
from corpus.release.papers import card

ITEMS, TOPIC = "items/full-00000-of-00001.parquet", "topic/train-00000-of-00001.parquet"
TONE = "tone/train-00000-of-00001.parquet"
NEXT_WEEK = (datetime.now(UTC) + timedelta(days=7)).date().isoformat()
SLOW = ("load", "plots", "copies")  # tried elsewhere


@pytest.fixture(scope="module")
def honest(shared_corpus):
    publish(shared_corpus)
    return shared_corpus.release


@pytest.fixture
def release(honest, tmp_path):
    return shutil.copytree(honest, tmp_path / "release")


@pytest.fixture
def failed(release, monkeypatch):
    for name in SLOW:
        monkeypatch.delitem(verify.CHECKS, name)
    return lambda: verify.verify(release).failed


def reseal_all(release):
    """Give manifest, card and the rest what the rows now say."""
    told, opened = manifest.read(release), Opened(release)
    configs = {}
    for config, splits in told.configs.items():
        configs[config] = {}
        for split in splits:
            digest, rows = RowsDigest(), 0
            for _, group in (found for found in opened.groups(config) if found[0] == split):
                digest.update(group)
                rows += group.num_rows
            configs[config][split] = manifest.Split(rows, digest.hexdigest())
    card.write(card.Papers(release, told.corpus, opened.book, card.given(release)))
    store.write_json(release / manifest.MANIFEST, msgspec.structs.replace(told, configs=configs))
    reseal(release)


def first(**fields):
    return lambda rows: rows[0].update(**fields)


def within(column, **fields):
    return lambda rows: rows[0][column].update(**fields)


def another_passage(rows):
    rows[0]["evidence"].append({**rows[0]["evidence"][0], "start": 0, "end": 4, "text": rows[0]["text"][:4]})


def a_row_again(rows):
    rows.append(rows[-1])


def the_last_row_gone(rows):
    rows.pop()


def other_order(rows):
    rows.reverse()


ROWS = [
    ("a vote too many", STANCE, within("votes", favor=3), ["votes"]),
    ("a label that votes do not give", STANCE, first(label=1), ["votes"]),
    ("a probability that is no number", STANCE, within("soft", favor=float("nan")), ["votes"]),
    ("a probability above one", STANCE, within("soft", favor=2.0), ["votes"]),
    ("probabilities that do not sum to one", STANCE, within("soft", favor=0.5), ["votes"]),
    ("probabilities that are not the votes'", STANCE, within("soft", favor=0.75, against=0.25), ["votes"]),
    ("a null among probabilities", STANCE, within("soft", against=None), ["nulls", "votes"]),
    ("a status that is none", STANCE, first(status="perfect"), ["votes"]),
    ("one that others deny", STANCE, first(status="model", method="mace", label=2), ["votes"]),
    ("a person's name as method", STANCE, first(status="adjudicated", method="adjudicated:Someone"), ["votes"]),
    ("no label of several", TONE, first(labels=[]), []),  # an adjudicator may say so
    ("several labels that nobody settled", TONE, first(status="majority", method="majority"), ["votes"]),
    ("an answer changed", ANNOTATIONS, first(stance=1), ["votes"]),
    ("one passage more", STANCE, another_passage, ["evidence"]),
    ("no evidence", STANCE, first(evidence=[]), ["evidence"]),
    ("a null in a list", ARTICLES, first(keywords=[None]), ["nulls"]),
    ("a null in a block", ARTICLES, lambda rows: rows[0]["blocks"][0].update(kind=None), ["nulls"]),
    ("another text", TOPIC, first(text="نص آخر"), ["articles"]),
    ("another title", TOPIC, first(title="عنوان آخر"), ["articles"]),
    ("another group", TOPIC, first(group=C), ["articles", "splits"]),
    ("another text judged", ANNOTATIONS, first(sha256="0" * 64), ["articles"]),
    ("an article in no split", ARTICLES, first(split=None), ["articles"]),
    ("an article gone", ARTICLES, lambda rows: rows.pop(3), ["articles"]),
    ("another name of a target", STANCE, first(target_ar="غيره"), ["items"]),
    ("an item that is not there", ANNOTATIONS, first(item_id="f" * 16), ["items", "votes", "evidence"]),
    ("an item gone", ITEMS, the_last_row_gone, ["items"]),
    ("a row twice", STANCE, a_row_again, ["keys"]),
    ("an annotation twice", ANNOTATIONS, a_row_again, ["keys"]),
    ("rows in another order", ARTICLES, other_order, ["keys"]),
    ("an answer from the future", ANNOTATIONS, lambda r: r[0].update(updated=r[0]["updated"].replace(year=2999)), ["times"]),
    ("an article from the future", ARTICLES, lambda rows: rows[4].update(published=NEXT_WEEK), ["times"]),
    ("less than no time", ANNOTATIONS, first(seconds=-1.0), ["times"]),
    ("a time that is no number", ANNOTATIONS, first(seconds=float("nan")), ["times"]),
]


@pytest.mark.parametrize(("file", "change", "seen_by"), [one[1:] for one in ROWS], ids=[one[0] for one in ROWS])
def test_a_lie_that_fits_every_hash_is_seen(release, failed, file, change, seen_by):
    edit(release / file, change)
    reseal_all(release)
    assert failed() == seen_by


def a_note(release):
    table = pq.read_table(release / STANCE)
    pq.write_table(table.replace_schema_metadata({**table.schema.metadata, b"by": b"Someone"}), release / STANCE)


def a_table_beside(release):
    (release / "more").mkdir()
    pq.write_table(pa.table({"name": ["Someone"]}), release / "more/names.parquet")


def a_program(release):
    (release / "release.py").write_text("import this\n")


@pytest.mark.parametrize(("lie", "seen_by"), [(a_note, "columns"), (a_program, "files"), (a_table_beside, "files")])
def test_what_no_release_has_is_seen(release, failed, lie, seen_by):
    lie(release)
    reseal(release)
    assert seen_by in failed()


@pytest.mark.parametrize("name", [manifest.MANIFEST, card.GIVEN])
def test_more_in_a_record_than_it_has_is_seen(release, failed, name):
    told = msgspec.json.decode((release / name).read_bytes())
    store.write_json(release / name, told | {"note": "Someone"})
    if name != manifest.MANIFEST:
        reseal(release)
    assert failed() == ["files"]


def test_a_link_to_a_folder_is_seen(release, failed, tmp_path):
    (release / "linked").symlink_to(tmp_path)
    assert "files" in failed()


def test_the_methods_of_gold_are_known():
    assert all(votes.METHOD.fullmatch(method) for method in METHODS)


def test_a_label_is_not_released_on_a_text_that_its_annotators_did_not_read(corpus, named, rewrite):
    named.annotations[0] = msgspec.structs.replace(named.annotations[0], sha256="0" * 64, spans=[])  # not pulled again yet
    rewrite(named)
    report = publish(corpus)
    assert report.left_out["stance"]["the text was changed after it was judged"] == 1
    rows = [row for _, row in Opened(corpus.release).rows("stance", ["article_id"])]
    assert rows and A not in {row["article_id"] for row in rows}
