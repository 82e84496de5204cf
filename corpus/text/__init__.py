"""Text, character by character: what is stored, what is compared, and dates."""
