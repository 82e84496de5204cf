"""Votes → the probability of each label: one method a file, all of the shape `Ballots → Estimate`."""
