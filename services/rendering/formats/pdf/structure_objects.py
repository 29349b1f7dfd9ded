"""Objects of a file that hold its structure: deflated streams of many small objects, and the index that finds them."""

import re
import struct
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping

from fpdf.output import OutputProducer
from fpdf.syntax import Name, PDFObject

from services.rendering.formats.pdf.structure import Element, Ids, Structure, TableRow

A_STREAM = 400  # objects of a stream, about
FREE, IN_FILE, IN_STREAM = 0, 1, 2  # types of entries of the index (ISO 32000-1, 7.5.8.3)
ENTRY = struct.Struct(">BIH")
TRAILER = re.compile(rb"startxref\n(\d+)\n%%EOF\s*$")
NAMED = re.compile(rb"/(?:Root|Info) \d+ 0 R")


class ObjectStream(PDFObject):
    """Objects with the numbers from `first` on, written side by side when the file is."""

    def __init__(self, first: int, count: int, texts: Callable[[], Iterable[str]]) -> None:
        super().__init__()
        self.first, self.count = first, count
        self._texts = texts

    def serialize(self, obj_dict: object = None, _security_handler: object = None) -> str:
        """Return the object as it stands in the file."""
        del obj_dict
        offsets, bodies, length = [], [], 0
        for number, text in enumerate(self._texts(), self.first):
            offsets.append(f"{number} {length}")
            bodies.append(text)
            length += len(text) + 1
        head = " ".join(offsets)
        data = zlib.compress(f"{head}\n{' '.join(bodies)}".encode("latin-1"))
        keys = f"/Type/ObjStm/N {self.count}/First {len(head) + 1}/Filter/FlateDecode/Length {len(data)}"
        return f"{self.id} 0 obj\n<<{keys}>>\nstream\n{data.decode('latin-1')}\nendstream\nendobj"


class _TreeRoot(PDFObject):
    """Root of the structure: its document, and which element each mark and each annotation belongs to."""

    def __init__(self) -> None:
        super().__init__()
        self.type = Name("StructTreeRoot")
        self.k = self.parent_tree = ""
        self.parent_tree_next_key = 0


class StructureObjects:
    """Objects of a structure, added to those of a file."""

    def __init__(self, structure: Structure) -> None:
        self._structure = structure
        self.streams: list[ObjectStream] = []

    def add_to(self, producer: OutputProducer) -> PDFObject:
        """Add all objects of the structure to those of the file, and return the root of its tree."""
        structure, pages = self._structure, producer.fpdf.pages
        root = _TreeRoot()
        producer._add_pdf_obj(root)  # noqa: SLF001  its one way
        first = producer.obj_id + 1
        ids = Ids(first, root.ref, {number: page.ref for number, page in pages.items()})
        producer.obj_id += structure.count + len(pages)
        for nodes, place in _batches(structure.nodes):
            count = nodes[-1].last_place + 1 - place
            self.streams.append(ObjectStream(first + place, count, _parts(nodes, ids)))
        self.streams.append(ObjectStream(first + structure.count, len(pages), lambda: _holders(structure, ids)))
        for stream in self.streams:
            producer._add_pdf_obj(stream, "structure")  # noqa: SLF001  the same
        keys = [f"{index} {first + structure.count + index} 0 R" for index in range(len(pages))]
        for key, (annotation, place) in enumerate(structure.links, len(pages)):
            annotation.struct_parent = key
            keys.append(f"{key} {ids.of(place)}")
        root.k, root.parent_tree = ids.of(0), f"<</Nums[{' '.join(keys)}]>>"
        root.parent_tree_next_key = len(keys)
        return root

    def index(self, buffer: bytearray, offsets: Mapping[int, int]) -> None:
        """Put an index that knows the streams in the place of the file's own, which stands at the end of its bytes."""
        found = TRAILER.search(buffer)
        if found is None:
            raise TypeError("fpdf2 ends files with the place of their index")
        start = int(found[1])
        named = b"".join(NAMED.findall(buffer, start))
        del buffer[start:]
        size = max(offsets) + 1
        entries = bytearray(ENTRY.size * (size + 1))
        ENTRY.pack_into(entries, 0, FREE, 0, 0xFFFF)
        for number, offset in (*offsets.items(), (size, start)):
            ENTRY.pack_into(entries, number * ENTRY.size, IN_FILE, offset, 0)
        for stream in self.streams:
            for number in range(stream.count):
                ENTRY.pack_into(entries, (stream.first + number) * ENTRY.size, IN_STREAM, stream.id, number)
        data = zlib.compress(entries)
        keys = f"/Type/XRef/W[1 4 2]/Size {size + 1}/Filter/FlateDecode/Length {len(data)}".encode()
        buffer += b"%d 0 obj\n<<%s%s>>\nstream\n%s\nendstream\nendobj\n" % (size, keys, named, data)
        buffer += b"startxref\n%d\n%%%%EOF\n" % start


def _batches(nodes: list[Element | TableRow]) -> Iterator[tuple[list[Element | TableRow], int]]:
    """Yield nodes with the place of the first, about as many at a time as a stream holds."""
    begin = 0
    for end, node in enumerate(nodes, 1):
        place = nodes[begin].place
        if node.last_place - place >= A_STREAM or end == len(nodes):
            yield nodes[begin:end], place
            begin = end


def _parts(nodes: list[Element | TableRow], ids: Ids) -> Callable[[], Iterable[str]]:
    return lambda: (part for node in nodes for part in node.parts(ids))


def _holders(structure: Structure, ids: Ids) -> Iterator[str]:
    """Yield for each page the elements that hold its marks."""
    for page in ids.pages:
        yield f"[{' '.join(map(ids.of, structure.marked.get(page, ())))}]"
