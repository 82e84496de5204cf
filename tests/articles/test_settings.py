"""What a conversion is told: languages, when the input was gathered, workers; and what it says of a file when asked."""

import json

import pytest
from run_warraq import warraq

from corpus import store, workspace
from corpus.articles import batches
from corpus.articles.convert import convert
from corpus.articles.readers import READERS
from corpus.articles.settings import settings_of
from corpus.errors import CorpusError
from corpus.records import Article, Item, Reject
from corpus.text.language import language_of

TEXTS = {
    "ar": "قالت وزارة التعليم إن المدارس الريفية تفتح أبوابها في موعدها رغم نقص المقاعد.",
    "fa": "وزارت آموزش گفت مدرسه‌های روستایی با وجود کمبود نیمکت به‌موقع باز می‌شوند و سرویس رفت و آمد رایگان است.",
    "ur": "وزارت تعلیم نے کہا ہے کہ دیہی اسکول نشستوں کی کمی کے باوجود وقت پر کھلیں گے اور بس مفت ہوگی۔",
    "fr": "Le ministère de l'éducation affirme que les écoles rurales ouvriront à temps malgré le manque de bancs.",
    "en": "The ministry of education said that rural schools would open on time although benches are missing.",
}


@pytest.mark.parametrize("language", TEXTS)
@pytest.mark.parametrize("stated", [None, "de", "ar", "en-GB"])
def test_the_text_and_not_the_template_says_the_language(language, stated):
    assert language_of(TEXTS[language], stated, "de").split("-")[0] == language


def test_a_statement_that_agrees_keeps_its_region_and_short_or_unknown_ones_are_believed():
    assert language_of(TEXTS["ar"], "ar-TN", "de") == "ar-TN"
    assert language_of(TEXTS["fr"], "fr_CA", "de") == "fr-CA", "BCP 47"
    assert language_of("Nadal", "ar_EG", "de") == "ar-EG"
    assert language_of("Nadal", "EN-gb", "de") == "en-GB", "one spelling"
    assert language_of(TEXTS["ar"], "Arabic", "de") == "ar", "a name is no tag"
    assert language_of("Nadal", "عربي", "de") == "de"
    assert language_of(TEXTS["ar"], "arz", "de") == "arz"  # Egyptian
    assert language_of(TEXTS["ar"], "tlh", "de") == "tlh"  # the model has no say
    assert language_of("Nadal", "es", "de") == "es"
    assert language_of("Nadal", None, "de") == "de"
    assert language_of("", None, None) is None
    assert language_of("1 2 3 " * 50, None, "ar") == "ar"


def told(space, line):
    """The corpus with one more line in [convert] of its settings."""
    config = space.root / "warraq.toml"
    config.write_text(config.read_text("utf-8").replace("[convert]\n", f"[convert]\n{line}\n"), "utf-8")
    return workspace.find(space.root)


@pytest.fixture
def mixed(tmp_path):
    path = tmp_path / "mixed.jsonl"
    path.write_text("".join(json.dumps({"text": text, "language": "ar"}) + "\n" for text in TEXTS.values()), "utf-8")
    return path


def test_languages_filter_with_a_count_and_without_the_setting_nothing_is_lost(corpus_folder, mixed):
    report = convert(corpus_folder, [mixed])
    assert (report.articles, report.languages) == (5, dict.fromkeys(sorted(TEXTS), 1))


def test_other_languages_are_rejects(corpus_folder, mixed):
    report = convert(told(corpus_folder, 'languages = ["ar", "FA"]'), [mixed])
    assert (report.articles, report.reasons, report.languages) == (2, {"other_language": 3}, {"ar": 1, "fa": 1})
    rejects = list(store.read(corpus_folder.rejects, Reject))
    assert [(r.record, r.head) for r in rejects] == [(3, TEXTS["ur"]), (4, TEXTS["fr"]), (5, TEXTS["en"])]
    assert rejects[0].detail == "the language is ur; warraq.toml keeps ar, fa"


def test_languages_set_later_leave_nothing_else_but_what_people_were_to_judge(corpus_folder, mixed, tmp_path):
    convert(corpus_folder, [mixed])
    ids = {article.language: article.id for article in store.read(corpus_folder.articles, Article)}
    store.write(corpus_folder.items, [Item("0" * 16, ids["fr"], "0" * 64, None, "b@1")])
    (tmp_path / "none.jsonl").write_text("", "utf-8")
    report = convert(told(corpus_folder, 'languages = ["ar", "fa"]'), [tmp_path / "none.jsonl"])  # read again or not
    assert (report.articles, report.removed, report.kept, report.total) == (0, 2, 1, 3)
    assert {a.id for a in store.read(corpus_folder.articles, Article)} == {ids[name] for name in ("ar", "fa", "fr")}
    again = convert(workspace.find(corpus_folder.root), [mixed])
    assert (again.unchanged, again.reasons, again.removed, again.kept, again.total) == (2, {"other_language": 3}, 0, 1, 3)
    done = warraq("-C", str(corpus_folder.root), "convert", str(mixed))
    assert "languages that warraq.toml does not keep: 0 removed; 1 kept" in done.stdout


DATED = [("2024-11-06", "2024-11-06"), ("2024-12-06", None), ("أمس", "2024-11-05"), ("30/02/2024", None), ("2099-01-01", None)]


def test_dates_that_cannot_be_are_null_and_noted(corpus_folder, tmp_path):
    path = tmp_path / "dates.jsonl"
    rows = [{"text": f"نص {n}", "id": n, "published": printed} for n, (printed, _) in enumerate(DATED)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    assert convert(corpus_folder, [path]).notes == {"date_in_future": 1, "date_not_understood": 1, "date_relative": 1}
    space = told(corpus_folder, 'gathered = "2024-11-06"')
    assert convert(space, [path]).notes == {"date_in_future": 2, "date_not_understood": 1}
    found = {article.origin.record: article.published for article in store.read(space.articles, Article)}
    assert found == {n: parsed for n, (_, parsed) in enumerate(DATED, 1)}
    report = json.loads((space.reports / "convert.json").read_bytes())
    assert [(note["record"], note["reason"], note["printed"]) for note in report["first_notes"]] == [
        (2, "date_in_future", "2024-12-06"),
        (4, "date_not_understood", "30/02/2024"),
        (5, "date_in_future", "2099-01-01"),
    ]


def test_a_hijri_date_is_converted_and_kept_as_printed(corpus_folder, tmp_path):
    path = tmp_path / "dates.jsonl"
    printed = [
        "15 رجب 1445 هـ",
        "السبت ١٥ رجب ١٤٤٥هـ",
        "15 رجب 1445 هـ الموافق 27 يناير 2024 م",
        "27 يناير 2024",
        "15 رجب 1745 هـ",
    ]
    rows = [{"text": f"نص {n}", "id": n, "published": date} for n, date in enumerate(printed)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    assert convert(corpus_folder, [path]).notes == {"date_hijri": 3, "date_not_understood": 1}
    found = {article.origin.record: article.published for article in store.read(corpus_folder.articles, Article)}
    assert found == {1: "2024-01-27", 2: "2024-01-27", 3: "2024-01-27", 4: "2024-01-27", 5: None}
    report = json.loads((corpus_folder.reports / "convert.json").read_bytes())
    assert [note["printed"] for note in report["first_notes"]] == [*printed[:3], printed[4]]


@pytest.mark.parametrize("wrong", ["soon", "2024", "2024-11", "أمس"])
def test_a_day_of_gathering_that_is_none_is_an_error(corpus_folder, wrong):
    with pytest.raises(CorpusError, match="gathered"):
        settings_of(told(corpus_folder, f'gathered = "{wrong}"'), [])


@pytest.mark.parametrize("workers", [2, 3])
def test_any_number_of_workers_gives_the_same_bytes(corpus_folder, ant_folder, tmp_path, monkeypatch, workers):
    monkeypatch.setattr(batches, "MAX_FILES", 20)
    raw = [ant_folder / "culture", ant_folder / "sport", ant_folder / "sport"]  # one twice: every record of it is repeated
    calm = convert(corpus_folder, raw)
    workspace.create(tmp_path / "other")
    other = workspace.find(tmp_path / "other")
    assert convert(other, raw[::-1], workers=workers) == calm
    for path in ("articles.jsonl", "rejects.jsonl", "reports/convert.json"):
        assert (other.root / path).read_bytes() == (corpus_folder.root / path).read_bytes()


def test_more_chunks_than_can_be_open_at_once_are_merged_in_steps(corpus_folder, ant_folder, tmp_path, monkeypatch):
    raw = [ant_folder / "culture", ant_folder / "sport"]
    convert(corpus_folder, raw)
    monkeypatch.setattr(batches, "MAX_FILES", 7)
    monkeypatch.setattr(batches.merge, "FAN_IN", 3)
    workspace.create(tmp_path / "other")
    other = workspace.find(tmp_path / "other")
    convert(other, raw)
    assert other.articles.read_bytes() == corpus_folder.articles.read_bytes()


def test_explain_shows_what_convert_does_for_every_format(corpus_folder):
    from golden import INPUTS

    root = str(corpus_folder.root)
    done = warraq("-C", root, "convert", "--explain", *map(str, INPUTS), "--json")
    records = json.loads(done.stdout)["records"]
    assert {record["format"] for record in records} - {None} == {reader.name for reader in READERS}
    convert(corpus_folder, INPUTS)
    assert {r["id"] for r in records if r["id"]} >= {a.id for a in store.read(corpus_folder.articles, Article)}
    rejects = {(r.file, r.record, r.reason) for r in store.read(corpus_folder.rejects, Reject)}
    told_of = {(r["file"], r["record"], r["reason"]) for r in records if r["reason"]}
    assert told_of == {reject for reject in rejects if reject[2] != "repeated"}


def test_explain_says_where_a_field_stood_and_what_was_left_out(corpus_folder, tmp_path):
    page = tmp_path / "page.html"
    body = "<p>قال مدير المرفأ إنّ السفن الصغيرة تعود إلى رصيفها القديم بعد انتهاء أشغال الترميم.</p>" * 3
    page.write_text(
        '<html lang="en"><head><meta property="article:published_time" content="2099-01-01"></head><body>'
        f"<nav>قائمة المرفأ</nav><article><h1>سفن المرفأ</h1>{body}</article></body></html>",
        "utf-8",
    )
    before = sorted(corpus_folder.root.rglob("*"))
    lines = warraq("-C", str(corpus_folder.root), "convert", "--explain", str(page)).stdout.splitlines()
    assert sorted(corpus_folder.root.rglob("*")) == before
    assert lines[0] == "page.html, record 1: html"
    text = "\n".join(lines)
    for said in (
        "سفن المرفأ   ← element h1",
        "null   ← meta article:published_time, but date_in_future, printed as '2099-01-01'",
        "ar   ← the text itself, or warraq.toml where it is too short, printed as 'en'",
        "paragraph  0–82: قال مدير المرفأ",
        "قائمة المرفأ   ← outside the element that holds the article",
    ):
        assert said in text
