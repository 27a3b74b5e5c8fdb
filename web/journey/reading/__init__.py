"""A journey as its reader sees it: its page, the purpose of a consult, who reads and who consulted."""
