

class _Nothing:
    """Of a module of pictures: whatever is done with it leaves nothing."""

    def __call__(self, *given, **named):
        return _Nothing()

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return _Nothing()

    def __iter__(self):
        return iter(())

    def __len__(self):
        return 0

    def __getitem__(self, at):
        return _Nothing()

    def __setitem__(self, at, value):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return False


class _Alone:
    """The communicator of one process."""

    rank, size = 0, 1

    def Get_rank(self):
        return 0

    def Get_size(self):
        return 1

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        if "gather" in name:
            return lambda value=None, *_, **__: [value]
        if name == "scatter":
            return lambda values, *_, **__: values[0]
        return lambda value=None, *_, **__: value


class _Dummy(types.ModuleType):
    """A module of pictures or of parallel machines, of which a cell needs nothing."""

    __path__ = []

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        if name in ("COMM_WORLD", "COMM_SELF"):
            return _Alone()
        if name in ("tqdm", "trange"):
            return lambda values, *_, **__: range(values) if isinstance(values, int) else values
        if name == "MPI":
            return self
        return _Nothing()


class _Missing:
    """Finds dummies for what is not installed."""

    names = ("matplotlib", "pylab", "mpi4py", "IPython", "plotly", "bokeh", "seaborn", "tqdm", "mpl_toolkits", "pyvista", "ipywidgets", "PyQt5")

    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in self.names:
            from importlib.machinery import ModuleSpec

            return ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec):
        return _Dummy(spec.name)

    def exec_module(self, module):
        pass


class _Refused(types.ModuleType):
    """A part of NEURON that is not there: it may be imported, and not used."""

    def __init__(self, name, what):
        super().__init__(name)
        object.__setattr__(self, "_what", what)

    __path__ = []

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        raise NotImplementedError(f"{self.__name__}.{name}: {self._what} is not there; a cell is read without it where the file does without")


_UNITS = {
    "ms": 1.0, "us": 1e-3, "μs": 1e-3, "µs": 1e-3, "s": 1e3, "sec": 1e3, "minute": 6e4, "hour": 3.6e6, "day": 8.64e7,
    "mV": 1.0, "V": 1e3, "uV": 1e-3, "μV": 1e-3, "µV": 1e-3, "um": 1.0, "μm": 1.0, "µm": 1.0, "nm": 1e-3, "mm": 1e3, "cm": 1e4, "m": 1e6,
    "mM": 1.0, "M": 1e3, "uM": 1e-3, "μM": 1e-3, "µM": 1e-3, "nM": 1e-6,
}  # fmt: skip


def _installed():
    package = types.ModuleType("neuron")
    package.__path__ = []
    package.h = package.n = h
    package.hclass = package.hclass3 = hclass
    package.hoc = types.ModuleType("neuron.hoc")
    package.hoc.HocObject = _Object
    package.hoc.HocClass = _Maker
    package.nrn = types.ModuleType("neuron.nrn")
    package.nrn.Section, package.nrn.Segment, package.nrn.Mechanism = _Section, _Segment, _Mechanism
    package.nrn.RangeVar = _RangeVar
    package.gui = package.gui2 = types.ModuleType("neuron.gui")
    package.units = types.ModuleType("neuron.units")
    vars(package.units).update(_UNITS)
    package.rxd = _Refused("neuron.rxd", "reaction and diffusion (rxd)")
    package.crxd = _Refused("neuron.crxd", "reaction and diffusion (rxd)")
    package.coreneuron = _Dummy("neuron.coreneuron")
    package.load_mechanisms = lambda *given, **named: True
    package.init = lambda: h.finitialize()
    package.run = lambda tstop=5: h.continuerun(tstop)
    package.psection = lambda section: section.psection()
    package.nrn_dll_loaded, package.nrn_path = [], ""
    package.test = package.test_rxd = lambda *_: 0
    package.__version__ = package.version = "9.0"
    for name in ("hoc", "nrn", "gui", "units", "rxd", "crxd", "coreneuron"):
        sys.modules[f"neuron.{name}"] = getattr(package, name)
    sys.modules["neuron.gui2"] = package.gui
    sys.modules["neuron"] = package
    sys.modules["nrn"] = package.nrn
    sys.modules["hoc"] = package.hoc
    sys.meta_path.append(_Missing())
