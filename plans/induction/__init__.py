"""The first years of a young specialist: the duty of a plan, and the mentor's marks on it (001 4.4–4.4.3)."""
