"""The 95 % interval of a share.  Pure."""

from math import sqrt

_Z = 1.959963984540054  # 95 % of a normal distribution lie within


def interval(figure: int, n: int, noise: int) -> tuple[float, float, float]:
    """Return a share, at most 1, and its 95 % interval, each to five digits.

    The interval is Wilson's, widened by the noise on `figure` and on `n`, whose standard deviation is `noise`: squares
    of distances add up, as in Newcombe's method ("Interval estimation for the difference between independent
    proportions", Statistics in Medicine 17, 1998).
    """
    share = min(1.0, figure / n)
    centre = share + _Z * _Z / (2 * n)
    reach = _Z * sqrt(share * (1 - share) / n + _Z * _Z / (4 * n * n))
    scale = 1 + _Z * _Z / n
    of_noise = _Z * noise * sqrt(1 + share * share) / n
    low = share - sqrt((share - (centre - reach) / scale) ** 2 + of_noise**2)
    high = share + sqrt(((centre + reach) / scale - share) ** 2 + of_noise**2)
    return round(share, 5), round(min(max(0.0, low), share), 5), round(max(min(1.0, high), share), 5)
