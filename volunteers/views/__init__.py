"""Pages about volunteers that need no requests."""
