"""Step 4: baselines on the labelled corpus: features, models, scores with intervals, and a report."""
