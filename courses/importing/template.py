"""The empty workbook to fill in: four sheets, an example in each, lists to choose from, and a sheet of hints."""


def template_workbook() -> bytes:
    raise NotImplementedError
