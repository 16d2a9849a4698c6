"""The logical structure of a document: what is a heading, a table cell, a picture, and in which order it is read.

While a page is drawn, each piece of content is marked in the page as part of an ``Element`` or as an artifact (frame,
rule, watermark). Afterwards ``Structure.objects`` gives the PDF objects that tie the marks together. Sources: ISO
32000-1, 14.7 and 14.8 (structure), ISO 14289-1 (PDF/UA-1).
"""

from __future__ import annotations

from codecs import BOM_UTF16_BE
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

ARTIFACT_ROLE = "Artifact"
Mark = tuple[int, int]
"""Page number from 1, and the number of the marked piece on that page (MCID)."""


@dataclass(frozen=True, slots=True)
class Link:
    """A clickable place: ``area`` in points from the lower left corner, and the page it leads to."""

    page: int
    area: tuple[float, float, float, float]
    target: int
    text: str


class Element:
    """One node of the structure. ``attributes`` is the body of a PDF attribute dictionary."""

    __slots__ = ("alt", "attributes", "kids", "parent", "role")

    def __init__(self, role: str, parent: Element | None = None, *, attributes: str = "", alt: str = "") -> None:
        self.role = role
        self.parent = parent
        self.attributes = attributes
        self.alt = alt
        self.kids: list[Element | Mark | Link] = []

    def child(self, role: str, *, attributes: str = "", alt: str = "") -> Element:
        """A new element inside this one, after those already there."""
        element = Element(role, self, attributes=attributes, alt=alt)
        self.kids.append(element)
        return element


def _pagination(kind: str) -> Element:
    return Element(ARTIFACT_ROLE, attributes=f"/Type/Pagination/Subtype/{kind}")


DECORATION = Element(ARTIFACT_ROLE)
PAGE_HEADER, PAGE_FOOTER, PAGE_WATERMARK = map(_pagination, ("Header", "Footer", "Watermark"))


def header_cell(scope: str, columns: int = 1, rows: int = 1) -> str:
    """Attributes of a TH. ``scope`` is ``Column`` or ``Row``."""
    return f"/O/Table/Scope/{scope}{_span(columns, rows)}"


def picture(area: tuple[float, float, float, float]) -> str:
    """Attributes of a Figure; ``area`` in points from the lower left corner."""
    return f"/O/Layout/Placement/Block/BBox[{_numbers(area)}]"


def _numbers(values: Sequence[float]) -> str:
    return " ".join(f"{value:.2f}" for value in values)


def _span(columns: int, rows: int) -> str:
    return (f"/ColSpan {columns}" if columns > 1 else "") + (f"/RowSpan {rows}" if rows > 1 else "")


def text_string(text: str) -> str:
    """A PDF text string in any language."""
    return f"<{(BOM_UTF16_BE + text.encode('utf-16-be')).hex()}>"


class Structure:
    """All elements of one document, and which element each mark of each page belongs to."""

    def __init__(self) -> None:
        self.root = Element("Document")
        self.owners: dict[int, list[Element]] = {}
        self.links: list[tuple[Link, Element]] = []

    def begin(self, element: Element, page: int) -> str:
        """The operator that opens a piece of content of the element on a page; ``EMC`` ends it."""
        if element.role == ARTIFACT_ROLE:
            return f"/Artifact <<{element.attributes}>> BDC" if element.attributes else "/Artifact BMC"
        owners = self.owners.setdefault(page, [])
        element.kids.append((page, len(owners)))
        owners.append(element)
        return f"/{element.role} <</MCID {len(owners) - 1}>> BDC"

    def add_link(self, link: Link, element: Element) -> None:
        """Make the element, whose role is ``Link``, clickable."""
        element.kids.append(link)
        self.links.append((link, element))

    def objects(self, first: int, pages: Sequence[int]) -> Objects:
        """The structure as PDF objects with the numbers from ``first`` on; the first is its root.

        ``pages`` are the object numbers of the pages. Page n uses the key n - 1 of the parent tree, links the keys
        after those.
        """
        writer = _Writer(self, first, pages)
        return Objects(writer.bodies(), writer.links_by_page())


@dataclass(frozen=True, slots=True)
class Objects:
    """Bodies of PDF objects in the order of their numbers, and which of them are the links of each page."""

    bodies: list[str]
    links: dict[int, list[int]]


def _walk(root: Element) -> Iterator[Element]:
    """The element and all below it, in reading order."""
    waiting = [root]
    while waiting:
        element = waiting.pop()
        yield element
        waiting += [kid for kid in reversed(element.kids) if type(kid) is Element]


class _Writer:
    """Numbers: root of the structure, elements, links, then for each page the list of its owners."""

    def __init__(self, structure: Structure, first: int, pages: Sequence[int]) -> None:
        self.structure = structure
        self.pages = pages
        self.elements = list(_walk(structure.root))
        self.first = first
        self.numbers = {id(element): number for number, element in enumerate(self.elements, first + 1)}
        links = first + 1 + len(self.elements)
        self.link_numbers = {id(link): number for number, (link, _) in enumerate(structure.links, links)}
        self.owner_lists = links + len(structure.links)

    def bodies(self) -> list[str]:
        elements = map(self._element, self.elements)
        links = (self._link(key, link) for key, (link, _) in enumerate(self.structure.links, len(self.pages)))
        lists = (self._references(owners) for owners in self.structure.owners.values())
        return [self._root(), *elements, *links, *lists]

    def links_by_page(self) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        for link, _ in self.structure.links:
            found.setdefault(link.page, []).append(self.link_numbers[id(link)])
        return found

    def _root(self) -> str:
        owners = [(page - 1, self.owner_lists + n) for n, page in enumerate(self.structure.owners)]
        links = [(len(self.pages) + n, self._number(element)) for n, (_, element) in enumerate(self.structure.links)]
        tree = " ".join(f"{key} {number} 0 R" for key, number in sorted(owners) + links)
        following = len(self.pages) + len(links)
        return (
            f"<</Type/StructTreeRoot/K {self.first + 1} 0 R/ParentTree<</Nums[{tree}]>>/ParentTreeNextKey {following}>>"
        )

    def _number(self, element: Element) -> int:
        return self.numbers[id(element)]

    def _references(self, elements: Sequence[Element]) -> str:
        numbers = self.numbers
        return f"[{' '.join([f'{numbers[id(element)]} 0 R' for element in elements])}]"

    def _element(self, element: Element) -> str:
        parent = self.numbers[id(element.parent)] if element.parent else self.first
        attributes = f"/A<<{element.attributes}>>" if element.attributes else ""
        alt = f"/Alt{text_string(element.alt)}" if element.alt else ""
        return f"<</S/{element.role}/P {parent} 0 R{attributes}{alt}{self._kids(element.kids)}>>"

    def _kids(self, kids: Sequence[Element | Mark | Link]) -> str:
        if len(kids) == 1 and type(kids[0]) is tuple:  # nearly all: one piece of text
            page, mark = kids[0]
            return f"/Pg {self.pages[page - 1]} 0 R/K {mark}"
        return f"/K[{' '.join(map(self._kid, kids))}]" if kids else ""

    def _kid(self, kid: Element | Mark | Link) -> str:
        match kid:
            case Element():
                return f"{self._number(kid)} 0 R"
            case Link():
                return f"<</Type/OBJR/Obj {self.link_numbers[id(kid)]} 0 R/Pg {self.pages[kid.page - 1]} 0 R>>"
            case (page, mark):
                return f"<</Type/MCR/Pg {self.pages[page - 1]} 0 R/MCID {mark}>>"

    def _link(self, key: int, link: Link) -> str:
        target = f"[{self.pages[link.target - 1]} 0 R/XYZ 0 842 null]"
        return (
            f"<</Type/Annot/Subtype/Link/Rect[{_numbers(link.area)}]/Border[0 0 0]/F 4/Dest{target}/StructParent {key}"
            f"/Contents{text_string(link.text)}>>"
        )
