"""Push and pull: items to Label Studio and annotations back. The server is the truth."""
