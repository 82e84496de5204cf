"""Text: what may be stored, how it is folded to be compared, its encoding, language and dates; and texts on two sides."""
