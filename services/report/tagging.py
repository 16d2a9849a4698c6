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
    """One node of the structure. ``attributes`` is the body of a PDF attribute dictionary.

    A long report has some 300,000 of them, nearly all a cell with one piece of text: so the first mark stands in the
    element itself (``page`` is 0 where there is none), and only what comes after it in a list.
    """

    __slots__ = ("_kids", "alt", "attributes", "mark", "number", "page", "parent", "role")

    def __init__(self, role: str, parent: Element | None = None, *, attributes: str = "", alt: str = "") -> None:
        self.role = role
        self.parent = parent
        self.attributes = attributes
        self.alt = alt
        self.page = 0
        self.mark = 0
        self.number = 0
        self._kids: list[Element | Mark | Link] | None = None

    def child(self, role: str, *, attributes: str = "", alt: str = "") -> Element:
        """A new element inside this one, after those already there."""
        element = Element(role, self, attributes=attributes, alt=alt)
        self.add(element)
        return element

    def add(self, kid: Element | Mark | Link) -> None:
        """Put something after what is already in this element."""
        if self._kids is None:
            self._kids = []
        self._kids.append(kid)

    def add_mark(self, page: int, mark: int) -> None:
        """Put a piece of a page after what is already in this element."""
        if self.page or self._kids:
            self.add((page, mark))
        else:
            self.page, self.mark = page, mark

    @property
    def kids(self) -> Sequence[Element | Mark | Link]:
        """All that is in it, in reading order."""
        first: list[Element | Mark | Link] = [(self.page, self.mark)] if self.page else []
        return first + (self._kids or [])

    @property
    def has_one_mark(self) -> bool:
        return self.page > 0 and not self._kids

    def elements(self) -> list[Element]:
        """The elements directly in it."""
        return [kid for kid in self._kids or () if type(kid) is Element]


def _pagination(kind: str) -> Element:
    return Element(ARTIFACT_ROLE, attributes=f"/Type/Pagination/Subtype/{kind}")


DECORATION = Element(ARTIFACT_ROLE)
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
        element.add_mark(page, len(owners))
        owners.append(element)
        return f"/{element.role} <</MCID {len(owners) - 1}>> BDC"

    def add_link(self, link: Link, element: Element) -> None:
        """Make the element, whose role is ``Link``, clickable."""
        element.add(link)
        self.links.append((link, element))

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


def _walk(root: Element) -> Iterator[Element]:
    """The element and all below it, in reading order."""
    waiting = [root]
    while waiting:
        element = waiting.pop()
        yield element
        waiting += reversed(element.elements())


class _Writer:
    """Numbers: root of the structure, elements, links, then for each page the list of its owners."""

    def __init__(self, structure: Structure, first: int, pages: Sequence[int]) -> None:
        self.structure = structure
        self.pages = pages
        self.first = first
        self.elements = list(_walk(structure.root))
        for number, element in enumerate(self.elements, first + 1):
            element.number = number
        links = first + 1 + len(self.elements)
        self.link_numbers = {id(link): number for number, (link, _) in enumerate(structure.links, links)}
        self.owner_lists = links + len(structure.links)
        self.count = self.owner_lists + len(structure.owners) - first

    def bodies(self) -> Iterator[str]:
        yield self._root()
        yield from map(self._element, self.elements)
        yield from (self._link(key, link) for key, (link, _) in enumerate(self.structure.links, len(self.pages)))
        yield from map(self._references, self.structure.owners.values())

    def links_by_page(self) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        for link, _ in self.structure.links:
            found.setdefault(link.page, []).append(self.link_numbers[id(link)])
        return found

    def _root(self) -> str:
        owners = [(page - 1, self.owner_lists + n) for n, page in enumerate(self.structure.owners)]
        links = [(len(self.pages) + n, element.number) for n, (_, element) in enumerate(self.structure.links)]
        tree = " ".join(f"{key} {number} 0 R" for key, number in sorted(owners) + links)
        following = len(self.pages) + len(links)
        return (
            f"<</Type/StructTreeRoot/K {self.first + 1} 0 R/ParentTree<</Nums[{tree}]>>/ParentTreeNextKey {following}>>"
        )

    def _references(self, elements: Sequence[Element]) -> str:
        return f"[{' '.join([f'{element.number} 0 R' for element in elements])}]"

    def _element(self, element: Element) -> str:
        parent = element.parent.number if element.parent else self.first
        if element.has_one_mark and not element.attributes and not element.alt:  # a cell, as nearly all are
            return f"<</S/{element.role}/P {parent} 0 R/Pg {self.pages[element.page - 1]} 0 R/K {element.mark}>>"
        attributes = f"/A<<{element.attributes}>>" if element.attributes else ""
        alt = f"/Alt{text_string(element.alt)}" if element.alt else ""
        return f"<</S/{element.role}/P {parent} 0 R{attributes}{alt}{self._kids(element)}>>"

    def _kids(self, element: Element) -> str:
        if element.has_one_mark:
            return f"/Pg {self.pages[element.page - 1]} 0 R/K {element.mark}"
        kids = element.kids
        return f"/K[{' '.join(map(self._kid, kids))}]" if kids else ""

    def _kid(self, kid: Element | Mark | Link) -> str:
        match kid:
            case Element():
                return f"{kid.number} 0 R"
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
