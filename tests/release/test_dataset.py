import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from datasets import ClassLabel
from tiny_corpus import SPAN, TEXT, A, B, C, D, E

from corpus import store
from corpus.errors import CheckError, CorpusError
from corpus.release.dataset import columns
from corpus.release.dataset.parquet import CHANGED
from corpus.release.dataset.publish import publish
from corpus.release.layout import features, shards
from corpus.release.papers import released


def change(record, **fields):
    return msgspec.structs.replace(record, **fields)


def files(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_report_counts_rows_files_and_what_is_left_out(corpus):
    report = publish(corpus)
    assert report.rows == {
        "stance": {"train": 2, "test": 1},
        "topic": {"train": 2},
        "tone": {"train": 1},
        "annotations": {"train": 5, "test": 1},
        "articles": {"full": 5},
        "items": {"full": 4},
    }
    unanswered = "nobody has answered this question of it"
    assert report.left_out == {"stance": {unanswered: 1}, "topic": {unanswered: 2}, "tone": {unanswered: 3}}
    assert report.files == {name: len(content) for name, content in files(corpus.release).items()}
    assert set(report.files) == {
        "README.md",
        "MANIFEST.json",
        "codebook.json",
        "card.json",
        "croissant.json",
        "masader.json",
        *(f"plots/{name}.png" for name in ("label-stance", "label-topic", "label-tone", "lengths", "months", "agreement")),
        *(f"{config}/train-00000-of-00001.parquet" for config in ("stance", "topic", "tone", "annotations")),
        "stance/test-00000-of-00001.parquet",
        "annotations/test-00000-of-00001.parquet",
        "articles/full-00000-of-00001.parquet",
        "items/full-00000-of-00001.parquet",
    }


def test_stance_opens_as_it_was_labelled(corpus, load):
    publish(corpus)
    stance = load("stance")
    assert {split: rows.num_rows for split, rows in stance.items()} == {"train": 2, "test": 1}
    label = stance["train"].features["label"]
    assert label == ClassLabel(names=["favor", "against", "neutral"])
    codes = {choice.value: choice.code for choice in corpus.codebook().question("stance").choices}
    assert {name: label.str2int(name) for name in label.names} == codes
    first, tied = stance["train"]
    assert (first["item_id"], first["article_id"], first["label"]) == ("a" * 15 + "1", A, 0)
    assert (first["target"], first["target_ar"], first["target_en"]) == ("act", "قانون النقل", "Transit Act")
    assert first["text"] == TEXT
    assert first["title"] == "عنوان | أول"
    assert first["published"] == "2024-11-06"
    assert first["soft"] == {"favor": 1.0, "against": 0.0, "neutral": 0.0}
    assert first["votes"] == {"favor": 2, "against": 0, "neutral": 0}
    assert first["group"] == A
    span = {"question": "evidence", "start": SPAN.start, "end": SPAN.end, "text": SPAN.text}
    assert first["evidence"] == [{"annotator": "p1", **span}]
    assert first["text"][SPAN.start : SPAN.end] == SPAN.text
    assert (tied["label"], tied["status"], tied["source"], tied["published"]) == (None, "tied", None, None)
    assert tied["soft"] == {"favor": 0.5, "against": 0.5, "neutral": 0.0}


def test_questions_about_articles_and_multiple_choice(corpus, load):
    publish(corpus)
    topic = load("topic", split="train")
    assert topic.features["label"].names == ["01000000", "no"]
    assert [(row["article_id"], row["label"]) for row in topic] == [(A, 1), (B, 0)]
    assert not {"item_id", "target", "evidence"} & set(topic.features)
    tone = load("tone", split="train")
    assert tone.features["labels"].feature == ClassLabel(names=["angry", "ironic"])
    assert tone[0]["labels"] == [0, 1]


def test_annotations_stand_in_the_split_of_their_article(corpus, load):
    publish(corpus)
    annotations = load("annotations")
    assert [row["annotation_id"] for row in annotations["train"]] == ["u1", "u2", "u3", "u4", "u6"]
    assert annotations["test"]["article_id"] == [C]
    first, second, *_, skipped = annotations["train"]
    assert (first["stance"], first["topic"], first["tone"]) == (0, 1, [0, 1])
    assert second["tone"] == []
    assert second["comment"] == "واضح 👍"
    assert (skipped["status"], skipped["stance"], skipped["tone"]) == ("skipped", None, None)
    assert first["created"] == datetime(2025, 1, 2, 3, 4, 5, 678900, tzinfo=UTC)
    assert first["updated"] == datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert first["spans"][0]["text"] == SPAN.text


def test_articles_and_items_hold_all_and_say_the_split(corpus, load):
    publish(corpus)
    articles = load("articles")
    assert list(articles) == ["full"]
    assert articles["full"]["article_id"] == [A, B, C, D, E]
    assert articles["full"]["split"] == ["train", "train", "test", "train", None]
    assert articles["full"][0]["embeds"][0] == {
        "kind": "tweet",
        "text": "نص",
        "author": None,
        "published": "2024-11-20",
        "url": None,
        "at": 3,
    }
    items = load("items", split="full")
    assert items["split"] == ["train", "train", "test", "train"]


def test_default_config_and_streaming(corpus, load):
    publish(corpus)
    assert load(split="test")[0]["item_id"] == "c" * 15 + "1"
    assert [row["label"] for row in load("stance", split="train", streaming=True)] == [0, None]


def test_each_config_says_what_every_column_means(corpus):
    book = corpus.codebook()
    for config in features.of_release(book, ["ar", "en"]).values():
        unexplained = {name for name in config if name not in features.MEANINGS and not name.startswith("target_")}
        assert unexplained <= {question.id for question in book.questions}


PUBLISH = "import sys; from pathlib import Path; from corpus import workspace; "
PUBLISH += "from corpus.release.dataset.publish import publish; publish(workspace.Workspace(Path(sys.argv[1])))"


def test_same_input_gives_same_bytes_in_other_circumstances(corpus, tmp_path):
    publish(corpus)
    once = files(corpus.release)
    other = tmp_path / "other" / "folder"
    shutil.copytree(corpus.root, other, ignore=shutil.ignore_patterns("release"))
    elsewhere = {**os.environ, "TZ": "Asia/Riyadh", "PYTHONHASHSEED": "7", "LC_ALL": "C"}
    subprocess.run([sys.executable, "-c", PUBLISH, other], env=elsewhere, check=True)
    assert files(other / "release") == once


def test_no_secret_and_no_path_is_released(corpus):
    publish(corpus)
    content = b"".join(files(corpus.release).values())
    rows = "".join(str(pq.read_table(path).to_pylist()) for path in corpus.release.rglob("*.parquet"))
    for secret in ("s3cret", "secret-host", "home/someone", str(corpus.root)):
        assert secret.encode() not in content
        assert secret not in rows


def test_large_configs_are_cut_into_shards(corpus, load, monkeypatch):
    monkeypatch.setattr(columns, "BATCH_BYTES", 1)  # a line at a time
    monkeypatch.setattr(shards, "SHARD_BYTES", 1)
    publish(corpus)
    names = [f"full-0000{number}-of-00005.parquet" for number in range(5)]
    assert sorted(path.name for path in (corpus.release / "articles").iterdir()) == names
    assert load("articles", split="full")["article_id"] == [A, B, C, D, E]


def test_an_older_release_is_replaced_whole(corpus, said, rewrite, next_version):
    publish(corpus)
    (corpus.release / "topic" / "stale.parquet").write_bytes(b"")
    said.gold = [gold for gold in said.gold if gold.question != "topic"]
    rewrite(said)
    report = publish(next_version())
    assert not (corpus.release / "topic").exists()
    assert report.left_out["topic"]["answered, but not settled: run `warraq resolve`"] == 2
    assert "topic" not in [path.name for path in corpus.release.iterdir()]
    assert not list(corpus.root.glob(".release*"))


def test_a_failed_publish_leaves_the_old_release(corpus, said, rewrite):
    publish(corpus)
    once = files(corpus.release)
    said.annotations[0] = change(said.annotations[0], spans=[change(SPAN, start=8)])
    rewrite(said)
    with pytest.raises(CheckError, match=r"annotation u1 marks 8\.\.16"):
        publish(corpus)
    assert files(corpus.release) == once
    assert not list(corpus.root.glob(".release*"))


def test_a_release_lost_between_two_renames_comes_back(corpus, said, rewrite):
    publish(corpus)
    once = files(corpus.release)
    corpus.release.rename(corpus.root / ".release.old")  # as a kill between the two renames leaves it
    (corpus.root / ".release.new").mkdir()
    rewrite(said)
    corpus.articles.write_bytes(b"")
    with pytest.raises(CheckError, match="holds no article"):
        publish(corpus)
    store.write(corpus.articles, said.articles)
    assert files(corpus.release) == once


def test_a_text_changed_after_it_was_judged_takes_no_label(corpus, said, rewrite):
    said.articles[2] = change(said.articles[2], text="نص جديد", sha256="1" * 64)
    rewrite(said)
    report = publish(corpus)
    assert report.rows["stance"] == {"train": 2}
    assert report.left_out["stance"][CHANGED] == 1
    assert report.rows["annotations"]["test"] == 1


def test_nothing_labelled_yet_releases_the_articles(corpus, said, rewrite, load):
    said.items, said.annotations, said.gold = [], [], []
    rewrite(said)
    assert publish(corpus).rows["articles"] == {"full": 5}
    assert load(split="full").num_rows == 5


def no_answer(said):
    said.annotations[1] = change(said.annotations[1], answers={"stance": "furious"})


def no_gold_label(said):
    said.gold[0] = change(said.gold[0], value="furious")


def no_question(said):
    said.annotations[1] = change(said.annotations[1], answers={"mood": "favor"})


def two_answers(said):
    said.annotations[1] = change(said.annotations[1], answers={"stance": ["favor"]})


def no_split(said):
    said.splits = said.splits[:2]


def no_target(said):
    said.items[0] = change(said.items[0], target="moon")


def no_item(said):
    said.items = said.items[1:]


def no_article(said):
    said.articles = said.articles[1:]


def gold_twice(said):
    said.gold.append(said.gold[0])


def unsorted(said):
    said.articles.reverse()


def no_zone(said):
    said.annotations[0] = change(said.annotations[0], created="2025-01-02T03:04:05")


FAULTS = [
    (no_answer, "annotation u2 says 'furious' to 'stance'; codebook tiny@1.0.0 has favor, against, neutral"),
    (no_gold_label, f"the answer to 'stance' for article {A} says 'furious'"),
    (no_question, "annotation u2 answers 'mood', a question that codebook tiny@1.0.0 does not ask"),
    (two_answers, "annotation u2 says ['favor'] to 'stance', which takes one label"),
    (no_split, "run `warraq split`"),
    (no_target, "target 'moon', which targets.yaml does not hold"),
    (no_item, f"annotation u1 is of item {A[:15]}1, which items.jsonl does not hold"),
    (no_article, f"lacks 1 of the articles that items or gold name: {A}"),
    (gold_twice, "is there twice"),
    (unsorted, "articles.jsonl:2: article dddddddddddddddd is out of order"),
    (no_zone, "annotation u1: got the time '2025-01-02T03:04:05', which is no ISO 8601 time with an offset"),
]


@pytest.mark.parametrize(("fault", "message"), FAULTS, ids=lambda value: getattr(value, "__name__", ""))
def test_a_fault_in_the_records_is_told_and_nothing_is_released(corpus, said, rewrite, fault, message):
    fault(said)
    rewrite(said)
    with pytest.raises(CorpusError, match=re.escape(message)):
        publish(corpus)
    assert not corpus.release.exists()


def test_a_question_that_would_hide_a_column_is_refused(corpus, said, rewrite):
    said.annotations, said.gold = [], []
    rewrite(said)
    book = corpus.root / "book.yaml"
    book.write_text(book.read_text("utf-8").replace("id: topic", "id: status"), "utf-8")
    with pytest.raises(CorpusError, match="'status' cannot name a question"):
        publish(corpus)


@pytest.mark.parametrize("wrong", ["range", "rows", "column"])
def test_check_sees_what_load_dataset_does_not(tmp_path, wrong):
    label = features.Features({"label": ClassLabel(names=["a", "b"])})
    wide = features.Features({"label": ClassLabel(names=["a", "b", "c"])})
    with ThreadPoolExecutor(1) as pool:
        writer = shards.ShardWriter(tmp_path / "stance", "train", label, pool)
        writer.add({"label": 2 if wrong == "range" else 1})
        writer.close()
    with pytest.raises(CheckError):
        shards.check(tmp_path / "stance", wide if wrong == "column" else label, 2 if wrong == "rows" else 1)


def test_the_card_counts_each_row_group_in_its_order(tmp_path):
    texts = [["واحد اثنان", "أ\u00a0ب\nج", None], ["واحد"], ["ثلاثة  ألفاظ هنا", None], ["x y z w"], [None]]
    schema = features.Features({"text": features.TEXT, "article_id": features.TEXT}).arrow_schema
    (tmp_path / "articles").mkdir()
    with pq.ParquetWriter(tmp_path / "articles" / "full-00000-of-00001.parquet", schema) as writer:
        for group in texts:
            writer.write_batch(pa.RecordBatch.from_pylist([{"text": text, "article_id": "a"} for text in group], schema))
    read = released.read(tmp_path, [])["articles"]
    assert list(read.words) == [2, 3, 1, 3, 4]
    assert read.rows == {"full": sum(map(len, texts))}
