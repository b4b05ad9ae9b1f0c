"""What one would build instead of Scorecast, doing the same job on the same machine."""
