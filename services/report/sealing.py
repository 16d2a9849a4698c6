"""The finished file: PDF/A-3A (ISO 19005-3) and PDF/UA-1 (ISO 14289-1), with attachments, the same bytes each time.

Dates come from the document's own date. The objects of fpdf2's output are written anew, one after the other, with the
structure behind them: a library that holds the hundreds of thousands of elements of a long report as objects needs
several hundred MB for that, and longer than drawing the pages.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from importlib import resources
from xml.sax.saxutils import escape

from services.report.canvas import LANGUAGE, PRODUCER, Canvas, DocumentInfo
from services.report.deflate import deflated
from services.report.fonts import clean
from services.report.pdf_objects import DEFLATED, PdfObject, PdfTarget, source
from services.report.tagging import Objects, text_string

_PAGE_TREE = b"/Type /Pages\n>>"
_SIZE_OF_PAGES = re.compile(rb"/MediaBox \[[^]]*\]\n")
_SRGB = "color_profiles/sRGB2014.icc"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file embedded in the document. ``kind`` is its media type, e.g. ``text/csv``."""

    name: str
    data: bytes
    kind: str
    description: str


@dataclass(frozen=True, slots=True)
class Embedded:
    """An attachment as it will stand in the document: ``content`` is compressed; size and SHA-256 are of the file."""

    name: str
    kind: str
    description: str
    size: int
    sha256: str
    content: bytes


def embedded(attachments: Iterable[Attachment]) -> list[Embedded]:
    """Compressed one after the other: the data of a large office are large."""
    return [
        Embedded(
            one.name,
            one.kind,
            one.description,
            len(one.data),
            hashlib.sha256(one.data).hexdigest(),
            deflated([one.data])[0],
        )
        for one in attachments
    ]


def sealed(canvas: Canvas, attachments: Sequence[Embedded] = ()) -> bytes:
    """The bytes of the finished document; the canvas cannot be drawn on afterwards."""
    base = source(canvas.output())
    pages = [canvas.pages[number].id for number in range(1, canvas.pages_count + 1)]
    structure = canvas.structure.objects(base.size, pages)
    own = _OwnObjects(base.size + structure.count, canvas.info, attachments)
    entries = _page_entries(canvas, pages, structure) | {base.root: own.catalog(base.size)}
    drawn = canvas.compressed_contents()
    with closing(PdfTarget(own.free)) as target:
        for item in base.objects():
            if item.number in drawn:
                dictionary = item.body.removesuffix(b">>") + DEFLATED + b"\n>>"
                target.add_as_is(item.number, dictionary, drawn.pop(item.number))
            else:
                target.add(_completed(item, entries))
        for number, body in enumerate(structure.bodies, base.size):
            target.add_text(number, body.encode("ascii"))
        for item in own.objects:
            target.add(item)
        for number, dictionary, content in own.compressed:
            target.add_as_is(number, dictionary, content)
        return target.finish(base.root, base.info)


def _completed(item: PdfObject, entries: Mapping[int, bytes]) -> PdfObject:
    if item.body.endswith(_PAGE_TREE):
        return PdfObject(item.number, _SIZE_OF_PAGES.sub(b"", item.body))
    return item.with_entries(entries[item.number]) if item.number in entries else item


def _page_entries(canvas: Canvas, pages: Sequence[int], structure: Objects) -> dict[int, bytes]:
    """What each page says of its place in the structure, its links, and its size where fpdf2 leaves it to the parent.

    Programs that read the file would otherwise write the parent's size into the page, and so change it.
    """
    usual = b"/MediaBox[0 0 %.2f %.2f]" % canvas.default_page_dimensions
    entries = {}
    for index, number in enumerate(pages):
        own_size = canvas.pages[index + 1].dimensions() != canvas.default_page_dimensions
        entries[number] = b"/StructParents %d/Tabs/S%b" % (index, b"" if own_size else usual)
    for page, links in structure.links.items():
        entries[pages[page - 1]] += b"/Annots[%b]" % b" ".join(b"%d 0 R" % number for number in links)
    return entries


class _OwnObjects:
    """What the file says of itself (standards, title, dates, the meaning of its colours), and the files in it."""

    def __init__(self, first: int, info: DocumentInfo, attachments: Sequence[Embedded]) -> None:
        self.objects: list[PdfObject] = []
        self.compressed: list[tuple[int, bytes, bytes]] = []
        self.free = first
        self._metadata = self._add(b"<</Type/Metadata/Subtype/XML>>", _metadata(info).encode("utf-8"))
        profile = resources.files("fpdf.data").joinpath(_SRGB).read_bytes()
        self._profile = self._add(b"<</N 3/Alternate/DeviceRGB>>", profile)
        ordered = sorted(attachments, key=lambda one: one.name)
        self._files = [(one.name, self._file(one, info.created)) for one in ordered]

    def _add(self, body: bytes, stream: bytes | None = None) -> int:
        self.objects.append(PdfObject(self.free, body, stream))
        self.free += 1
        return self.free - 1

    def _file(self, attachment: Embedded, created: datetime) -> int:
        kind, stream = attachment.kind.replace("/", "#2F"), self.free
        dictionary = (
            f"<</Type/EmbeddedFile/Subtype/{kind}/Filter /FlateDecode"
            f"/Params<</Size {attachment.size}/ModDate({_pdf_date(created)})>>>>"
        )
        self.compressed.append((stream, dictionary.encode("ascii"), attachment.content))
        self.free += 1
        name, about = text_string(attachment.name), text_string(attachment.description)
        return self._add(
            f"<</Type/Filespec/F{name}/UF{name}/Desc{about}/AFRelationship/Data"
            f"/EF<</F {stream} 0 R/UF {stream} 0 R>>>>".encode("ascii")
        )

    def catalog(self, structure: int) -> bytes:
        """The entries of the catalogue that fpdf2 does not write."""
        text = (
            f"/StructTreeRoot {structure} 0 R/MarkInfo<</Marked true>>/Metadata {self._metadata} 0 R"
            "/ViewerPreferences<</DisplayDocTitle true>>/OutputIntents[<</Type/OutputIntent/S/GTS_PDFA1"
            f"/OutputConditionIdentifier(sRGB)/Info(sRGB2014)/DestOutputProfile {self._profile} 0 R>>]"
        )
        if self._files:
            names = "".join(f"{text_string(name)}{number} 0 R" for name, number in self._files)
            text += f"/Names<</EmbeddedFiles<</Names[{names}]>>>>"
            text += f"/AF[{' '.join(f'{number} 0 R' for _, number in self._files)}]"
        return text.encode("ascii")


def _pdf_date(moment: datetime) -> str:
    zone = f"{moment:%z}"
    return f"D:{moment:%Y%m%d%H%M%S}{zone[:3]}'{zone[3:5]}'"


def _metadata(info: DocumentInfo) -> str:
    """XMP packet. The schema of the PDF/UA mark has to be described in the packet itself (ISO 19005-3, 6.6.2.3)."""
    values = {
        "title": clean(info.title),
        "author": clean(info.author or info.office),
        "subject": clean(info.subject),
        "date": info.created.isoformat(timespec="seconds"),
        "producer": PRODUCER,
        "language": LANGUAGE,
    }
    return _XMP.format_map({name: escape(value) for name, value in values.items()})


_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"
 xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
 xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaid:part>3</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance><pdfuaid:part>1</pdfuaid:part>
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{subject}</rdf:li></rdf:Alt></dc:description>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
<xmp:CreateDate>{date}</xmp:CreateDate><xmp:ModifyDate>{date}</xmp:ModifyDate>
<xmp:MetadataDate>{date}</xmp:MetadataDate><xmp:CreatorTool>{producer}</xmp:CreatorTool>
<pdf:Producer>{producer}</pdf:Producer>
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 to which the file conforms</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>
"""
