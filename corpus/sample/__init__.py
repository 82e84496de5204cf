"""The sample corpus: written for this project, about invented places; it shows the tool and nothing about the world."""
