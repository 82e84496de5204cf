"""The library: from raw articles to a published, labelled dataset. One folder a step of the trade."""
