"""The charter: its articles as Cedar policies, the schema, and the door that asks them.

Imports ``domain``, the standard library and ``cedarpy`` alone.
"""
