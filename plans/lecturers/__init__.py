"""Papers of colleges and universities: plans of departments, applications, internships, reports."""
