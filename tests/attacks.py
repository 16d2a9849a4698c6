"""Thirty texts that break carelessly made programs, for every place where a person may write something."""

from __future__ import annotations

ATTACKS = (
    "=1+1",
    "+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1)",
    "\t=1+1",
    "\r=1+1",
    '=HYPERLINK("http://x.example")',
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    '"><script>alert(1)</script>',
    "' onmouseover='alert(1)",
    "<iframe src=//x.example></iframe>",
    "<a href=javascript:alert(1)>x</a>",
    "</style><script>alert(1)</script>",
    "&lt;script&gt;",
    "[x](javascript:alert(1))",
    "![x](http://x.example/x.png)",
    "javascript:alert(1)",
    "[x](data:text/html,<script>alert(1)</script>)",
    "$\\href{javascript:alert(1)}{x}$",
    ":material/delete: :red[x] `x` **x**",
    "\u202egnp.exe",
    "a\u200bb\u2060c",
    "a\0b",
    "baris\r\n2026-11-03 10:20:00,000 ERROR palsu",
    "{nb} {0} %s %n",
    'a;b\tc,"d"\n=1+1',
    "../../etc/passwd",
    "x" * 10_001,
)
TOO_LONG = ATTACKS[-1]
