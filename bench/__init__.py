"""An invented country of the real size, and what the program does in how much time there."""
