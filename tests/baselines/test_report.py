import base64
import re

import msgspec

from baselines.report import html
from baselines.results import TrainReport
from baselines.table import markdown
from baselines.train import train
from corpus import store
from corpus.records import Article, Gold
from corpus.workspace import Workspace


def test_the_page_stands_alone_and_escapes_what_it_shows(once: tuple[Workspace, TrainReport]) -> None:
    page = html(once[1], {"bridge": "جسر <i>"})
    assert "<bdi>عيّنة &lt;b&gt;</bdi>" in page and "جسر &lt;i&gt;" in page and "<i>" not in page
    assert "only 6 rows in 6 groups" in page
    assert '<bdi lang="ar">معارض</bdi>' in page
    for loaded in ("<script", "href=", "url(", "@import"):
        assert loaded not in page
    pictures = re.findall(r'src="([^"]*)"', page)
    assert pictures and all(uri.startswith("data:image/png;base64,") for uri in pictures)
    assert all(base64.b64decode(uri.split(",")[1]).startswith(b"\x89PNG") for uri in pictures)


def test_an_undefined_score_is_said_not_hidden(corpus: Workspace) -> None:
    records = [g for n, g in enumerate(store.read(corpus.gold, Gold)) if n < 36 or g.value != "neutral"]
    store.write(corpus.gold, records)
    found = train(corpus)
    neutral = found.questions[0].model.classes[2]
    assert (neutral.label, neutral.support, neutral.recall) == ("neutral", 0, None)
    assert "undefined" in html(found, {})


def test_every_score_on_the_page_and_in_the_table_has_its_interval(once: tuple[Workspace, TrainReport]) -> None:
    space, found = once
    for row in re.findall(r"<tr class=\"best\">.*?</tr>", html(found, {}), re.DOTALL):
        assert re.search(r"\d\.\d{3} to \d\.\d{3}", row), row
    assert markdown(found) == (space.reports / "BASELINES.md").read_text("utf-8")
    assert markdown(found).splitlines()[7].startswith("| stance | 12, 6 | 0.167 [")


def test_errors_to_read_have_their_evidence_marked_and_markup_of_an_article_stays_text(corpus: Workspace) -> None:
    last = list(store.read(corpus.gold, Gold))[-2]
    other = "favor" if last.value != "favor" else "against"
    swapped = [msgspec.structs.replace(g, value=other) if g == last else g for g in store.read(corpus.gold, Gold)]
    store.write(corpus.gold, swapped)
    renamed = [
        msgspec.structs.replace(a, title="<script>x</script>") if a.id == last.article_id else a
        for a in store.read(corpus.articles, Article)
    ]
    store.write(corpus.articles, renamed)
    found = train(corpus)
    (mistake,) = found.questions[0].audit.mistakes
    assert (mistake.article_id, mistake.gold, mistake.predicted) == (last.article_id, other, last.value)
    assert any(piece.marked for piece in mistake.text)
    assert "".join(piece.text for piece in mistake.text) == next(a.text for a in renamed if a.id == last.article_id)
    page = html(found, {})
    assert "<script" not in page and "<mark>" in page
    assert 0 < mistake.probability < 1
