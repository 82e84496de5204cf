"""Step 1: raw input → articles.jsonl and rejects.jsonl. One file per input format, one entry each in `readers`."""
