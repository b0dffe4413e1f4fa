"""The 95 % interval of a share.  Pure."""

from math import sqrt

_Z = 1.959963984540054  # 95 % of a normal distribution lie within


def wilson(count: int, n: int) -> tuple[float, float, float]:
    """Return a share and Wilson's interval around it, each to five digits."""
    share = count / n
    centre = share + _Z * _Z / (2 * n)
    reach = _Z * sqrt(share * (1 - share) / n + _Z * _Z / (4 * n * n))
    scale = 1 + _Z * _Z / n
    low, high = max(0.0, (centre - reach) / scale), min(1.0, (centre + reach) / scale)
    return round(share, 5), round(min(low, share), 5), round(max(high, share), 5)
