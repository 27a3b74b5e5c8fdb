"""The charter: its articles as Cedar policies, the schema, and the questions that are asked of them.

Imports ``domain``, the standard library and ``cedarpy`` alone.
"""
