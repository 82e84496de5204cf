"""Whether a release is what it says, and what changed from one to the next."""
