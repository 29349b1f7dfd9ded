"""Texts between two marks of a page, which programs write."""


def replaced(page: str, subject: str, text: str) -> str:
    """Return the page with another text between the marks of a subject. Raises ValueError without both marks."""
    mark, end_mark = f"<!-- {subject}: written by make docs -->\n", f"<!-- end of {subject} -->\n"
    before, begin, rest = page.partition(mark)
    _, end, after = rest.partition(end_mark)
    if not (begin and end):
        raise ValueError(f"The page has no marks around its {subject}")
    return f"{before}{begin}{text}{end}{after}"
