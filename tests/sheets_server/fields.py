"""Field masks: `a.b`, `a/b`, `x(y,z)`, `*`, as in the parameter `fields` and in the update requests."""

from __future__ import annotations

import re
from typing import Any

Tree = dict[str, "Tree"]
"""Name -> what is wanted of it; an empty tree wants all of it."""

NAME = re.compile(r"[A-Za-z_@*][A-Za-z0-9_@]*")


class BadMask(ValueError):
    """The text is no mask, or names a field that does not exist."""


def parse(text: str) -> Tree:
    tree, end = paths(text.strip(), 0)
    if end != len(text.strip()):
        raise BadMask(text)
    return tree


def paths(text: str, at: int) -> tuple[Tree, int]:
    tree: Tree = {}
    while True:
        at = one_path(text, at, tree)
        if at >= len(text) or text[at] != ",":
            return tree, at
        at += 1


def one_path(text: str, at: int, tree: Tree) -> int:
    found = NAME.match(text, at)
    if not found:
        raise BadMask(text)
    known = found[0] in tree
    whole = known and not tree[found[0]]
    below = tree.setdefault(found[0], {})
    at = found.end()
    if at < len(text) and text[at] in "./":
        at = one_path(text, at + 1, below)
    elif at < len(text) and text[at] == "(":
        inner, at = paths(text, at + 1)
        if at >= len(text) or text[at] != ")":
            raise BadMask(text)
        below.update(inner)
        at += 1
    else:
        whole = True
    if whole:
        below.clear()
    return at


def select(value: Any, tree: Tree) -> Any:
    """The part of an answer that the mask asks for."""
    if not tree or "*" in tree:
        return value
    if isinstance(value, list):
        return [select(one, tree) for one in value]
    if isinstance(value, dict):
        picked = {name: select(value[name], below) for name, below in tree.items() if name in value}
        return {name: one for name, one in picked.items() if one != {} or tree[name] == {}}
    return value


def wants(tree: Tree | None, *path: str) -> bool:
    """True where the mask asks for something at or below the path."""
    for name in path:
        if tree is None:
            return False
        if not tree or "*" in tree:
            return True
        tree = tree.get(name)
    return tree is not None


def merge(target: dict[str, Any], source: dict[str, Any], tree: Tree) -> dict[str, Any]:
    """A copy of `target` in which the fields of the mask are those of `source`; a field absent there is cleared."""
    if "*" in tree:
        return dict(source)
    result = dict(target)
    for name, below in tree.items():
        new = source.get(name)
        if below and isinstance(new or {}, dict):
            new = merge(result.get(name) or {}, new or {}, below)
        if new is None or new == {}:
            result.pop(name, None)
        else:
            result[name] = new
    return result
