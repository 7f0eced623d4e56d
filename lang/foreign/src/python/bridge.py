"""What stands for the package `neuron` while a class of Python is imported: everything is asked of Bouton, over a pipe."""
import os
import sys
import traceback
import types

_out = os.fdopen(os.dup(1), "w", encoding="utf-8", newline="\n")
_in = os.fdopen(os.dup(0), "r", encoding="utf-8", newline="\n")
os.dup2(2, 1)  # what the file prints is no answer
_freed = []
_objects = {}


def _quote(text):
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def _unquote(text):
    out, at = [], 0
    while at < len(text):
        if text[at] == "\\" and at + 1 < len(text):
            out.append({"t": "\t", "n": "\n", "r": "\r"}.get(text[at + 1], text[at + 1]))
            at += 2
        else:
            out.append(text[at])
            at += 1
    return "".join(out)


def _send(fields):
    _out.write("\t".join(_quote(str(one)) for one in fields) + "\n")
    _out.flush()
    return [_unquote(one) for one in _in.readline().rstrip("\n").split("\t")]


def _ask(*fields):
    while _freed:
        _send(("free", _freed.pop()))
    answer = _send(fields)
    if answer[0] == "none":
        raise AttributeError(answer[1])
    if answer[0] != "ok":
        raise RuntimeError(answer[1] if len(answer) > 1 else "Bouton has gone")
    values = [_read(one) for one in answer[1:]]
    return values[0] if len(values) == 1 else values


def _write(value):
    if value is None:
        return "z"
    if isinstance(value, (_Section, _Segment, _Object, _Ref)):
        return value._wire()
    if isinstance(value, str):
        return "t" + value
    if hasattr(value, "__float__") or isinstance(value, bool):
        return "n" + repr(float(value))
    raise TypeError(f"{value!r} cannot be handed to h")


def _read(text):
    kind, rest = text[:1], text[1:]
    if kind == "n":
        return float(rest)
    if kind == "t":
        return rest
    if kind == "s":
        return _Section._of(int(rest))
    if kind == "g":
        at, x = rest.split(":")
        return _Section._of(int(at))(float(x))
    if kind == "o":
        at, name = rest.split(":", 1)
        return _Object._of(int(at), name)
    if kind == "f":
        return _CALL
    if kind == "l":
        return [_read(one) for one in rest.split("\x1f")] if rest else []
    return None


_CALL = object()


class _Ref:
    """`_ref_v` and its like, and h.ref(x)."""

    def __init__(self, wire, value=None):
        self._text, self._value = wire, value

    def _wire(self):
        return self._text if self._text else _write(self._value)

    def __getitem__(self, _):
        return self._value

    def __setitem__(self, _, value):
        self._value = value


class _Section:
    _cells = {}

    def __init__(self, name=None, cell=None):
        at = _ask("section", name or "")._at
        object.__setattr__(self, "_at", at)
        object.__setattr__(self, "_own", True)
        if cell is not None:
            _Section._cells[at] = cell

    @classmethod
    def _of(cls, at):
        one = cls.__new__(cls)
        object.__setattr__(one, "_at", at)
        object.__setattr__(one, "_own", False)
        return one

    def __del__(self):
        if getattr(self, "_own", False):
            _freed.append(self._at)

    def _wire(self):
        return f"s{self._at}"

    def __eq__(self, other):
        return isinstance(other, _Section) and other._at == self._at

    def __hash__(self):
        return hash(("section", self._at))

    def __call__(self, x=0.5):
        if not 0 <= x <= 1:
            raise ValueError("segment position range is 0 <= x <= 1")
        return _Segment(self, x)

    def __iter__(self):
        n = int(self.nseg)
        for k in range(n):
            yield _Segment(self, (k + 0.5) / n)

    def __len__(self):
        return int(self.nseg)

    def allseg(self):
        n = int(self.nseg)
        return iter([_Segment(self, x) for x in [0.0] + [(k + 0.5) / n for k in range(n)] + [1.0]])

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        if name.startswith("_ref_"):
            return _Segment(self, 0.5).__getattr__(name)
        value = _ask("sget", self._at, name)
        return int(value) if name == "nseg" else value

    def __setattr__(self, name, value):
        _ask("sset", self._at, name, repr(float(value)))

    def insert(self, name):
        _ask("insert", self._at, name if isinstance(name, str) else name.__name__)
        return self

    def uninsert(self, name):
        _ask("uninsert", self._at, name)
        return self

    def has_membrane(self, name):
        return bool(_ask("has", self._at, name))

    def connect(self, parent, *at):
        if isinstance(parent, _Segment):
            px, rest = parent.x, at
            parent = parent.sec
        else:
            px, rest = (at[0], at[1:]) if at else (1.0, ())
        cx = rest[0] if rest else 0.0
        _ask("connect", self._at, repr(float(cx)), parent._at, repr(float(px)))
        return self

    def disconnect(self):
        return _ask("call", "", "disconnect", self._at)

    def name(self):
        cell, own = self.cell(), _ask("name", self._at)
        return own if cell is None else f"{cell}.{own}"

    hname = name

    def __str__(self):
        return self.name()

    __repr__ = __str__

    def cell(self):
        return _Section._cells.get(self._at)

    def parentseg(self):
        return _ask("parent", self._at)

    def trueparentseg(self):
        return self.parentseg()

    def orientation(self):
        return _ask("call", "", "section_orientation", self._at)

    def children(self):
        return _ask("children", self._at)

    def subtree(self):
        return _ask("subtree", self._at)

    def wholetree(self):
        return _ask("wholetree", self._at)

    def push(self):
        _ask("push", self._at)

    def same(self, other):
        return self == other

    def is_pysec(self):
        return True

    def _call(self, name, *given):
        return _ask("call", "", name, self._at, *[_write(one) for one in given])

    def n3d(self):
        return int(self._call("n3d"))

    def psection(self):
        return _ask("mechs", self._at)


for _name in ("pt3dadd", "pt3dclear", "pt3dchange", "x3d", "y3d", "z3d", "diam3d", "arc3d"):

    def _made(name):
        return lambda self, *given: self._call(name, *given)

    setattr(_Section, _name, _made(_name))


class _Segment:
    def __init__(self, sec, x):
        object.__setattr__(self, "sec", sec)
        object.__setattr__(self, "x", x)

    def _wire(self):
        return f"g{self.sec._at}:{self.x!r}"

    def __eq__(self, other):
        return isinstance(other, _Segment) and other.sec == self.sec and other.x == self.x

    def __hash__(self):
        return hash((self.sec, self.x))

    def __repr__(self):
        return f"{self.sec.name()}({self.x:g})"

    def __iter__(self):
        return iter([_Mechanism(self, name) for name in _ask("mechs", self.sec._at)])

    def area(self):
        return _ask("call", "", "area", self.sec._at, f"n{self.x!r}")

    def ri(self):
        return _ask("call", "", "ri", self.sec._at, f"n{self.x!r}")

    def volume(self):
        raise AttributeError("volume is not there while a file is imported")

    def point_processes(self):
        return []

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        if name.startswith("_ref_"):
            return _Ref(f"v{self.sec._at}:{self.x!r}:{name[5:]}")
        if _ask("has", self.sec._at, name):
            return _Mechanism(self, name)
        return _ask("gget", self.sec._at, repr(self.x), name)

    def __setattr__(self, name, value):
        _ask("gset", self.sec._at, repr(self.x), name, repr(float(value)))


class _Mechanism:
    def __init__(self, seg, name):
        object.__setattr__(self, "_seg", seg)
        object.__setattr__(self, "_name", name)

    def name(self):
        return self._name

    def _full(self, name):
        # An ion's values carry its name already: seg.na_ion.ena
        return name if self._name.endswith("_ion") else f"{name}_{self._name}"

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        if name.startswith("_ref_"):
            return getattr(self._seg, "_ref_" + self._full(name[5:]))
        return _ask("gget", self._seg.sec._at, repr(self._seg.x), self._full(name))

    def __setattr__(self, name, value):
        _ask("gset", self._seg.sec._at, repr(self._seg.x), self._full(name), repr(float(value)))


class _Items:
    """x[i] of a Vector, weight[i] of a NetCon, arrays of templates."""

    def __init__(self, owner, name, values):
        self._owner, self._name, self._values = owner, name, values

    def __getitem__(self, at):
        return self._values[at]

    def __setitem__(self, at, value):
        self._values[at] = value
        _ask("set", f"o{self._owner._at}", self._name, _write(value), int(at))

    def __len__(self):
        return len(self._values)

    def __iter__(self):
        return iter(self._values)


class _Object:
    def __init__(self):
        raise TypeError("objects are made by h")

    @classmethod
    def _of(cls, at, name):
        known = _objects.get(at)
        if known is not None and known() is not None:
            return known()
        one = cls.__new__(cls)
        object.__setattr__(one, "_at", at)
        object.__setattr__(one, "_name", name)
        return one

    def _wire(self):
        return f"o{self._at}"

    def __del__(self):
        _freed.append(f"o{self._at}")

    def __eq__(self, other):
        return isinstance(other, _Object) and (other._at == self._at or other._name == self._name)

    def __hash__(self):
        return hash(self._name)

    def hname(self):
        return self._name

    def __repr__(self):
        return self._name

    def _class(self):
        return self._name.split("[")[0]

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        if name.startswith("_ref_"):
            return _Ref(f"b{self._at}:{name[5:]}")
        value = _ask("get", f"o{self._at}", name)
        if value is _CALL:
            return lambda *given, sec=None: _called(f"o{self._at}", name, given, sec)
        return _Items(self, name, value) if isinstance(value, list) else value

    def __setattr__(self, name, value):
        if isinstance(value, str) or not hasattr(value, "__iter__"):
            _ask("set", f"o{self._at}", name, _write(value))
        else:
            for at, one in enumerate(value):
                _ask("set", f"o{self._at}", name, _write(one), at)

    def get_segment(self):
        return _ask("where", f"o{self._at}")

    def get_loc(self):
        return self.get_segment().x

    def __len__(self):
        if self._class() == "Vector":
            return int(self.size())
        if self._class() == "List":
            return int(self.count())
        return len(list(iter(self)))

    def __iter__(self):
        if self._class() == "Vector":
            return iter(self.x)
        if self._class() == "List":
            return iter([self.o(k) for k in range(int(self.count()))])
        return iter(_ask("list", f"o{self._at}"))

    def __bool__(self):
        return True

    def __contains__(self, one):
        return one in list(iter(self))

    def __getitem__(self, at):
        return list(iter(self))[at]

    def __setitem__(self, at, value):
        self.x[at] = value

    def to_python(self):
        return list(self.x)

    as_numpy = to_python


def _instantiated(target, cell):
    """The sections of a file of points as lists of a Python object, one for each kind, and all."""
    grown = _ask("grow", target)
    cell.all = []
    for name, sections in zip(grown[::2], grown[1::2]):
        for one in sections:
            _Section._cells[one._at] = cell
        setattr(cell, name, sections)
        cell.all.extend(sections)
    return 0.0


def _called(target, name, given, sec):
    if name == "instantiate" and given and not isinstance(given[0], (_Object, type(None))):
        return _instantiated(target, given[0])
    flat = []
    for one in given:
        if isinstance(one, (list, tuple)) and name in ("Vector", "from_python"):
            vector = _called("", "Vector", (len(one),), None)
            for at, value in enumerate(one):
                vector.x[at] = value
            return vector
        flat.append(_write(one))
    return _ask("call", target, name, "" if sec is None else sec._at, *flat)


class _H:
    Section = _Section

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        if name.startswith("_ref_"):
            return _Ref(f"h{name[5:]}")
        value = _ask("get", "", name)
        if value is _CALL:
            def call(*given, sec=None):
                return _called("", name, given, sec)

            call.__name__ = name
            return call
        return value

    def __setattr__(self, name, value):
        _ask("set", "", name, _write(value))

    def __call__(self, text):
        _ask("hoc", text)
        return 1

    def ref(self, value):
        return _Ref("", value)

    def allsec(self):
        return iter(_ask("all"))

    def cas(self):
        return _ask("cas")

    def setpointer(self, *given):
        _ask("note", "a pointer between mechanisms was left out")

    def nrn_load_dll(self, *given):
        return 1.0

    def parent(self, sec=None):
        return (sec or self.cas()).parentseg().sec


h = _H()


class _Dummy(types.ModuleType):
    """A module of pictures or of parallel machines, of which a cell needs nothing."""

    __path__ = []

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return _Nothing()


class _Nothing:
    def __call__(self, *given, **named):
        return _Nothing()

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return _Nothing()

    def __iter__(self):
        return iter(())

    def __getitem__(self, at):
        return _Nothing()


class _Missing:
    """Finds dummies for what is not installed."""

    names = ("matplotlib", "pylab", "mpi4py", "IPython", "plotly", "bokeh")

    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in self.names:
            from importlib.machinery import ModuleSpec

            return ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec):
        return _Dummy(spec.name)

    def exec_module(self, module):
        pass


def _installed():
    package = types.ModuleType("neuron")
    package.__path__ = []
    package.h = h
    package.hoc = types.ModuleType("neuron.hoc")
    package.hoc.HocObject = _Object
    package.nrn = types.ModuleType("neuron.nrn")
    package.nrn.Section, package.nrn.Segment = _Section, _Segment
    package.gui = types.ModuleType("neuron.gui")
    package.units = types.ModuleType("neuron.units")
    scales = {"ms": 1, "mV": 1, "sec": 1e3, "s": 1e3, "us": 1e-3, "um": 1, "mm": 1e3, "nM": 1e-6, "uM": 1e-3, "mM": 1, "M": 1e3, "nA": 1}
    for name, value in scales.items():
        setattr(package.units, name, value)
    package.load_mechanisms = lambda *given, **named: True
    package.__version__ = "9.0"
    for name in ("hoc", "nrn", "gui", "units"):
        sys.modules[f"neuron.{name}"] = getattr(package, name)
    sys.modules["neuron"] = package
    sys.modules["nrn"] = package.nrn
    sys.modules["hoc"] = package.hoc
    sys.meta_path.append(_Missing())


def _named(cell):
    """Sections by the names that the cell has for them."""
    told = set()
    values = vars(cell) if hasattr(cell, "__dict__") else {}
    for name, value in values.items():
        if isinstance(value, _Section) and value._at not in told:
            told.add(value._at)
            yield ("called", value._at, name, "")
    # A short list says more of its sections than a long one.
    lists = sorted(values.items(), key=lambda one: len(one[1]) if isinstance(one[1], (list, tuple)) else 0)
    for name, value in lists:
        if isinstance(value, (list, tuple)):
            for at, one in enumerate(value):
                if isinstance(one, _Section) and one._at not in told:
                    told.add(one._at)
                    yield ("called", one._at, name, at)
        elif isinstance(value, dict):
            for key, one in value.items():
                if isinstance(one, _Section) and one._at not in told:
                    told.add(one._at)
                    yield ("called", one._at, str(key), "")
        elif isinstance(value, _Object) and value._class() == "SectionList":
            yield ("group", f"o{value._at}", name)


def _value(text):
    return float(text[1:]) if text[0] == "n" and not text[1:].lstrip("-").isdigit() else int(text[1:]) if text[0] == "n" else text[1:]


def _main(path, wanted, given):
    _installed()
    path = os.path.abspath(path)
    folder = os.path.dirname(path)
    sys.path.insert(0, folder)
    os.chdir(folder)
    sys.argv = [path]
    sys.dont_write_bytecode = True
    import importlib.util

    name = os.path.splitext(os.path.basename(path))[0]
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    if not hasattr(module, wanted):
        classes = [key for key, one in vars(module).items() if isinstance(one, type) and one.__module__ == name]
        _send(("missing", wanted, ", ".join(classes)))
        return None
    plain, named = [], {}
    for one in given:
        key, value = one.split("=", 1)
        value = {"bTrue": True, "bFalse": False, "bNone": None}.get(value, None) if value[0] == "b" else _value(value)
        if key:
            named[key] = value
        else:
            plain.append(value)
    return getattr(module, wanted)(*plain, **named)


def _told(error):
    """An exception with its traceback, without the places that are not of the file or its packages."""
    told = traceback.TracebackException.from_exception(error)
    own = [frame for frame in told.stack if not frame.filename.startswith("<")]
    told.stack = traceback.StackSummary.from_list(own)
    text = "".join(told.format())
    if isinstance(error, ImportError):
        text += f"packages are those of {sys.executable}"
    return text


_path, _wanted, *_given = sys.argv[1:]
try:
    _cell = _main(_path, _wanted, _given)
    if _cell is not None:
        for _row in list(_named(_cell)):
            _send(_row)
        _send(("done",))
except BaseException as _error:
    _send(("failed", _told(_error)))
os._exit(0)
