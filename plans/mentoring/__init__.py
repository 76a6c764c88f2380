"""What mentor and mentee write for each other on lessons (F14–F16): only the two read it, and nobody judges by it."""
