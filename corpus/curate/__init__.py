"""Step 2: which articles are copies, which are labelled, and on which side of the train/test border they stand."""
