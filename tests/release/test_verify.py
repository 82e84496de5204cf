import json
import shutil

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from run_warraq import warraq
from tiny_corpus import TEXT, A, C

from corpus import store
from corpus.errors import CorpusError
from corpus.records import text_sha256
from corpus.release.check import verify
from corpus.release.dataset.publish import publish
from corpus.release.layout import manifest
from corpus.release.papers import card

STANCE, ANNOTATIONS = "stance/train-00000-of-00001.parquet", "annotations/train-00000-of-00001.parquet"
ARTICLES = "articles/full-00000-of-00001.parquet"


@pytest.fixture
def release(corpus, named, rewrite):
    rewrite(named)
    publish(corpus)
    return corpus.release


@pytest.fixture
def failed(release, monkeypatch):
    """The names of the checks that fail, but for the one that opens the release in another process."""
    monkeypatch.delitem(verify.CHECKS, "load")
    return lambda: set(verify.verify(release).failed)


def edit(path, change, schema=None, **options):
    """Rewrite the rows of a Parquet file."""
    table = pq.read_table(path)
    rows = table.to_pylist()
    change(rows)
    pq.write_table(pa.Table.from_pylist(rows, schema=schema or table.schema), path, **options)


def reseal(release):
    """What a liar would do: give the manifest the hashes of the files as they now stand."""
    told = manifest.read(release)
    files = {name: manifest.of_file(release / name) for name in manifest.names(release)}
    store.write_json(release / manifest.MANIFEST, msgspec.structs.replace(told, files=files))


def put(path, old, new):
    text = path.read_bytes().decode()
    assert old in text
    path.write_bytes(text.replace(old, new, 1).encode())


def retell(said, at, text):
    """Give an article another text, and let that be the one that was judged."""
    replace, sha256 = msgspec.structs.replace, text_sha256(text)
    said.articles[at] = replace(said.articles[at], text=text, sha256=sha256, blocks=[])
    said.items[at] = item = replace(said.items[at], sha256=sha256)
    said.annotations = [replace(a, sha256=sha256) if a.item_id == item.id else a for a in said.annotations]


def a_label(release):
    edit(release / STANCE, lambda rows: rows[0].update(label=1))


def a_label_of_no_name(release):
    edit(release / STANCE, lambda rows: rows[0].update(label=3))


def a_label_of_minus_one(release):
    edit(release / STANCE, lambda rows: rows[1].update(label=-1))


def a_tie_settled(release):
    edit(release / STANCE, lambda rows: rows[1].update(label=0))


def a_count_in_the_card(release):
    put(release / "README.md", "| articles | 5 |", "| articles | 6 |")


def a_count_in_the_yaml(release):
    put(release / "README.md", "num_examples: 5", "num_examples: 4")


def a_file_hash(release):
    told = release / manifest.MANIFEST
    put(told, manifest.read(release).files[STANCE].sha256, "0" * 64)


def a_row_hash(release):
    told = release / manifest.MANIFEST
    put(told, manifest.read(release).configs["stance"]["train"].sha256, "0" * 64)


def order_in_the_yaml(release):
    put(release / "README.md", "'0': favor", "'0': against")
    put(release / "README.md", "'1': against", "'1': favor")


def order_in_a_file(release):
    schema = pq.read_schema(release / STANCE)
    meta = schema.metadata[b"huggingface"].replace(b'"favor", "against"', b'"against", "favor"')
    assert meta != schema.metadata[b"huggingface"]
    edit(release / STANCE, lambda rows: None, schema.with_metadata({b"huggingface": meta}))


def a_column_dropped(release):
    pq.write_table(pq.read_table(release / STANCE).drop_columns(["source"]), release / STANCE)


def no_time_zone(release):
    schema = pq.read_schema(release / ANNOTATIONS)
    at = schema.get_field_index("created")
    table = pq.read_table(release / ANNOTATIONS)
    pq.write_table(table.set_column(at, "created", table["created"].cast(pa.timestamp("us"))), release / ANNOTATIONS)


def a_test_row_in_train(release):
    test = release / "stance/test-00000-of-00001.parquet"
    moved = pq.read_table(test).to_pylist()
    edit(release / STANCE, lambda rows: rows.extend(moved))
    test.unlink()


def no_status(release):
    edit(release / STANCE, lambda rows: rows[0].update(method=None))


def a_day_in_words(release):
    edit(release / ARTICLES, lambda rows: rows[0].update(published="2024-11-yesterday"))


def changed_before_made(release):
    edit(release / ANNOTATIONS, lambda rows: rows[0].update(updated=rows[0]["created"].replace(year=2020)))


def a_mark_moved(release):
    edit(release / STANCE, lambda rows: rows[0]["evidence"][0].update(start=6))


def a_text_changed(release):
    edit(release / ARTICLES, lambda rows: rows[3].update(text="نص رابغ"))


def an_address(release):
    edit(release / ANNOTATIONS, lambda rows: rows[0].update(comment="اكتب إلى someone@example.org"))


def a_telephone(release):
    edit(release / ANNOTATIONS, lambda rows: rows[0].update(comment="اتصلت بهم، هاتف 71.000.111"))


def another_command(release):
    put(release / manifest.MANIFEST, '"warraq publish"', '"warraq publish --mask"')


def a_name(release):
    edit(release / ANNOTATIONS, lambda rows: rows[0].update(annotator="Someone"))


def a_token(release):
    put(release / "README.md", "### Citation", "### Citation\n\n" + "0a" * 20)


def a_figure_of_agreement(release):
    put(release / "README.md", "| `stance` | 2 |", "| `stance` | 3 |")


def a_hash_in_croissant(release):
    put(release / "croissant.json", manifest.read(release).files[STANCE].sha256, "0" * 64)


def a_column_not_in_croissant(release):
    put(release / "croissant.json", '"column": "label"', '"column": "lable"')


def a_property_that_does_not_exist(release):
    put(release / "croissant.json", "rai:dataAnnotationPlatform", "rai:annotationPlatform")


def no_croissant(release):
    put(release / "croissant.json", '"@type": "cr:RecordSet"', '"@type": "cr:RecordSets"')


def an_integer_moved_in_croissant(release):
    put(release / "croissant.json", '"labels/stance/code": 1', '"labels/stance/code": 4')


def another_picture(release):
    shutil.copy(release / "plots/lengths.png", release / "plots/label-stance.png")


def a_picture_gone(release):
    (release / "plots/months.png").unlink()


def a_picture_too_many(release):
    shutil.copy(release / "plots/lengths.png", release / "plots/scores.png")


def a_task_in_the_catalogue(release):
    put(release / "masader.json", "stance detection", "sentiment analysis")


def an_author_added(release):
    (release / "CITATION.cff").write_text("cff-version: 1.2.0\nauthors: [{name: Somebody else}]\n")


def a_stray_file(release):
    (release / "notes.txt").write_text("")


def half_a_file(release):
    (release / STANCE).write_bytes((release / STANCE).read_bytes()[:100])


LIES = [
    (a_label, {"content", "card", "votes"}),
    (a_label_of_no_name, {"content", "card", "labels", "votes"}),
    (a_label_of_minus_one, {"content", "card", "labels", "votes"}),
    (a_tie_settled, {"content", "card", "labels", "votes"}),
    (a_count_in_the_card, {"card"}),
    (a_count_in_the_yaml, {"card", "rows"}),
    (a_row_hash, {"content"}),
    (order_in_the_yaml, {"columns", "card"}),
    (order_in_a_file, {"columns", "card"}),
    (a_column_dropped, {"columns", "content", "card"}),
    (no_time_zone, {"columns", "card", "times"}),
    (a_test_row_in_train, {"rows", "content", "card", "splits", "items", "articles"}),
    (no_status, {"content", "card", "nulls", "votes"}),
    (a_day_in_words, {"content", "card", "times", "articles"}),
    (changed_before_made, {"content", "times"}),
    (a_mark_moved, {"content", "texts", "evidence"}),
    (a_text_changed, {"content", "card", "texts"}),
    (an_address, {"content", "card", "privacy"}),
    (a_telephone, {"content", "card", "privacy"}),
    (another_command, {"files"}),
    (a_name, {"content", "card", "privacy", "evidence"}),
    (a_token, {"privacy"}),
    (a_figure_of_agreement, {"card"}),
    (a_hash_in_croissant, {"croissant"}),
    (a_column_not_in_croissant, {"croissant"}),
    (a_property_that_does_not_exist, {"croissant"}),
    (no_croissant, {"croissant"}),
    (an_integer_moved_in_croissant, {"croissant"}),
    (another_picture, {"plots"}),
    (a_picture_gone, {"plots"}),
    (a_picture_too_many, {"card"}),
    (a_task_in_the_catalogue, {"card"}),
    (an_author_added, {"card"}),
    (
        half_a_file,
        {
            "columns",
            "rows",
            "content",
            "labels",
            "nulls",
            "texts",
            "keys",
            "items",
            "articles",
            "votes",
            "evidence",
            "card",
            "croissant",
            "plots",
            "splits",
            "copies",
            "privacy",
        },
    ),
]
"""What is done to a release, and the checks that must see it though the manifest was given the new files' hashes."""
BY_HASH = [a_label, a_count_in_the_card, a_column_dropped, a_stray_file, a_file_hash, half_a_file]


def test_a_release_is_what_it_says(release):
    report = verify.verify(release)
    assert [check.lies for check in report.checks] == [[]] * len(verify.CHECKS)
    assert [check.name for check in report.checks] == list(verify.CHECKS)


@pytest.mark.parametrize(("lie", "seen_by"), LIES, ids=lambda value: getattr(value, "__name__", ""))
def test_a_lie_is_seen_by_name(release, failed, lie, seen_by):
    lie(release)
    reseal(release)
    # README.md and croissant.json hold sizes and hashes, which change with any byte of a file; plots change with some rows.
    assert seen_by <= failed() <= seen_by | {"card", "croissant", "plots"}


@pytest.mark.parametrize("lie", BY_HASH, ids=lambda lie: lie.__name__)
def test_a_changed_file_is_seen_by_its_hash(release, failed, lie):
    lie(release)
    assert "files" in failed()


def test_equal_texts_but_for_diacritics_in_two_splits(corpus, named, rewrite, failed, next_version):
    text = TEXT.replace("قالَ", "قال").replace("\n", " ")
    retell(named, 2, text)
    rewrite(named)
    publish(next_version())
    assert failed() == {"splits"}
    (lie,) = next(check.lies for check in verify.verify(corpus.release).checks if not check.ok)
    assert lie.startswith("text of ") and f"{C} in test" in lie


@pytest.mark.parametrize("other", [" وأضاف", "أول من أمس "], ids=["a word more", "part of a longer one"])
def test_a_near_copy_in_two_splits(corpus, named, rewrite, failed, next_version, other):
    text = " ".join(f"كلمة{number}" for number in range(40))
    texts = {0: text, 2: text + other if other.startswith(" ") else other * 9 + text}
    for at, one in texts.items():
        retell(named, at, one)
    named.annotations = [msgspec.structs.replace(a, spans=[]) for a in named.annotations]
    rewrite(named)
    publish(next_version())
    assert failed() == {"copies"}
    (lie,) = next(check.lies for check in verify.verify(corpus.release).checks if not check.ok)
    assert lie.startswith(f"article {A} of train is a copy of {C} of test: similarity 0.")


def test_rows_keep_their_hash_whatever_wrote_the_file(release, failed):
    for path in release.rglob("*.parquet"):
        edit(path, lambda rows: None, row_group_size=1, compression="zstd")
    reseal(release)
    assert "content" not in failed()


def test_load_dataset_refuses_what_it_cannot_open(release):
    a_count_in_the_yaml(release)
    lies = {check.name: check.lies for check in verify.verify(release).checks if not check.ok}
    assert any("NonMatchingSplitsSizesError" in lie or "split" in lie.lower() for lie in lies["load"])


def test_a_contact_may_stand_in_the_card_and_the_card_renews_its_hash(corpus, release, failed):
    put(corpus.root / "card.toml", 'contact = ""', 'contact = "[write to us](mailto:desk@example.org)"')
    before = manifest.read(release)
    card.fill(corpus)
    assert failed() == set()
    after = manifest.read(release)
    assert {name for name in after.files if after.files[name] != before.files[name]} == {"README.md", "card.json"}
    put(corpus.root / "card.toml", "[write to us](mailto:", "[write to us](")
    card.fill(corpus)
    assert failed() == {"privacy"}


def test_what_a_lie_says_does_not_spread_a_secret(release, failed):
    an_address(release)
    said = " ".join(lie for check in verify.verify(release).checks for lie in check.lies)
    assert "column 'comment' holds an e-mail address" in said
    assert "someone@example.org" not in said


@pytest.mark.parametrize("name", ["MANIFEST.json", "codebook.json"])
def test_a_folder_without_papers_is_no_release(release, name):
    (release / name).write_bytes(b"{")
    with pytest.raises(CorpusError, match=f"{name} is not valid"):
        verify.verify(release)
    (release / name).unlink()
    with pytest.raises(CorpusError, match=f"{name} does not exist"):
        verify.verify(release)


def test_the_command_needs_no_corpus_and_exits_with_one(release, tmp_path):
    alone = tmp_path / "elsewhere"
    shutil.copytree(release, alone)
    (alone / "stray").write_text("")
    done = warraq("verify", str(alone), "--json", cwd=tmp_path)
    assert done.returncode == 1
    checks = {check["name"]: check for check in json.loads(done.stdout)["checks"]}
    assert [name for name, check in checks.items() if not check["ok"]] == ["files"]
    assert checks["files"]["lies"] == ["stray is not in MANIFEST.json"]
    assert "is not what it says: files" in done.stderr
