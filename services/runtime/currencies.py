"""Decimals of currencies by ISO 4217, and the smallest sums that exist in them."""

DEFAULT = 2
OTHERS = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
DECIMALS = {code: digits for digits, codes in OTHERS.items() for code in codes.split()}


def decimals_of(currency: str) -> int:
    """Return how many decimals sums in a currency are written with."""
    return DECIMALS.get(currency, DEFAULT)


def step_cents(currency: str) -> int:
    """Return the step between sums that are worked out, in cents: 100 where the currency has no decimals, else 1."""
    return 1 if decimals_of(currency) else 100
