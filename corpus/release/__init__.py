"""Step 5: the published dataset and its papers.

- `layout`: what a release is made of: columns, rows, files, manifest
- `papers`: what is written about it: card, Croissant, citation, plots
- `withhold`: its other forms: without texts, with texts put back, with personal data struck out
- `check`: whether it is what it says, and what changed since another one
- `dataset`: record files → a release
- `send`: a release → the Hub, a folder, storage

Each stands on those above it and on none below.
"""
