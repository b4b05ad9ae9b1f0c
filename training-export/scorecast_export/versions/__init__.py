"""Writes what training found as a version folder that the service can verify and serve.

`folder` numbers, hashes and publishes folders, `manifest` describes outputs, `examples` makes customers up,
`statistics` describes distributions, `card` writes the model card, `version` puts them together.
"""
