"""Texts taken out, struck out, and put back: other forms of the same release."""
