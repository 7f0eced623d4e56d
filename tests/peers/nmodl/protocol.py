"""What both simulators do with a file: the numbers of the experiment, and what the text of the file says."""

import re

CELSIUS = (6.3, 36.0)
DURATION = 100.0
EVERY = 0.5
SIZE = 20.0
LEAK = 0.0003
STEPS = ((10.0, 30.0, -0.05), (50.0, 40.0, 0.15))
EVENTS = (5.013, 7.0, 10, 0.0)
WEIGHT = 0.01


def text(path):
    """The file without comments and C code."""
    with open(path, "rb") as file:
        data = file.read().decode("latin-1")
    data = re.sub(r"\bCOMMENT\b.*?\bENDCOMMENT\b", " ", data, flags=re.S)
    data = re.sub(r"\bVERBATIM\b.*?\bENDVERBATIM\b", " ", data, flags=re.S)
    data = re.sub(r"\bTITLE\b[^\r\n]*", " ", data)
    return re.sub(r"[:?][^\r\n]*", " ", data)


def declared(path):
    """SUFFIX, POINT_PROCESS or ARTIFICIAL_CELL, and the name."""
    found = re.search(r"\b(SUFFIX|POINT_PROCESS|ARTIFICIAL_CELL)\s+(\w+)", text(path))
    return found.groups() if found else (None, None)


def receives(path):
    return re.search(r"\bNET_RECEIVE\b", text(path)) is not None


def variables(path):
    """Names of the states that are no arrays."""
    names = []
    for body in re.findall(r"\bSTATE\s*\{(.*?)\}", text(path), flags=re.S):
        body = re.sub(r"\([^)]*\)|<[^>]*>", " ", body)
        body = re.sub(r"\b(FROM|TO|START)\s+[-+.\w]+", " ", body)
        names += [name for name, array in re.findall(r"\b([A-Za-z_]\w*)\s*(\[)?", body) if not array]
    return names


def trivial(path):
    """Whether there is no VERBATIM, or only what does nothing: returns, headers, prototypes, printing."""
    with open(path, "rb") as file:
        data = file.read().decode("latin-1")
    data = re.sub(r"\bCOMMENT\b.*?\bENDCOMMENT\b", " ", data, flags=re.S)
    for block in re.findall(r"\bVERBATIM\b(.*?)\bENDVERBATIM\b", data, flags=re.S):
        block = re.sub(r"/\*.*?\*/|//[^\n]*|^\s*#[^\n]*", " ", block, flags=re.S | re.M)
        for statement in block.split(";"):
            statement = statement.strip()
            if statement and not re.match(r"return\b\s*0?$|(extern\b|static\b)?[\w\s*]+\w+\s*\([^()]*\)$|printf\b|fprintf\b", statement):
                return False
    return True
