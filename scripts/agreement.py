"""`warraq agreement`."""

import typer

from scripts import console


def agreement(ctx: typer.Context, as_json: console.Json = False) -> None:
    """Measure how far annotators agree, question by question, and write the report."""
    from corpus.labeling.agreement import agreement as step

    workspace = console.workspace(ctx)
    with console.progress("resampling") as progress:
        report = step(workspace, progress)
    console.show(
        report,
        as_json,
        f"{report.annotations:,} annotations, {report.skipped:,} of them skips; 95% intervals",
        *(
            f"  {q.question}: alpha {console.score(q.alpha, q.alpha_interval)}, raw {console.score(q.raw, q.raw_interval)}"
            f" ({q.units:,} {'articles' if q.scope == 'article' else 'items'}, {q.annotators} people)"
            + (f"; {q.note}" if q.note else "")
            for q in report.questions
        ),
        *(
            f"  {s.question}: F1 of marked text {console.score(s.f1, s.f1_interval)}"
            f" ({s.units:,} items, {s.annotators} people)"
            for s in report.spans
        ),
        f"  written to {workspace.reports / 'agreement.html'} and agreement.json",
    )
