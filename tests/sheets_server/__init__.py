"""A stateful stand-in for Google's Sheets v4 and Drive v3 on this machine, for tests and for trying things out.

`python -m tests.sheets_server --port N [--data FILE]` serves it; `tests.sheets_server.control` starts it inside a test,
makes things go wrong, edits as people do and counts requests. What it does not know, it answers with 501.

It differs from Google in these points:

* References in formulas stay as they are when rows or columns are inserted, and few functions are known.
* A value that a data validation forbids is accepted: Google documents nowhere that its API refuses it.
* The wording for places outside the grid in batchUpdate and for protected cells is not confirmed by recorded answers.
* Typing is read for the locales in `locales.py`; any other locale reads like en_US.
* Tokens are given to anybody, and every spreadsheet is shared with everybody until a test takes that away.
"""
