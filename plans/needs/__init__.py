"""What teachers need to learn: told, passed on to the school, planned, and followed to the course."""
