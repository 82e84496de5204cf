"""Step 3: labeling in Label Studio, agreement, and gold."""
