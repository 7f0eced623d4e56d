

class _Items:
    """x[i] of a Vector, weight[i] of a NetCon, arrays of templates."""

    def __init__(self, owner, name, values):
        self._owner, self._name, self._values = owner, name, values

    def __getitem__(self, at):
        return self._values[at]

    def __setitem__(self, at, value):
        if isinstance(at, slice):
            for k, one in zip(range(*at.indices(len(self._values))), value):
                self[k] = one
            return
        at = range(len(self._values))[at]
        self._values[at] = value
        _ask("set", self._owner, self._name, _write(value), at)

    def __len__(self):
        return len(self._values)

    def __iter__(self):
        return iter(self._values)

    def __contains__(self, one):
        return one in self._values


class _Object:
    def __init__(self):
        raise TypeError("objects are made by h")

    @classmethod
    def _of(cls, at, name):
        one = cls.__new__(cls)
        object.__setattr__(one, "_at", at)
        object.__setattr__(one, "_name", name)
        return one

    def _wire(self):
        return f"o{self._at}"

    def __del__(self):
        if getattr(self, "_at", None) is not None:
            _freed.append(f"o{self._at}")

    def __eq__(self, other):
        return isinstance(other, _Object) and (other._at == self._at or other._name == self._name)

    def __lt__(self, other):
        return self._name < other._name

    def __hash__(self):
        return hash(self._name)

    def hname(self):
        return self._name

    def same(self, other):
        return self == other

    def __repr__(self):
        return self._name

    def _class(self):
        return self._name.split("[")[0]

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        if name.startswith("_ref_"):
            return _Ref(f"b{self._at}:{name[5:]}", of=self)
        value = _ask("get", f"o{self._at}", name)
        if value is _CALL:
            return lambda *given, sec=None: _called(f"o{self._at}", name, given, sec)
        return _Items(f"o{self._at}", name, value) if isinstance(value, list) else value

    def __setattr__(self, name, value):
        if name.startswith("_ref_"):
            return _point((f"o{self._at}",), name[5:], value)
        try:
            if isinstance(value, (str, _Object, _Section)) or not hasattr(value, "__iter__"):
                _ask("set", f"o{self._at}", name, _write(value))
            else:
                for at, one in enumerate(value):
                    _ask("set", f"o{self._at}", name, _write(one), at)
        except (_Unknown, TypeError):
            # Classes that are made of one of hoc have values of their own.
            if type(self) is _Object:
                raise
            object.__setattr__(self, name, value)

    def get_segment(self):
        return _ask("where", f"o{self._at}")

    def get_loc(self):
        return self.get_segment().x

    def has_loc(self):
        return self.get_segment() is not None

    def preseg(self):
        return _ask("source", f"o{self._at}")

    def postseg(self):
        return self.syn().get_segment()

    def loc(self, *given, sec=None):
        return _called(f"o{self._at}", "loc", given, sec)

    def __len__(self):
        if self._class() == "Vector":
            return int(self.size())
        if self._class() == "List":
            return int(self.count())
        return len(list(iter(self)))

    def __iter__(self):
        if self._class() == "Vector":
            return iter(_ask("get", f"o{self._at}", "x"))
        if self._class() == "List":
            return iter([self.o(k) for k in range(int(self.count()))])
        return iter(_ask("list", f"o{self._at}"))

    def __bool__(self):
        return True

    def __contains__(self, one):
        return one in list(iter(self))

    def __getitem__(self, at):
        found = list(iter(self))[at]
        return _vector(found) if isinstance(at, slice) and self._class() == "Vector" else found

    def __setitem__(self, at, value):
        self.x[at] = value

    def to_python(self, into=None):
        found = list(iter(self))
        if into is not None:
            into[:] = found
        return found if into is None else into

    def as_numpy(self):
        import numpy

        return numpy.array(list(iter(self)))

    def from_python(self, values):
        _ask("fill", f"o{self._at}", " ".join(_number(one) for one in values))
        return self

    def _with(self, other, combine):
        own = list(iter(self))
        others = [other] * len(own) if hasattr(other, "__float__") else list(other)
        return _vector([combine(a, b) for a, b in zip(own, others)])

    def __add__(self, other):
        return self._with(other, lambda a, b: a + b)

    def __sub__(self, other):
        return self._with(other, lambda a, b: a - b)

    def __rsub__(self, other):
        return self._with(other, lambda a, b: b - a)

    def __mul__(self, other):
        return self._with(other, lambda a, b: a * b)

    def __truediv__(self, other):
        return self._with(other, lambda a, b: a / b)

    def __rtruediv__(self, other):
        return self._with(other, lambda a, b: b / a)

    def __neg__(self):
        return self * -1.0

    __radd__, __rmul__ = __add__, __mul__


def _vector(values):
    made = _called("", "Vector", (0,), None)
    return made.from_python(values)


def _instantiated(target, cell):
    """The sections of a file of points as lists of a Python object, one for each kind, and all."""
    grown = _ask("grow", target)
    cell.all = []
    for name, sections in zip(grown[::2], grown[1::2]):
        for one in sections:
            _Section._cells[one._at] = weakref.ref(cell)
        setattr(cell, name, sections)
        cell.all.extend(sections)
    return 0.0


# What NEURON answers with whole numbers.
_COUNTS = ("size", "count", "len", "indwhere", "max_ind", "min_ind", "buffer_size", "substr", "nrow", "ncol")
_RUNS = ("run", "continuerun", "finitialize", "fadvance", "stdinit", "init", "advance", "steprun", "psolve")


def _is_row(value):
    return hasattr(value, "__iter__") and not isinstance(value, (str, _Object, _Section, _Segment))


def _called(target, name, given, sec):
    _stand()
    if name in _RUNS:
        _ran.append(name)
    if name == "instantiate" and given and not isinstance(given[0], (_Object, type(None))):
        return _instantiated(target, given[0])
    if target == "" and given and _is_row(given[0]):
        if name == "Vector":
            return _vector(given[0])
        if name == "SectionList":
            made = _called("", name, (), None)
            for one in given[0]:
                made.append(one)
            return made
    if name == "append" and len(given) > 1 and all(isinstance(one, _Section) for one in given):
        return [_called(target, name, (one,), None) for one in given][-1]
    if name == "pt3dadd" and given and isinstance(given[0], _Object):
        return [_called(target, name, point, sec) for point in zip(*given)][-1]
    if isinstance(sec, _Segment):
        sec = sec.sec
    found, *written = _ask_all("call", target, name, "" if sec is None else sec._at, *[_write(one) for one in given])
    if name in _COUNTS and isinstance(found, float):
        found = int(found)
    for one, value in zip([one for one in given if isinstance(one, _Ref) and not one._text], written):
        one._value = value
    return found


class _Maker:
    """A function or a class of hoc."""

    def __init__(self, name):
        self.__name__ = name

    def __call__(self, *given, sec=None):
        return _called("", self.__name__, given, sec)

    def __instancecheck__(self, one):
        return isinstance(one, _Object) and one._class() == self.__name__

    def __repr__(self):
        return f"{self.__name__}()"

    def __iter__(self):
        # What `del` and `list(h.IClamp)` would have: all of a class.
        return iter(_called("", "List", (self.__name__,), None))

    def __len__(self):
        return len(list(iter(self)))

    def __bool__(self):
        return True

    def __getitem__(self, at):
        # Objects of a class have their numbers from when they were made.
        name = f"{self.__name__}[{int(at)}]"
        found = next((one for one in self if one._name == name), None)
        if found is None:
            raise IndexError(f"{name} instance does not exist")
        return found

    def insert(self, *sections):
        """Into a section, or into each of several."""
        for one in sections:
            if isinstance(one, _Section):
                one.insert(self.__name__)
            else:
                self.insert(*one)

    def uninsert(self, *sections):
        for one in sections:
            if isinstance(one, _Section):
                one.uninsert(self.__name__)
            else:
                self.uninsert(*one)


class _ParallelContext:
    """A machine of one process."""

    def __init__(self, *_):
        self._cells = {}

    def id(self):
        return 0

    id_world = id_bbs = id

    def nhost(self):
        return 1

    nhost_world = nhost_bbs = nhost

    def set_gid2node(self, gid, _):
        self._cells.setdefault(gid, None)

    def gid_exists(self, gid):
        return float(gid in self._cells)

    def cell(self, gid, source, *_):
        self._cells[gid] = source

    def gid2cell(self, gid):
        return self._cells[gid].precell()

    def gid2obj(self, gid):
        return self.gid2cell(gid)

    def threshold(self, *_):
        return 10.0

    def gid_connect(self, _, target, *__):
        return h.NetCon(None, target)

    def allreduce(self, value, *_):
        return value

    def py_gather(self, value, *_):
        return [value]

    def py_allgather(self, value, *_):
        return [value]

    def py_alltoall(self, values, *_):
        return values

    def py_broadcast(self, value, *_):
        return value

    def py_scatter(self, values, *_):
        return values[0]

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        if name in _RUNS:
            _ran.append(name)
        return lambda *_, **__: 0.0


def hclass(kind):
    """A class of Python that is one of hoc, too, from which others can be derived."""
    name = kind.__name__

    def new(cls, *given, sec=None, **_):
        made = _called("", name, given, sec)
        one = object.__new__(cls)
        object.__setattr__(one, "_at", made._at)
        object.__setattr__(one, "_name", made._name)
        object.__setattr__(made, "_at", None)
        return one

    return type(name, (_Object,), {"__new__": new, "__init__": lambda self, *_, **__: None})
