"""How numbers are written for people: one way for counts, one for shares, one for changes."""

MINUS = "\N{MINUS SIGN}"


def number(value: float, unit: str = "", digits: int | None = None) -> str:
    """1,234 or 56.7 %, without a negative zero."""
    if digits is None:
        digits = 0 if float(value).is_integer() and unit != "%" else 1
    sign = MINUS if round(value, digits) < 0 else ""
    return f"{sign}{abs(value):,.{digits}f} {unit}".rstrip()


def share(part: float, whole: float) -> str:
    """56.7 %.  What is there is never 0 %, what lacks something never 100 %, and what exceeds it by noise is 100 %."""
    percent = 100 * min(1.0, part / whole)
    if 0 < percent < 0.05:
        return "< 0.1 %"
    if 99.95 <= percent < 100:
        return "> 99.9 %"
    return number(percent, "%")


def signed(change: float, digits: int = 1) -> str:
    """+1.2, with a true minus; ±0.0 where nothing is left of it."""
    rounded = round(change, digits)
    sign = "+" if rounded > 0 else MINUS if rounded < 0 else "±"
    return f"{sign}{abs(rounded):,.{digits}f}"
