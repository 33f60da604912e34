"""Signing in through a city's unified identity, an OpenID provider: what is checked before its word
is taken (OpenID Connect Core 1.0, 3.1.3.7 and 5.3.2; Discovery 1.0, 4.3).

django-allauth does the exchange. It trusts the line to the provider for the signature of the token,
sends no nonce and does not compare the two answers of the provider; this package adds that.
"""
