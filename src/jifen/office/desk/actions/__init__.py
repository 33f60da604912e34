"""The acts of a desk."""
