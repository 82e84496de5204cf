"""Converting again, in another order, in parts, and after corrections: the same bytes, nothing doubled, nothing lost."""

import io
import json
import shutil
import tarfile

import filelock
import pytest
from golden import INPUTS

from corpus import store, workspace
from corpus.articles import batches, merge, sources
from corpus.articles.convert import convert
from corpus.articles.readers import READERS
from corpus.errors import CorpusError
from corpus.records import Article, Reject


def files(space) -> tuple[bytes, bytes]:
    return space.articles.read_bytes(), space.rejects.read_bytes()


def articles(space) -> list[Article]:
    return list(store.read(space.articles, Article))


def rejects(space) -> list[Reject]:
    return list(store.read(space.rejects, Reject))


def new(folder):
    workspace.create(folder)
    return workspace.find(folder)


@pytest.fixture
def ant_part(ant_folder, tmp_path):
    """Three of ANT's nine sections, with rejects and repeated articles among them."""
    for name in ("culture", "diverse", "sport"):
        shutil.copytree(ant_folder / name, tmp_path / "part" / name)
    return tmp_path / "part"


def test_converting_again_changes_no_byte(corpus_folder, ant_part):
    first = convert(corpus_folder, [ant_part])
    before = files(corpus_folder)
    again = convert(corpus_folder, [ant_part])
    assert files(corpus_folder) == before
    assert (again.new, again.changed, again.unchanged) == (0, 0, first.articles)
    assert first.new == first.articles > 900 and first.rejected > 0


def test_stored_articles_that_are_written_in_another_way_are_unchanged(corpus_folder, ant_part):
    first = convert(corpus_folder, [ant_part])
    before = files(corpus_folder)
    lines = corpus_folder.articles.read_bytes().splitlines()
    corpus_folder.articles.write_text("".join(json.dumps(json.loads(line), indent=None) + "\n" for line in lines), "utf-8")
    assert corpus_folder.articles.read_bytes() != before[0]
    assert convert(corpus_folder, [ant_part]).unchanged == first.articles
    assert files(corpus_folder) == before


@pytest.mark.parametrize("workers", [1, 2])
def test_files_are_listed_as_they_are_read_and_not_all_before(corpus_folder, tmp_path, monkeypatch, workers):
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(40):
        (folder / f"{number}.jsonl").write_text(json.dumps({"text": "نص", "id": number}), "utf-8")
    monkeypatch.setattr(batches, "MAX_FILES", 1)
    listed, most = [], []
    every = sources.files
    monkeypatch.setattr(sources, "files", lambda paths: (listed.append(file) or file for file in every(paths)))
    report = convert(corpus_folder, [folder], lambda done, _: most.append(len(listed) - done), workers)
    assert (report.files, len(listed)) == (40, 40)
    assert max(most) <= 2 + 2 * workers


def test_the_order_of_the_paths_changes_no_byte(corpus_folder, ant_part, tmp_path):
    paths = sorted(ant_part.iterdir())
    convert(corpus_folder, paths)
    other = new(tmp_path / "other")
    convert(other, paths[::-1])
    assert files(other) == files(corpus_folder)


def test_ids_hang_on_no_name_order_or_worker(corpus_folder, tmp_path, monkeypatch):
    """Every format that there is, each file under another name in another folder, last first, two files a worker."""
    inputs = sorted(path for folder in INPUTS for path in folder.iterdir())
    calm = convert(corpus_folder, inputs)
    monkeypatch.setattr(batches, "MAX_FILES", 2)
    copies = [tmp_path / f"{99 - number}" / f"خبر {number}.bin" for number in range(len(inputs))]
    for path, copy in zip(inputs, copies, strict=True):
        copy.parent.mkdir()
        shutil.copyfile(path, copy)
    other = new(tmp_path / "other")
    report = convert(other, copies[::-1], workers=2)
    assert {a.id for a in articles(other)} == {a.id for a in articles(corpus_folder)}
    assert {a.origin.format for a in articles(other)} == {reader.name for reader in READERS}
    assert (report.records, report.reasons) == (calm.records, calm.reasons)


def test_two_halves_one_after_the_other_give_the_same_articles_as_together(corpus_folder, ant_part, tmp_path):
    paths = sorted(ant_part.iterdir())
    convert(corpus_folder, paths)
    halves = new(tmp_path / "halves")
    first, second = convert(halves, paths[:1]), convert(halves, paths[1:])
    assert halves.articles.read_bytes() == corpus_folder.articles.read_bytes()
    assert first.total + second.new == second.total == len(articles(halves))


def test_chunks_on_disk_change_no_byte(corpus_folder, ant_part, tmp_path, monkeypatch):
    convert(corpus_folder, [ant_part])
    monkeypatch.setattr(merge, "CHUNK_BYTES", 100_000)
    small = new(tmp_path / "small")
    convert(small, [ant_part])
    assert files(small) == files(corpus_folder)


PAGE = {"text": "نص", "url": "https://a.example/1"}


def lines(path, *rows):
    path.parent.mkdir(exist_ok=True)
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return path


def test_a_repeated_article_is_a_reject_and_the_later_record_is_kept(corpus_folder, tmp_path):
    page = tmp_path / "in" / "a.jsonl"
    lines(page, PAGE, PAGE | {"text": "مصحح"}, {"text": "آخر"})
    report = convert(corpus_folder, [page])
    assert (report.records, report.articles, report.reasons) == (3, 2, {"repeated": 1})
    assert {a.text for a in articles(corpus_folder)} == {"مصحح", "آخر"}
    (reject,) = rejects(corpus_folder)
    assert (reject.record, reject.head) == (1, "نص") and "record 2 of a.jsonl" in reject.detail


@pytest.mark.parametrize("reverse", [False, True])
def test_of_one_article_in_two_files_the_later_name_is_kept_in_any_order(corpus_folder, tmp_path, reverse):
    paths = [lines(tmp_path / "in" / f"{n}.jsonl", PAGE | {"text": n}) for n in "ab"]
    convert(corpus_folder, paths[::-1] if reverse else paths)
    assert [a.text for a in articles(corpus_folder)] == ["b"]
    assert [r.file for r in rejects(corpus_folder)] == ["a.jsonl"]


@pytest.mark.parametrize(
    "url",
    [
        "https://a.example/1?utm_source=x&utm_medium=y",
        "HTTPS://A.EXAMPLE/1#top",
        "https://a.example:443/1",
        "https://a.example/1?fbclid=1",
    ],
)
def test_one_page_under_two_spellings_of_its_address_is_one_article(corpus_folder, tmp_path, url):
    report = convert(corpus_folder, [lines(tmp_path / "in" / "a.jsonl", PAGE, PAGE | {"url": url, "text": "ثان"})])
    assert (report.articles, report.reasons) == (1, {"repeated": 1})


@pytest.mark.parametrize(
    "url", ["https://a.example/2", "https://a.example/1?id=2", "https://a.example/1?id=1&id=2", "https://b.example/1"]
)
def test_pages_with_other_addresses_are_other_articles(corpus_folder, tmp_path, url):
    rows = (PAGE, PAGE | {"url": url}, PAGE | {"url": "https://a.example/1?id=1"})
    assert convert(corpus_folder, [lines(tmp_path / "in" / "a.jsonl", *rows)]).articles == 3


def test_a_corrected_article_takes_the_place_of_the_old_one(corpus_folder, tmp_path):
    page = lines(tmp_path / "in" / "a.jsonl", PAGE, {"text": "آخر"})
    convert(corpus_folder, [page])
    lines(page, PAGE | {"text": "مصحح"}, {"text": "آخر"})
    report = convert(corpus_folder, [page])
    assert (report.new, report.changed, report.unchanged, report.total) == (0, 1, 1, 2)
    assert {a.text for a in articles(corpus_folder)} == {"مصحح", "آخر"}


def test_a_file_that_is_corrected_loses_its_reject_and_others_keep_theirs(corpus_folder, tmp_path):
    folder = tmp_path / "in"
    lines(folder / "a.jsonl", {"title": "بلا نص"})
    lines(folder / "b.jsonl", {"title": "بلا نص"})
    convert(corpus_folder, [folder])
    lines(folder / "a.jsonl", {"title": "له", "text": "نص"})
    (folder / "b.jsonl").unlink()
    convert(corpus_folder, [folder])
    assert [r.file for r in rejects(corpus_folder)] == ["in/b.jsonl"]
    assert [a.title for a in articles(corpus_folder)] == ["له"]


def archive(path, members):
    with tarfile.open(path, "w:gz") as file:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            file.addfile(info, io.BytesIO(data))
    return path


def test_an_archive_that_is_corrected_loses_all_its_rejects(corpus_folder, tmp_path):
    path = archive(tmp_path / "a.tgz", {"x.csv": b"text\n" + bytes(range(32, 127)).hex().encode() * 9000, "y": b""})
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert convert(corpus_folder, [path]).rejected > 0
    assert {r.file.split("/")[0] for r in rejects(corpus_folder)} == {"a.tgz"}
    archive(path, {"x.csv": b"text\nabc\n"})
    assert convert(corpus_folder, [path]).articles == 1
    assert rejects(corpus_folder) == []


def test_the_corpus_never_reads_its_own_files(corpus_folder, tmp_path):
    convert(corpus_folder, [lines(tmp_path / "in" / "a.jsonl", PAGE)])
    before = files(corpus_folder)
    for path in (corpus_folder.root, corpus_folder.root.parent, corpus_folder.articles):
        with pytest.raises(CorpusError, match="own files"):
            convert(corpus_folder, [path])
    assert files(corpus_folder) == before
    assert convert(corpus_folder, [lines(corpus_folder.root / "raw" / "b.jsonl", {"text": "ب"})]).total == 2


def test_a_missing_path_stops_before_anything_is_written(corpus_folder, tmp_path):
    page = lines(tmp_path / "in" / "a.jsonl", PAGE)
    with pytest.raises(CorpusError, match="does not exist"):
        convert(corpus_folder, [page, tmp_path / "missing"])
    assert not corpus_folder.articles.exists() and not corpus_folder.rejects.exists()


def test_two_conversions_at_once_are_refused(corpus_folder, tmp_path):
    page = lines(tmp_path / "in" / "a.jsonl", PAGE)
    with filelock.FileLock(corpus_folder.state / "convert.lock"), pytest.raises(CorpusError, match="another"):
        convert(corpus_folder, [page])
    assert convert(corpus_folder, [page]).articles == 1


def test_a_corpus_whose_articles_are_out_of_order_is_refused_and_left_alone(corpus_folder, tmp_path):
    page = lines(tmp_path / "in" / "a.jsonl", PAGE, {"text": "آخر"})
    convert(corpus_folder, [page])
    rows = corpus_folder.articles.read_bytes().splitlines(keepends=True)
    corpus_folder.articles.write_bytes(b"".join(rows[::-1]))
    with pytest.raises(CorpusError, match="not sorted"):
        convert(corpus_folder, [page])
    assert corpus_folder.articles.read_bytes() == b"".join(rows[::-1])
