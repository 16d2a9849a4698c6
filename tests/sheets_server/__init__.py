"""A stateful stand-in for Google's Sheets v4 and Drive v3 on this machine, for tests and for trying things out."""
