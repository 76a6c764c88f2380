"""Kyrgyz papers write a decimal comma and 25.09.2021."""

DECIMAL_SEPARATOR = ","
THOUSAND_SEPARATOR = "\u00a0"
DATE_FORMAT = SHORT_DATE_FORMAT = "d.m.Y"
DATETIME_FORMAT = SHORT_DATETIME_FORMAT = "d.m.Y H:i"
DATE_INPUT_FORMATS = ["%Y-%m-%d", "%d.%m.%Y"]
