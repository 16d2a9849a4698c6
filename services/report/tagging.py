"""The logical structure of a document: what is a heading, a table cell, a picture, and in which order it is read.

While a page is drawn, each piece of content is marked in the page as part of an ``Element`` or as an artifact (frame,
rule, watermark). Afterwards ``Structure.objects`` gives the PDF objects that tie the marks together. Sources: ISO
32000-1, 14.7 and 14.8 (structure), ISO 14289-1 (PDF/UA-1).
"""

from __future__ import annotations

from array import array
from codecs import BOM_UTF16_BE
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

Mark = tuple[int, int]
"""Page number from 1, and the number of the marked piece on that page (MCID)."""


@dataclass(frozen=True, slots=True)
class Link:
    """A clickable place: ``area`` in points from the lower left corner, and the page it leads to."""

    page: int
    area: tuple[float, float, float, float]
    target: int
    text: str


@dataclass(frozen=True, slots=True)
class Artifact:
    """What is drawn on a page but not read out. ``attributes`` is the body of a PDF attribute dictionary."""

    attributes: str = ""


class Element:
    """One node of the structure: a name for what ``Structure`` knows of it, to be dropped when it is drawn."""

    __slots__ = ("index", "role", "structure")

    def __init__(self, structure: Structure, index: int, role: str) -> None:
        self.structure, self.index, self.role = structure, index, role

    def child(self, role: str, *, attributes: str = "", alt: str = "") -> Element:
        """A new element inside this one, after those already there."""
        element = self.structure.element(role, attributes=attributes, alt=alt)
        self.structure.put_into(self.index, element.index)
        return element


Tag: TypeAlias = Element | Artifact
"""What a piece of content is."""
DECORATION = Artifact()


def _pagination(kind: str) -> Artifact:
    return Artifact(f"/Type/Pagination/Subtype/{kind}")


PAGE_HEADER, PAGE_FOOTER, PAGE_WATERMARK = map(_pagination, ("Header", "Footer", "Watermark"))


def header_cell(scope: str, columns: int = 1, rows: int = 1) -> str:
    """Attributes of a TH. ``scope`` is ``Column`` or ``Row``."""
    return f"/O/Table/Scope/{scope}{_span(columns, rows)}"


def columns_of(columns: int) -> str:
    """Attributes of a TD over so many columns."""
    return f"/O/Table{_span(columns, 1)}" if columns > 1 else ""


def picture(area: tuple[float, float, float, float]) -> str:
    """Attributes of a Figure; ``area`` in points from the lower left corner."""
    return f"/O/Layout/Placement/Block/BBox[{_numbers(area)}]"


def _numbers(values: Sequence[float]) -> str:
    return " ".join(f"{value:.2f}" for value in values)


def _span(columns: int, rows: int) -> str:
    return (f"/ColSpan {columns}" if columns > 1 else "") + (f"/RowSpan {rows}" if rows > 1 else "")


def text_string(text: str) -> str:
    """A PDF text string in any language; plain ASCII in the shorter form, which other programs write as well."""
    if text.isascii() and text.isprintable():
        escaped = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        return f"({escaped})"
    return f"<{(BOM_UTF16_BE + text.encode('utf-16-be')).hex()}>"


_ROOM = array("I", [0]) * 1024
"""By so many elements the arrays of a structure grow at once."""


class Structure:
    """All elements of one document, and which element each mark of each page belongs to.

    A long report has some 300,000 elements, nearly all a cell with one piece of text. So an element is a number, and
    what is known of it stands in arrays at this place: 30 bytes instead of the 120 of an object. 0 is the root, which
    is nobody's child; so 0 also says that there is no child, no sibling or no page.
    """

    def __init__(self) -> None:
        self.kinds: dict[tuple[str, str, str], int] = {}
        """Role, attributes and alternative text, each combination once."""
        self.kind, self.parent = array("I"), array("I")
        self.first_child, self.last_child, self.sibling = array("I"), array("I"), array("I")
        self.page, self.mark = array("I"), array("I")
        """The first piece of a page in an element; what comes after it stands in ``more``."""
        self.more: dict[int, list[Mark | Link]] = {}
        self.owners: dict[int, array[int]] = {}
        """For each page the elements of its marks, in the order of their numbers."""
        self.links: list[tuple[Link, int]] = []
        self.root = self.element("Document")

    def element(self, role: str, *, attributes: str = "", alt: str = "") -> Element:
        """A new element that stands nowhere yet."""
        index = len(self.kind)
        self.kind.append(self.kinds.setdefault((role, attributes, alt), len(self.kinds)))
        if index == len(self.parent):
            for values in (self.parent, self.first_child, self.last_child, self.sibling, self.page, self.mark):
                values.extend(_ROOM)
        return Element(self, index, role)

    def put_into(self, parent: int, child: int) -> None:
        """Make an element that stands nowhere the last child of another."""
        last = self.last_child[parent]
        if last:
            self.sibling[last] = child
        else:
            self.first_child[parent] = child
        self.parent[child], self.last_child[parent] = parent, child

    def begin(self, tag: Tag, page: int) -> str:
        """The operator that opens a piece of content on a page; ``EMC`` ends it."""
        if isinstance(tag, Artifact):
            return f"/Artifact <<{tag.attributes}>> BDC" if tag.attributes else "/Artifact BMC"
        owners = self.owners.get(page)
        if owners is None:
            owners = self.owners[page] = array("I")
        index, mark = tag.index, len(owners)
        if self.page[index] or index in self.more:
            self.more.setdefault(index, []).append((page, mark))
        else:
            self.page[index], self.mark[index] = page, mark
        owners.append(index)
        return f"/{tag.role} <</MCID {mark}>> BDC"

    def add_link(self, link: Link, element: Element) -> None:
        """Make the element, whose role is ``Link``, clickable."""
        self.more.setdefault(element.index, []).append(link)
        self.links.append((link, element.index))

    def children(self, index: int) -> Iterator[int]:
        """The elements directly in an element, in reading order."""
        child = self.first_child[index]
        while child:
            yield child
            child = self.sibling[child]

    def reading_order(self) -> array[int]:
        """All elements from the root on, each before what is in it."""
        order, waiting = array("I"), [0]
        while waiting:
            index = waiting.pop()
            order.append(index)
            if self.sibling[index]:
                waiting.append(self.sibling[index])
            if self.first_child[index]:
                waiting.append(self.first_child[index])
        return order

    def objects(self, first: int, pages: Sequence[int]) -> Objects:
        """The structure as PDF objects with the numbers from ``first`` on; the first is its root.

        ``pages`` are the object numbers of the pages. Page n uses the key n - 1 of the parent tree, links the keys
        after those.
        """
        writer = _Writer(self, first, pages)
        return Objects(writer.bodies(), writer.count, writer.links_by_page())


@dataclass(frozen=True, slots=True)
class Objects:
    """Bodies of PDF objects in the order of their numbers, and which of them are the links of each page."""

    bodies: Iterator[str]
    count: int
    links: dict[int, list[int]]


class _Writer:
    """Numbers: root of the structure, elements, links, then for each page the list of its owners."""

    def __init__(self, structure: Structure, first: int, pages: Sequence[int]) -> None:
        self.structure = structure
        self.pages = pages
        self.first = first
        self.order = structure.reading_order()
        self.numbers = array("I", bytes(4 * len(structure.kind)))
        for number, index in enumerate(self.order, first + 1):
            self.numbers[index] = number
        links = first + 1 + len(self.order)
        self.link_numbers = {id(link): number for number, (link, _) in enumerate(structure.links, links)}
        self.owner_lists = links + len(structure.links)
        self.count = self.owner_lists + len(structure.owners) - first

    def bodies(self) -> Iterator[str]:
        yield self._root()
        yield from self._elements()
        yield from (self._link(key, link) for key, (link, _) in enumerate(self.structure.links, len(self.pages)))
        yield from map(self._references, self.structure.owners.values())

    def links_by_page(self) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        for link, _ in self.structure.links:
            found.setdefault(link.page, []).append(self.link_numbers[id(link)])
        return found

    def _root(self) -> str:
        owners = [(page - 1, self.owner_lists + n) for n, page in enumerate(self.structure.owners)]
        links = [(len(self.pages) + n, self.numbers[index]) for n, (_, index) in enumerate(self.structure.links)]
        tree = " ".join(f"{key} {number} 0 R" for key, number in sorted(owners) + links)
        following = len(self.pages) + len(links)
        return (
            f"<</Type/StructTreeRoot/K {self.first + 1} 0 R/ParentTree<</Nums[{tree}]>>/ParentTreeNextKey {following}>>"
        )

    def _references(self, elements: Iterable[int]) -> str:
        return f"[{' '.join([f'{self.numbers[index]} 0 R' for index in elements])}]"

    def _elements(self) -> Iterator[str]:
        known, kinds = self.structure, [_kind(*kind) for kind in self.structure.kinds]
        for index in self.order:
            role, more = kinds[known.kind[index]]
            parent = self.numbers[known.parent[index]] if index else self.first
            page = known.page[index]
            if page and not known.first_child[index] and index not in known.more:  # a cell, as nearly all are
                content = f"/Pg {self.pages[page - 1]} 0 R/K {known.mark[index]}"
            else:
                content = self._content(index)
            yield f"<<{role}/P {parent} 0 R{more}{content}>>"

    def _content(self, index: int) -> str:
        known, page = self.structure, self.structure.page[index]
        pieces = [self._piece((page, known.mark[index]))] if page else []
        pieces += map(self._piece, known.more.get(index, ()))
        pieces += [f"{self.numbers[child]} 0 R" for child in known.children(index)]
        return f"/K[{' '.join(pieces)}]" if pieces else ""

    def _piece(self, piece: Mark | Link) -> str:
        if isinstance(piece, Link):
            return f"<</Type/OBJR/Obj {self.link_numbers[id(piece)]} 0 R/Pg {self.pages[piece.page - 1]} 0 R>>"
        page, mark = piece
        return f"<</Type/MCR/Pg {self.pages[page - 1]} 0 R/MCID {mark}>>"

    def _link(self, key: int, link: Link) -> str:
        target = f"[{self.pages[link.target - 1]} 0 R/XYZ 0 842 null]"
        return (
            f"<</Type/Annot/Subtype/Link/Rect[{_numbers(link.area)}]/Border[0 0 0]/F 4/Dest{target}/StructParent {key}"
            f"/Contents{text_string(link.text)}>>"
        )


def _kind(role: str, attributes: str, alt: str) -> tuple[str, str]:
    """What stands before and after the parent in all elements of a kind."""
    more = f"/A<<{attributes}>>" if attributes else ""
    return f"/S/{role}", more + (f"/Alt{text_string(alt)}" if alt else "")
