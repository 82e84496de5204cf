"""The audit of foreign splits: formats, columns, folders, leaks; and real data whose figures were counted otherwise too."""

import csv
import json
from itertools import product
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from real_data import shared
from run_warraq import warraq

from corpus.curate.audit import audit
from corpus.curate.foreign import files_of
from corpus.errors import CorpusError
from corpus.text.fold import fold

TRAIN = ["one two three four five six", "قال الوزير إن المشروع سيبدأ غدا في العاصمة", ""]
DEV = ["قالَ الوزير إنّ المشروع سيبدأ غداً في العاصمة", "seven eight nine ten eleven"]


def table(path, texts, delimiter=","):
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows([["ID", "text"], *([f"x{n}", t] for n, t in enumerate(texts))])
    return path


def lines(path, texts):
    path.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts), "utf-8")
    return path


def parquet(path, texts):
    pq.write_table(pa.table({"id": [f"x{n}" for n in range(len(texts))], "text": [text or None for text in texts]}), path)
    return path


@pytest.mark.parametrize("name", ["train.csv", "train;.csv", "train.tsv", "train.parquet"])
def test_a_leak_is_named_by_file_row_and_id_whatever_the_format(tmp_path, name):
    path = tmp_path / name.replace(";", "")
    delimiter = "\t" if path.suffix == ".tsv" else ";" if ";" in name else ","
    train = parquet(path, TRAIN) if path.suffix == ".parquet" else table(path, TRAIN, delimiter)
    report = audit([train, lines(tmp_path / "dev.jsonl", DEV)], ["text"])
    assert report.rows == {"train": 3, "dev": 2} and report.without_text == {"train": 1, "dev": 0}
    [border] = report.borders
    [leak] = border.leaks
    assert (leak.first.file, leak.first.row, leak.first.id, leak.first.head) == (str(train), 2, "x1", TRAIN[1])
    assert (leak.second.row, leak.second.id, leak.second.head, leak.exact) == (1, None, DEV[0], True)
    assert (report.leaks, border.first_rows, border.second_rows) == (1, 1, 1)


def test_files_that_are_named_are_splits_of_their_own(tmp_path):
    for folder in "abc":
        (tmp_path / folder).mkdir()
    report = audit([lines(tmp_path / folder / "data.jsonl", DEV) for folder in "abc"], ["text"])
    assert [(b.first, b.second, len(b.leaks)) for b in report.borders] == [
        ("data (1)", "data (2)", 2),
        ("data (1)", "data (3)", 2),
        ("data (2)", "data (3)", 2),
    ]


def test_a_folder_is_divided_by_its_files_names_and_then_its_folders(tmp_path):
    names = ["my_train_1.jsonl", "TRAIN-00001-of-2.parquet", "dev/a.csv", "b/valid.tsv", "test2.ndjson", "training/eval.csv"]
    names += ["latest.csv", "contest.jsonl", "train.txt"]
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    splits, nameless = files_of([tmp_path])
    assert {name: [str(p.relative_to(tmp_path)) for p in files] for name, files in splits.items()} == {
        "train": ["TRAIN-00001-of-2.parquet", "my_train_1.jsonl"],
        "validation": ["b/valid.tsv", "dev/a.csv"],
        "test": ["test2.ndjson", "training/eval.csv"],
    }
    assert [p.name for p in nameless] == ["contest.jsonl", "latest.csv"]


def test_shards_are_one_side_and_files_without_the_column_are_left_out(tmp_path):
    lines(tmp_path / "train-0.jsonl", TRAIN[:1])
    parquet(tmp_path / "train-1.parquet", TRAIN[1:])
    lines(tmp_path / "dev.jsonl", DEV)
    (tmp_path / "test.csv").write_text("label\nfavor\n")
    report = audit([tmp_path], ["text"])
    assert report.rows == {"train": 3, "validation": 2, "test": 0} and report.left_out == [str(tmp_path / "test.csv")]
    assert [Path(leak.first.file).name for border in report.borders for leak in border.leaks] == ["train-1.parquet"]
    with pytest.raises(CorpusError, match="has no column body; it has"):
        audit([tmp_path], ["body"])


def test_a_pair_leaks_by_either_side_in_either_column(tmp_path):
    for name, rows in (("train", [("a b c d e", "f g h i j"), ("k l m n o", "p q r s t")]),
                       ("test", [("u v w x y", "a b c d e"), ("k l m n o", "z z z z z")])):  # fmt: skip
        (tmp_path / f"{name}.csv").write_text("s1,s2\n" + "".join(f"{a},{b}\n" for a, b in rows))
    [border] = audit([tmp_path], ["s1", "s2"]).borders
    assert [(x.first.row, x.first.column, x.second.row, x.second.column) for x in border.leaks] == [
        (1, "s1", 1, "s2"), (2, "s1", 2, "s1")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"s1,s2\na,b\n", "x.csv", "row 1 has no column text"),
        (b"[1]\n", "x.jsonl", "row 1 has no column"),
        (b'{"text": 3}\n', "x.jsonl", "row 1 has no text"),
        (b"{\n", "x.jsonl", "cannot be read"),
        (b"text\n\xc7\xe1\n", "x.csv", "cannot be read"),
        (b'text\n"a\n', "x.csv", "cannot be read"),
        (b"PAR1", "x.parquet", "cannot be read"),
        (b"text", "x.txt", "not a format"),
    ],
)
def test_a_file_that_cannot_be_audited_is_an_error(tmp_path, content, name, said):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(CorpusError, match=said) as error:
        audit([tmp_path / name, lines(tmp_path / "dev.jsonl", DEV)], ["text"])
    assert error.value.fix


def test_one_split_or_a_missing_file_is_an_error(tmp_path):
    dev = lines(tmp_path / "dev.jsonl", DEV)
    for paths in ([dev], [tmp_path], []):
        with pytest.raises(CorpusError, match="two splits or more"):
            audit(paths, ["text"])
    with pytest.raises(CorpusError, match="cannot be read"):
        audit([dev, tmp_path / "gone.csv"], ["text"])


def test_the_command_lists_leaks_and_ends_with_1(tmp_path):
    files = [str(table(tmp_path / "train.csv", TRAIN)), str(lines(tmp_path / "dev.jsonl", DEV))]
    done = warraq("split", "--audit", str(tmp_path))
    assert done.returncode == 1 and "1 pairs of texts" in done.stderr
    assert f"{files[0]} row 2 (id x1), text: {TRAIN[1]}" in done.stdout
    assert f"{files[1]} row 1, text: {DEV[0]}" in done.stdout
    done = warraq("split", "--audit", "--json", *files)
    assert done.returncode == 1 and json.loads(done.stdout)["borders"][0]["leaks"][0]["first"]["row"] == 2
    assert warraq("split", "--audit", "--freeze", *files).returncode == 2


def test_ans_repeats_headlines_across_its_border():
    report = audit([shared("ans")], ["s1", "s2"])
    sentences = {}
    for name in ("train", "dev"):
        with shared("ans", f"{name}.csv").open(encoding="utf-8", newline="") as file:
            texts = [[" ".join(fold(row[c]).split()) for c in ("s1", "s2")] for row in csv.DictReader(file)]
        sentences[name] = [(n, c, text) for n, row in enumerate(texts, 1) for c, text in zip(("s1", "s2"), row, strict=True)]
    equal = {(*a[:2], *b[:2]) for a, b in product(sentences["train"], sentences["dev"]) if a[2] == b[2]}
    [border] = report.borders
    assert equal == {(x.first.row, x.first.column, x.second.row, x.second.column) for x in border.leaks if x.exact}
    assert report.rows == {"train": 2652, "validation": 755}
    assert (report.leaks, border.first_rows, border.second_rows) == (51, 36, 38)


def test_columns_that_hold_texts_are_found(tmp_path):
    text = "قال الوزير إن القطار الجديد يصل اليوم"
    for name in ("train", "test"):
        (tmp_path / f"{name}.csv").write_text(
            f"id,first,second,label\n1,{text},جملة {name} من كلمات أخرى كثيرة,agree\n", "utf-8"
        )
    found = audit([tmp_path], [])
    assert (found.columns, found.leaks) == (["first", "second"], 1)
    (tmp_path / "train.csv").write_text(f"text,other\nكلمة,{text}\n", "utf-8")
    (tmp_path / "test.csv").write_text(f"text,other\nحرف,{text}\n", "utf-8")
    assert (audit([tmp_path], []).columns, audit([tmp_path], []).leaks) == (["text"], 0)
