"""The professional standard of teachers: its codes, its first text, and who changes it."""
