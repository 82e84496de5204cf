"""Step 5: the published dataset and its papers."""
