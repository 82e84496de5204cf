"""A release → the Hub, a folder, storage."""
