"""A program: the sample corpus, from its pages to its release, without a server: `python build_sample.py FOLDER WORKERS`.

With several workers each reads ten files at a time, so that there is work for all. Prints, as JSON, where its code is and
whether several processes converted. The recorded judgments take the place of `warraq push` and `warraq pull`, with ids and
times that follow from their order.
"""

import json
import resource
import sys
from pathlib import Path

import corpus
from corpus import store
from corpus import workspace as workspaces
from corpus.articles import batches
from corpus.articles.convert import convert
from corpus.curate.duplicates import duplicates
from corpus.curate.sample import sample
from corpus.curate.splits import split
from corpus.labeling.agreement import agreement
from corpus.labeling.resolve import resolve
from corpus.records import Annotation, AnnotationOrigin, Article, Item, Span, text_sha256
from corpus.release.dataset.publish import publish
from corpus.sample.replay import FOLDER, Judgment
from corpus.workspace import Workspace


def annotations(workspace: Workspace) -> list[Annotation]:
    items = {(item.article_id, item.target): item for item in store.read(workspace.items, Item)}
    texts = {article.id: article.text for article in store.read(workspace.articles, Article)}
    made = []
    for number, judged in enumerate(store.read(FOLDER / "recorded.jsonl", Judgment)):
        item, text = items[judged.article_id, judged.target], texts[judged.article_id]
        spans = [Span("evidence", text.index(words), text.index(words) + len(words), words) for words in judged.evidence]
        moment = f"2026-01-01T{number // 60:02}:{number % 60:02}:00Z"
        made.append(
            Annotation(
                id=f"u{number:04}",
                item_id=item.id,
                annotator="a-" + text_sha256(judged.annotator)[:10],
                status=judged.status,
                answers={name: said for name, said in (("stance", judged.stance), ("topic", judged.topic)) if said},
                spans=spans,
                comment=judged.comment,
                seconds=float(judged.seconds),
                created=moment,
                updated=moment,
                codebook=item.codebook,
                sha256=item.sha256,
                origin=AnnotationOrigin("http://127.0.0.1", 1, number, number),
            )
        )
    return made


def main(folder: str, workers: str) -> None:
    workspaces.create(Path(folder))
    for name in ("warraq.toml", "targets.yaml", "card.toml"):
        (Path(folder) / name).write_bytes((FOLDER / name).read_bytes())
    workspace = workspaces.find(Path(folder))
    if int(workers) > 1:
        batches.MAX_FILES = 10
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    convert(workspace, [FOLDER / "pages", FOLDER / "trec"], workers=int(workers))
    several = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime > before
    duplicates(workspace)
    sample(workspace)
    store.write(workspace.annotations, annotations(workspace))
    agreement(workspace)
    resolve(workspace)
    split(workspace)
    publish(workspace)
    print(json.dumps({"code": str(Path(corpus.__file__).parent), "several": several}))


if __name__ == "__main__":
    main(*sys.argv[1:])
