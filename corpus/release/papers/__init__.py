"""What is written about a release: card, Croissant, citation, catalogue entry, plots; and the counts in them."""
