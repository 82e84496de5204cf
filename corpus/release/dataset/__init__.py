"""Record files → a release."""
