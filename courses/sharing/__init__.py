"""Sharing what a course gave (000 §18, form F18): may, never must. Planned, then held."""
