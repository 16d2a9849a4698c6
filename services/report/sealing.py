"""The finished file: PDF/A-3A (ISO 19005-3) and PDF/UA-1 (ISO 14289-1), with attachments, the same bytes each time.

Dates come from the document's own date. The structure is written as PDF objects behind fpdf2's output, because making
tens of thousands of cells one by one through a library takes longer than drawing the pages; the whole is then read once
and written anew.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib import resources
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from pikepdf import Array, Dictionary, Name, ObjectStreamMode, Pdf, Stream, String

from services.report.canvas import LANGUAGE, PRODUCER, Canvas, DocumentInfo
from services.report.fonts import clean
from services.report.tagging import Objects

_SRGB = "color_profiles/sRGB2014.icc"
_TRAILER = re.compile(rb"trailer\s*<<(.*?)>>\s*startxref\s*(\d+)\s*%%EOF\s*$", re.S)
_SIZE = re.compile(rb"/Size (\d+)")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file embedded in the document. ``kind`` is its media type, e.g. ``text/csv``."""

    name: str
    data: bytes
    kind: str
    description: str


def sealed(canvas: Canvas, attachments: Sequence[Attachment] = ()) -> bytes:
    """The bytes of the finished document; the canvas cannot be drawn on afterwards."""
    base = bytes(canvas.output())
    trailer = _trailer(base)
    pages = [canvas.pages[number].id for number in range(1, canvas.pages_count + 1)]
    structure = canvas.structure.objects(trailer.size, pages)
    with Pdf.open(BytesIO(_with_objects(base, trailer, structure.bodies))) as pdf:
        _add_structure(pdf, structure, trailer.size)
        _add_identity(pdf, canvas.info)
        _add_attachments(pdf, attachments, canvas.info.created)
        return _written(pdf)


@dataclass(frozen=True, slots=True)
class _Trailer:
    """``size`` is the first free object number, ``start`` where the table of objects begins; then all other entries."""

    size: int
    start: int
    entries: bytes


def _trailer(base: bytes) -> _Trailer:
    found = _TRAILER.search(base[-2048:])
    size = _SIZE.search(found[1]) if found else None
    if not (found and size):
        raise RuntimeError("Berkas PDF dari fpdf2 tidak berakhir seperti yang diharapkan.")
    return _Trailer(int(size[1]), int(found[2]), _SIZE.sub(b"", found[1]))


def _with_objects(base: bytes, trailer: _Trailer, bodies: Sequence[str]) -> bytes:
    """The file with more objects behind it (an incremental update, ISO 32000-1, 7.5.6)."""
    parts, entries, place = [base], [], len(base)
    for number, body in enumerate(bodies, trailer.size):
        part = f"{number} 0 obj\n{body}\nendobj\n".encode("ascii")
        parts.append(part)
        entries.append(f"{place:010} 00000 n \n")
        place += len(part)
    size = trailer.size + len(bodies)
    parts.append(f"xref\n{trailer.size} {len(bodies)}\n{''.join(entries)}".encode("ascii"))
    parts.append(b"trailer\n<<%b/Size %d/Prev %d>>\n" % (trailer.entries, size, trailer.start))
    parts.append(b"startxref\n%d\n%%%%EOF\n" % place)
    return b"".join(parts)


def _add_structure(pdf: Pdf, structure: Objects, root: int) -> None:
    pdf.Root.StructTreeRoot = pdf.get_object(root, 0)
    pdf.Root.MarkInfo = Dictionary(Marked=True)
    for index, page in enumerate(pdf.pages):
        page.obj.StructParents = index
        page.obj.Tabs = Name.S
        if links := structure.links.get(index + 1):
            page.obj.Annots = Array([pdf.get_object(number, 0) for number in links])


def _add_identity(pdf: Pdf, info: DocumentInfo) -> None:
    """What the file says of itself: standards, title, language, dates, and the meaning of its colours."""
    metadata = _metadata(info).encode("utf-8")
    pdf.Root.Metadata = pdf.make_indirect(Stream(pdf, metadata, Type=Name.Metadata, Subtype=Name.XML))
    pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    pdf.Root.Lang = String(LANGUAGE)
    profile = Stream(pdf, resources.files("fpdf.data").joinpath(_SRGB).read_bytes(), N=3, Alternate=Name.DeviceRGB)
    intent = Dictionary(
        Type=Name.OutputIntent,
        S=Name.GTS_PDFA1,
        OutputConditionIdentifier=String("sRGB"),
        Info=String("sRGB2014"),
        DestOutputProfile=pdf.make_indirect(profile),
    )
    pdf.Root.OutputIntents = Array([intent])


def _add_attachments(pdf: Pdf, attachments: Sequence[Attachment], created: datetime) -> None:
    if not attachments:
        return
    names: list[Any] = []
    for attachment in sorted(attachments, key=lambda one: one.name):
        names += [String(attachment.name), _file(pdf, attachment, created)]
    pdf.Root.Names = Dictionary(EmbeddedFiles=Dictionary(Names=Array(names)))
    pdf.Root.AF = Array(names[1::2])


def _file(pdf: Pdf, attachment: Attachment, created: datetime) -> Any:
    parameters = Dictionary(Size=len(attachment.data), ModDate=String(_pdf_date(created)))
    kind = Name(f"/{attachment.kind}")
    stream = pdf.make_indirect(Stream(pdf, attachment.data, Type=Name.EmbeddedFile, Subtype=kind, Params=parameters))
    specification = Dictionary(
        Type=Name.Filespec,
        F=String(attachment.name),
        UF=String(attachment.name),
        Desc=String(attachment.description),
        AFRelationship=Name.Data,
        EF=Dictionary(F=stream, UF=stream),
    )
    return pdf.make_indirect(specification)


def _written(pdf: Pdf) -> bytes:
    """One revision without clock or chance; the file's ID comes from its content."""
    target = BytesIO()
    pdf.save(
        target,
        min_version="1.7",
        object_stream_mode=ObjectStreamMode.generate,
        deterministic_id=True,
        fix_metadata_version=False,
    )
    return target.getvalue()


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
