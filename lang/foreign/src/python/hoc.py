

class _H:
    Section = _Section
    ParallelContext = _ParallelContext

    def __getattribute__(self, name):
        # Some ask `h.__getattribute__(name)` by its name.
        try:
            return object.__getattribute__(self, name)
        except AttributeError:
            return _H.__getattr__(self, name)

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        if name.startswith("_ref_"):
            return _Ref(f"h{name[5:]}")
        value = _ask("get", "", name)
        if value is _CALL:
            return _Maker(name)
        return _Items("", name, value) if isinstance(value, list) else value

    def __setattr__(self, name, value):
        _ask("set", "", name, _write(value))

    def __call__(self, text):
        _stand()
        _ask("hoc", text)
        return True

    def ref(self, value):
        return _Ref("", value)

    def allsec(self):
        return iter(_ask("all"))

    def cas(self):
        return _ask("cas")

    def secname(self, sec=None):
        sec = sec or self.cas()
        return f"_pysec.{sec}" if sec.is_pysec() else sec.name()

    def getcwd(self):
        return os.getcwd() + "/"

    def chdir(self, folder):
        os.chdir(folder)
        return 0.0

    def setpointer(self, target, name, of):
        setattr(of, "_ref_" + name, target)

    def nrn_load_dll(self, *given):
        return 1.0

    def nrnversion(self, *_):
        return "NEURON -- VERSION 9.0"

    def parent(self, sec=None):
        return (sec or self.cas()).parentseg().sec

    def quit(self, *_):
        sys.exit(0)


h = _H()
