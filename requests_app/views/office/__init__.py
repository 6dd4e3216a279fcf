"""The office's own pages: the work queue, requests, the people and houses around them."""
