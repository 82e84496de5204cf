"""What a release is made of: columns, rows, files, manifest; how they are written, opened and replaced."""
