"""The audit of foreign splits: formats, columns, leaks; and a real dataset whose figures were counted otherwise too."""

import csv
import json

import pytest
from real_data import shared
from run_warraq import warraq

from corpus.curate.audit import audit
from corpus.errors import CorpusError

TRAIN = ["one two three four five six", "قال الوزير إن المشروع سيبدأ غدا في العاصمة", ""]
DEV = ["قالَ الوزير إنّ المشروع سيبدأ غداً في العاصمة", "seven eight nine ten eleven"]


def table(path, texts, delimiter=","):
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows([["id", "text"], *([n, text] for n, text in enumerate(texts))])
    return path


def lines(path, texts):
    path.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts), "utf-8")
    return path


def test_a_leak_is_named_by_its_rows_whatever_the_format(tmp_path):
    for train in (table(tmp_path / "train.csv", TRAIN), table(tmp_path / "train.tsv", TRAIN, "\t")):
        report = audit([train, lines(tmp_path / "dev.jsonl", DEV)], ["text"])
        assert report.rows == {"train": 3, "dev": 2} and report.without_text == {"train": 1, "dev": 0}
        [border] = report.borders
        assert [(p.first, p.second, p.exact) for p in border.leaks] == [("2", "1", True)] and report.leaks == 1


def test_three_files_have_three_borders_and_equal_names_are_numbered(tmp_path):
    for folder in "abc":
        (tmp_path / folder).mkdir()
    report = audit([lines(tmp_path / folder / "data.jsonl", DEV) for folder in "abc"], ["text"])
    assert [(b.first, b.second, len(b.leaks)) for b in report.borders] == [
        ("data (1)", "data (2)", 2),
        ("data (1)", "data (3)", 2),
        ("data (2)", "data (3)", 2),
    ]


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"s1,s2\na,b\n", "x.csv", "row 1 has no column text"),
        (b"[1]\n", "x.jsonl", "row 1 has no column"),
        (b'{"text": 3}\n', "x.jsonl", "row 1 has no text"),
        (b"{\n", "x.jsonl", "cannot be read"),
        (b"text\n\xc7\xe1\n", "x.csv", "cannot be read"),
        (b'text\n"a\n', "x.csv", "cannot be read"),
        (b"PAR1", "x.parquet", "not a format"),
    ],
)
def test_a_file_that_cannot_be_audited_is_an_error(tmp_path, content, name, said):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(CorpusError, match=said) as error:
        audit([tmp_path / name, lines(tmp_path / "dev.jsonl", DEV)], ["text"])
    assert error.value.fix


def test_one_file_or_a_missing_one_is_an_error(tmp_path):
    dev = lines(tmp_path / "dev.jsonl", DEV)
    with pytest.raises(CorpusError, match="2 or 3 files"):
        audit([dev], ["text"])
    with pytest.raises(CorpusError, match="cannot be read"):
        audit([dev, tmp_path / "gone.csv"], ["text"])


def test_the_command_lists_leaks_and_ends_with_1(tmp_path):
    files = [str(table(tmp_path / "train.csv", TRAIN)), str(lines(tmp_path / "dev.jsonl", DEV))]
    done = warraq("split", "--audit", *files)
    assert done.returncode == 1 and "rows 2 and 1, equal" in done.stdout and "1 pairs of texts" in done.stderr
    done = warraq("split", "--audit", "--json", *files)
    assert done.returncode == 1 and json.loads(done.stdout)["borders"][0]["leaks"][0]["first"] == "2"
    assert warraq("split", files[0]).returncode == 2


def test_ans_repeats_first_sentences_across_its_border():
    files = [shared("ans", "train.csv"), shared("ans", "dev.csv")]
    assert audit(files, ["s1", "s2"]).leaks == 0
    report = audit(files, ["s1"])
    tables = [csv.DictReader(file.read_text("utf-8").splitlines()) for file in files]
    sentences = [[" ".join(row["s1"].split()) for row in table] for table in tables]
    equal = {(str(i), str(j)) for i, a in enumerate(sentences[0], 1) for j, b in enumerate(sentences[1], 1) if a == b}
    assert equal <= {(p.first, p.second) for p in report.borders[0].leaks}
    assert report.leaks == 48 and report.rows == {"train": 2652, "dev": 755}
