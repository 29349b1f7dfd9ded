"""Facts about a document, and its metadata packet, in which the time of writing does not stand."""

from dataclasses import dataclass
from datetime import datetime
from xml.sax.saxutils import escape, quoteattr

PROGRAM = "Daybook"


@dataclass(frozen=True, slots=True)
class DocumentInfo:
    """Facts about a document: its title, language tag, time of creation and author; `logo` is a PNG or JPEG."""

    title: str
    language: str
    made: datetime
    author: str = ""
    logo: bytes = b""


def metadata_of(info: DocumentInfo) -> str:
    """Return the XMP metadata of a document (ISO 16684-1)."""
    made = info.made.isoformat(timespec="seconds")
    author = f"<rdf:Seq><rdf:li>{escape(info.author)}</rdf:li></rdf:Seq>"
    creator = f"<dc:creator>{author}</dc:creator>" if info.author else ""
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/" '
        f"pdf:Producer={quoteattr(PROGRAM)} xmp:CreatorTool={quoteattr(PROGRAM)} xmp:CreateDate={quoteattr(made)}>"
        f'<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{escape(info.title)}</rdf:li></rdf:Alt></dc:title>'
        f"{creator}<dc:language><rdf:Bag><rdf:li>{escape(info.language)}</rdf:li></rdf:Bag></dc:language>"
        "</rdf:Description></rdf:RDF></x:xmpmeta>"
    )
