"""Pages of plans: what waits for me, editing, reading, deciding, and the overview of schools."""
