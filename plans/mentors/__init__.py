"""Who guides the young specialists of a school: the page, what is missing, the director's order (001 4.4.1)."""
