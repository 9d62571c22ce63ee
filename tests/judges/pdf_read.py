"""Reads a PDF with libqpdf (through pikepdf) and says whether it keeps PDF/A-2a as far as its objects show.

    pdf_read.py judge FILE...            every file; each fault is a line, and then the exit code is 1
    pdf_read.py spoil WHAT FILE OUT      writes a copy with one fault, which the judge must find

What is read: the syntax of the whole file, the identification in XMP and that it agrees with the document information
(ISO 19005-2 6.6), the output intent and its ICC profile (6.2.3), embedded fonts that map to Unicode (6.2.11), the
structure tree and that all that is drawn belongs to it or is an artifact (6.8), no action and nothing from outside
(6.5, 6.9). It is no full validator: colour operators, widths of glyphs and the like are not compared.
"""

import sys

import pikepdf
from pikepdf import Dictionary, Name, Stream

DRAWS = {"Tj", "TJ", "'", '"', "f", "F", "f*", "B", "B*", "b", "b*", "S", "s", "Do", "sh", "EI"}
NEVER = ["/AA", "/OpenAction", "/JS", "/JavaScript", "/EmbeddedFiles", "/XFA", "/Launch", "/URI"]
WANTED_TAGS = [{"/Title", "/H1"}, {"/P"}, {"/Table"}, {"/TR"}, {"/TH"}, {"/TD"}]


def dictionaries(pdf):
    for thing in pdf.objects:
        if isinstance(thing, (Dictionary, Stream)):
            yield thing


def identification(pdf):
    with pdf.open_metadata(set_pikepdf_as_editor=False) as xmp:
        if xmp.pdfa_status != "2A":
            yield f"XMP says PDF/A-{xmp.pdfa_status or 'nothing'}, not 2A"
        if xmp.get("pdfuaid:part") != "1":
            yield "XMP does not say PDF/UA-1"
        if not xmp.get("dc:title"):
            yield "XMP has no title"
        titles = (str(pdf.docinfo.get("/Title", "")), str(xmp.get("dc:title", "")))
        if titles[0] and titles[0] != titles[1]:
            yield f"document information and XMP differ: {titles}"
    if "/Encrypt" in pdf.trailer or "/ID" not in pdf.trailer:
        yield "it is encrypted, or has no identifier"


def output_intent(pdf):
    intents = [i for i in pdf.Root.get("/OutputIntents", []) if i.get("/S") == Name.GTS_PDFA1]
    if len(intents) != 1:
        yield f"{len(intents)} output intents of PDF/A"
        return
    profile = intents[0].get("/DestOutputProfile")
    if profile is None:
        yield "the output intent has no profile"
        return
    octets = profile.read_bytes()
    if octets[36:40] != b"acsp" or int.from_bytes(octets[:4], "big") != len(octets):
        yield "the profile of the output intent is no ICC profile"
    if (octets[16:20], int(profile.N)) not in [(b"RGB ", 3), (b"GRAY", 1), (b"CMYK", 4)]:
        yield "the profile of the output intent has another number of colours than it says"


def fonts(pdf):
    seen = 0
    for thing in dictionaries(pdf):
        if thing.get("/Type") == Name.FontDescriptor:
            seen += 1
            files = [thing.get(key) for key in ("/FontFile", "/FontFile2", "/FontFile3")]
            if not any(isinstance(file, Stream) and file.read_bytes() for file in files):
                yield f"{thing.get('/FontName')} is not embedded"
        if thing.get("/Type") == Name.Font and thing.get("/Subtype") == Name.Type0:
            if "/ToUnicode" not in thing:
                yield f"{thing.get('/BaseFont')} does not map to Unicode"
    if seen == 0:
        yield "it has no font at all"


def structure(pdf):
    root = pdf.Root
    if root.get("/MarkInfo", Dictionary()).get("/Marked") is not True:
        yield "it does not say that it is tagged"
    if not str(root.get("/Lang", "")):
        yield "it has no language"
    if "/StructTreeRoot" not in root:
        yield "it has no structure tree"
        return
    tags, contents, open_nodes = set(), {}, [(root.StructTreeRoot, None)]
    while open_nodes:
        node, page = open_nodes.pop()
        if isinstance(node, int):
            contents.setdefault(page, set()).add(node)
            continue
        if "/S" in node:
            tags.add(str(node.S))
        if "/Pg" in node:
            page = node.Pg.objgen
        if node.get("/Type") == Name.MCR:
            contents.setdefault(page, set()).add(int(node.MCID))
            continue
        kids = node.get("/K", [])
        kids = list(kids) if isinstance(kids, pikepdf.Array) else [kids]
        open_nodes.extend((kid, page) for kid in kids)
    for wanted in WANTED_TAGS:
        if not wanted & tags:
            yield f"nothing is tagged {' or '.join(sorted(wanted))}: {sorted(tags)}"
    for number, page in enumerate(pdf.pages, 1):
        yield from content(number, page, contents.get(page.objgen, set()))


def content(number, page, known):
    """Everything drawn belongs to an element of the structure tree, or is an artifact."""
    marks, met = [], set()
    for operands, operator in pikepdf.parse_content_stream(page):
        operator = str(operator)
        if operator in ("BDC", "BMC"):
            tag = str(operands[0])
            properties = operands[1] if len(operands) > 1 else None
            mark = int(properties.MCID) if isinstance(properties, Dictionary) and "/MCID" in properties else None
            marks.append("artifact" if tag == "/Artifact" else mark)
            if mark is not None:
                met.add(mark)
        elif operator == "EMC":
            marks.pop()
        elif operator in DRAWS and not any(mark is not None for mark in marks):
            yield f"page {number}: {operator} draws what is neither tagged nor an artifact"
            return
    for mark in sorted(met - known):
        yield f"page {number}: content {mark} belongs to no element"
    for mark in sorted(known - met):
        yield f"page {number}: an element names content {mark}, which is not there"


def outside(pdf):
    for thing in dictionaries(pdf):
        for key in NEVER:
            if key in thing:
                yield f"it has {key}"


def syntax(pdf):
    for problem in pdf.check_pdf_syntax():
        yield f"syntax: {problem}"


def judge(file):
    faults = []
    # What cannot even be read is a fault, whatever the library calls it.
    try:
        with pikepdf.open(file) as pdf:
            for part in (syntax, identification, output_intent, fonts, structure, outside):
                try:
                    faults.extend(part(pdf))
                except Exception as error:
                    faults.append(f"syntax: {part.__name__}: {type(error).__name__}: {error}")
            if not faults:
                print(f"{file}: {len(pdf.pages)} pages, no fault")
    except pikepdf.PdfError as error:
        faults.append(f"syntax: {error}")
    return faults


def spoil(what, file, out):
    with pikepdf.open(file) as pdf:
        if what == "part":
            with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as xmp:
                xmp["pdfaid:part"] = "3"
        elif what == "intent":
            del pdf.Root["/OutputIntents"]
        elif what == "profile":
            pdf.Root.OutputIntents[0].DestOutputProfile.write(b"not a profile")
        elif what == "font":
            font = next(d for d in dictionaries(pdf) if d.get("/Type") == Name.FontDescriptor)
            for key in ("/FontFile2", "/FontFile3"):
                if key in font:
                    del font[key]
        elif what == "unicode":
            font = next(d for d in dictionaries(pdf) if "/ToUnicode" in d)
            del font["/ToUnicode"]
        elif what == "marked":
            pdf.Root.MarkInfo.Marked = False
        elif what == "loose":
            page = pdf.pages[0]
            page.contents_add(b"BT 10 10 Td () Tj ET\n")
        elif what == "action":
            pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS="app.alert(1)")
        else:
            raise SystemExit(f"no fault is called {what}")
        pdf.save(out)


def main(arguments):
    if arguments[:1] == ["spoil"] and len(arguments) == 4:
        spoil(*arguments[1:])
        return 0
    if arguments[:1] != ["judge"] or len(arguments) < 2:
        raise SystemExit(__doc__)
    faults = [f"{file}: {fault}" for file in arguments[1:] for fault in judge(file)]
    print("\n".join(faults))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
