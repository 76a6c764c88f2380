"""The school's own papers: the order on CPD measures (F10) and the extract of minutes (F13)."""
