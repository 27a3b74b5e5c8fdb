"""View models: what each page shows, ready to be shown. No rule, no key and no request in here.

Times are aware ``datetime`` values and days are ``date`` values: the templates write them in the
reader's language. A field named ``…label``, ``title``, ``why`` or ``message`` holds a French
message id where it comes from a closed list; text that somebody typed is never translated.
"""
