

class _Section:
    _cells = {}
    _python = {}
    _alive = weakref.WeakValueDictionary()

    def __init__(self, name=None, cell=None):
        at = _ask("section", name or "")._at
        object.__setattr__(self, "_at", at)
        object.__setattr__(self, "_own", True)
        _Section._python[at] = True
        _Section._alive[at] = self
        if cell is not None:
            try:
                _Section._cells[at] = weakref.ref(cell)
            except TypeError:
                _Section._cells[at] = lambda: cell

    @classmethod
    def _of(cls, at):
        one = _Section._alive.get(at)
        if one is None:
            one = _Section.__new__(_Section)
            object.__setattr__(one, "_at", at)
            object.__setattr__(one, "_own", False)
            _Section._alive[at] = one
        return one

    def __del__(self):
        if getattr(self, "_own", False):
            _freed.append(self._at)

    def _wire(self):
        return f"s{self._at}"

    def __eq__(self, other):
        return isinstance(other, _Section) and other._at == self._at

    def __lt__(self, other):
        return self._at < other._at

    def __hash__(self):
        return hash(("section", self._at))

    def __call__(self, x=0.5):
        if not 0 <= x <= 1:
            raise ValueError("segment position range is 0 <= x <= 1")
        return _Segment(self, float(x))

    def __iter__(self):
        n = int(self.nseg)
        for k in range(n):
            yield _Segment(self, (k + 0.5) / n)

    def __len__(self):
        return int(self.nseg)

    def __contains__(self, one):
        return isinstance(one, str) and self.has_membrane(one) or isinstance(one, _Segment) and one.sec == self

    def __dir__(self):
        return list(object.__dir__(self)) + ["L", "Ra", "nseg", "rallbranch"]

    def allseg(self):
        n = int(self.nseg)
        return iter([_Segment(self, x) for x in [0.0] + [(k + 0.5) / n for k in range(n)] + [1.0]])

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        if name.startswith("_ref_"):
            return _Segment(self, 0.5).__getattr__(name)
        value = _ask("sget", self._at, name)
        if isinstance(value, list):
            return _Elements(("sset", self._at, name), value)
        return int(value) if name == "nseg" else value

    def __setattr__(self, name, value):
        try:
            _ask("sset", self._at, name, _number(value))
        except (_Unknown, TypeError):
            # Classes that are made of a section have values of their own.
            if type(self) is _Section:
                raise
            object.__setattr__(self, name, value)

    def insert(self, name, *_):
        try:
            _ask("insert", self._at, name if isinstance(name, str) else name.__name__)
        except RuntimeError as error:
            raise ValueError(str(error)) from None
        return self

    def uninsert(self, name):
        _ask("uninsert", self._at, name if isinstance(name, str) else name.__name__)
        return self

    def has_membrane(self, name):
        return bool(_ask("has", self._at, name if isinstance(name, str) else name.__name__))

    def connect(self, parent, *at):
        if isinstance(parent, _Segment):
            px, rest = parent.x, at
            parent = parent.sec
        else:
            px, rest = (at[0], at[1:]) if at else (1.0, ())
        cx = rest[0] if rest else 0.0
        _ask("connect", self._at, _number(cx), parent._at, _number(px))
        return self

    def disconnect(self):
        return self._call("disconnect")

    def name(self):
        cell, own = self._holder(), _ask("name", self._at)
        return own if cell is None else f"{cell}.{own}"

    def hname(self):
        return self.name()

    def hoc_internal_name(self):
        return f"__nrnsec_{self._at:#x}"

    def __str__(self):
        return self.name()

    def __repr__(self):
        return self.name()

    def _holder(self):
        known = _Section._cells.get(self._at)
        return known() if known is not None else None

    def cell(self):
        return self._holder() or _ask("owner", self._at)

    def parentseg(self):
        return _ask("parent", self._at)

    def trueparentseg(self):
        """Beyond parents whose own beginning is where this one hangs."""
        found = self.parentseg()
        while found is not None and found.x == found.sec.orientation():
            found = found.sec.parentseg()
        return found

    def orientation(self):
        return self._call("section_orientation")

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
        return _Section._python.get(self._at, False)

    def _call(self, name, *given):
        return _ask("call", "", name, self._at, *[_write(one) for one in given])

    def n3d(self):
        return int(self._call("n3d"))

    def pt3dadd(self, *given):
        """One point, or four rows of numbers."""
        if given and not isinstance(given[0], str) and hasattr(given[0], "__iter__"):
            for point in zip(*given):
                self._call("pt3dadd", *point)
        else:
            self._call("pt3dadd", *given)

    def pt3dstyle(self, *_):
        return 0.0

    def psection(self):
        """As NEURON tells a section: a dictionary."""
        mechs, ions = {}, {}
        for name in _ask("mechs", self._at):
            if name.endswith("_ion"):
                ions[name[:-4]] = {one: [getattr(seg, one) for seg in self] for one in _about(name)}
            elif name != "capacitance":
                mechs[name] = {one: [getattr(getattr(seg, name), one) for seg in self] for one in _about(name)}
        points = {}
        for seg in self:
            for one in seg.point_processes():
                points.setdefault(one._class(), set()).add(one)
        shape = [(self.x3d(k), self.y3d(k), self.z3d(k), self.diam3d(k)) for k in range(self.n3d())]
        morphology = {
            "L": self.L,
            "diam": [seg.diam for seg in self],
            "pts3d": shape,
            "parent": self.parentseg(),
            "trueparent": self.trueparentseg(),
        }
        return {
            "point_processes": points,
            "density_mechs": mechs,
            "ions": ions,
            "morphology": morphology,
            "nseg": self.nseg,
            "Ra": self.Ra,
            "cm": [seg.cm for seg in self],
            "regions": set(),
            "species": set(),
            "name": self.name(),
            "hoc_internal_name": self.hoc_internal_name(),
            "cell": self.cell(),
        }


def _made(name):
    return lambda self, *given: self._call(name, *given)


for _name in ("pt3dclear", "pt3dchange", "pt3dinsert", "pt3dremove", "x3d", "y3d", "z3d", "diam3d", "arc3d", "spine3d"):
    setattr(_Section, _name, _made(_name))


def _about(mechanism):
    """Names of the values of a mechanism, in its order."""
    return _ask("about", mechanism)


class _Elements:
    """A value of a mechanism that is a row: `seg.xraxial[0]`."""

    def __init__(self, how, values):
        self._how, self._values = how, values

    def __getitem__(self, at):
        return self._values[at]

    def __setitem__(self, at, value):
        self._values[at] = float(value)
        _ask(*self._how, _number(value), range(len(self._values))[at])

    def __len__(self):
        return len(self._values)

    def __iter__(self):
        return iter(self._values)


class _Segment:
    def __init__(self, sec, x):
        object.__setattr__(self, "sec", sec)
        object.__setattr__(self, "x", x)

    def _wire(self):
        return f"g{self.sec._at}:{self.x!r}"

    def node_index(self):
        return int(min(self.x * self.sec.nseg, self.sec.nseg - 1))

    def _key(self):
        return (self.sec._at, self.x if self.x in (0.0, 1.0) else self.node_index() + 2)

    def __eq__(self, other):
        return isinstance(other, _Segment) and other._key() == self._key()

    def __lt__(self, other):
        return (self.sec, self.x) < (other.sec, other.x)

    def __hash__(self):
        return hash(self._key())

    def __repr__(self):
        return f"{self.sec.name()}({self.x:g})"

    def __iter__(self):
        return iter([_Mechanism(self, name) for name in _ask("mechs", self.sec._at) if name != "capacitance"])

    def __contains__(self, name):
        return self.sec.has_membrane(name)

    def __dir__(self):
        return list(object.__dir__(self)) + ["cm", "diam", "v"] + _ask("mechs", self.sec._at)

    def area(self):
        return _ask("call", "", "area", self.sec._at, f"n{self.x!r}")

    def ri(self):
        return _ask("call", "", "ri", self.sec._at, f"n{self.x!r}")

    def volume(self):
        """um3: of a cylinder, or of what the 3-D points give."""
        sec, n = self.sec, self.sec.nseg
        count = sec.n3d()
        if count < 2:
            return math.pi * self.diam**2 / 4 * sec.L / n
        low, high = self.node_index() * sec.L / n, (self.node_index() + 1) * sec.L / n
        arcs, diams = [sec.arc3d(k) for k in range(count)], [sec.diam3d(k) for k in range(count)]
        total = 0.0
        for (a, b), (c, d) in zip(zip(arcs, arcs[1:]), zip(diams, diams[1:])):
            begin, end = max(a, low), min(b, high)
            if end > begin:
                at = [c + (d - c) * (s - a) / (b - a) for s in (begin, end)]
                total += math.pi / 12 * (at[0] ** 2 + at[0] * at[1] + at[1] ** 2) * (end - begin)
        return total

    def point_processes(self):
        return _ask("points", self.sec._at, repr(self.x))

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        if name.startswith("_ref_"):
            return _Ref(f"v{self.sec._at}:{self.x!r}:{name[5:]}")
        if _ask("has", self.sec._at, name):
            return _Mechanism(self, name)
        value = _ask("gget", self.sec._at, repr(self.x), name)
        if isinstance(value, list):
            return _Elements(("gset", self.sec._at, repr(self.x), name), value)
        return value

    def __setattr__(self, name, value):
        if name == "x":
            object.__setattr__(self, "x", float(value))
        elif name.startswith("_ref_"):
            _point((self.sec._at, repr(self.x)), name[5:], value)
        else:
            _ask("gset", self.sec._at, repr(self.x), name, _number(value))


class _RangeVar:
    """A value of a mechanism, as iteration over it gives them."""

    def __init__(self, mech, name):
        self._mech, self._of = mech, name

    def name(self):
        return self._mech._full(self._of)

    def mech(self):
        return self._mech

    def __getitem__(self, at):
        value = getattr(self._mech, self._of)
        return value[at] if isinstance(value, _Elements) else value

    def __setitem__(self, at, value):
        found = getattr(self._mech, self._of)
        if isinstance(found, _Elements):
            found[at] = value
        else:
            setattr(self._mech, self._of, value)

    def __len__(self):
        value = getattr(self._mech, self._of)
        return len(value) if isinstance(value, _Elements) else 1

    def __repr__(self):
        return self.name()


class _Mechanism:
    def __init__(self, seg, name):
        object.__setattr__(self, "_seg", seg)
        object.__setattr__(self, "_name", name)

    def name(self):
        return self._name

    def is_ion(self):
        return self._name.endswith("_ion")

    def segment(self):
        return self._seg

    def _full(self, name):
        # Values of an ion, and of extracellular space, carry no name behind them.
        return name if self.is_ion() or self._name == "extracellular" else f"{name}_{self._name}"

    def __iter__(self):
        return iter([_RangeVar(self, name) for name in _about(self._name)])

    def __dir__(self):
        return list(object.__dir__(self)) + _about(self._name)

    def __repr__(self):
        return self._name

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        if name.startswith("_ref_"):
            return getattr(self._seg, "_ref_" + self._full(name[5:]))
        value = _ask("gget", self._seg.sec._at, repr(self._seg.x), self._full(name))
        if isinstance(value, list):
            return _Elements(("gset", self._seg.sec._at, repr(self._seg.x), self._full(name)), value)
        return value

    def __setattr__(self, name, value):
        if name.startswith("_ref_"):
            return _point((self._seg.sec._at, repr(self._seg.x)), self._full(name[5:]), value)
        _ask("gset", self._seg.sec._at, repr(self._seg.x), self._full(name), _number(value))
