"""A whole school or district out of one workbook: read, judged row by row, looked at, applied at once, undone."""
