

def _named(cell, told=None, depth=0):
    """Sections by the names that the cell has for them."""
    told = set() if told is None else told
    values = cell if isinstance(cell, dict) else vars(cell) if hasattr(cell, "__dict__") else {}
    if isinstance(cell, types.ModuleType):
        values = {key: one for key, one in values.items() if not key.startswith("_")}
    if isinstance(cell, (list, tuple)):
        values = {"section": cell}

    def row(name, one, at):
        if one._at not in told:
            told.add(one._at)
            yield ("called", one._at, name, at)

    for name, value in values.items():
        if isinstance(value, _Section):
            yield from row(str(name), value, "")
    # A short list says more of its sections than a long one.
    for name, value in sorted(values.items(), key=lambda one: len(one[1]) if isinstance(one[1], (list, tuple)) else 0):
        if isinstance(value, (list, tuple)):
            for at, one in enumerate(value):
                if isinstance(one, _Section):
                    yield from row(str(name), one, at)
        elif isinstance(value, dict):
            for key, one in value.items():
                if isinstance(one, _Section):
                    yield from row(str(key), one, "")
                elif isinstance(one, (list, tuple)):
                    for at, each in enumerate(one):
                        if isinstance(each, _Section):
                            yield from row(str(key), each, at)
        elif isinstance(value, _Object) and value._class() == "SectionList":
            yield ("group", f"o{value._at}", name)


def _held(cell):
    """What of the things that a class or function gives is the cell: itself, or the one that it wraps."""
    if isinstance(cell, (list, tuple)) and not any(isinstance(one, _Section) for one in cell):
        for one in cell:
            if isinstance(one, _Object) or any(True for _ in _named(one)):
                return one
    if isinstance(cell, _Object) or not hasattr(cell, "__dict__") or any(row[0] == "called" for row in _named(cell)):
        return cell
    for one in list(vars(cell).values()):
        if isinstance(one, _Object):
            if _ask("cell", f"o{one._at}"):
                return one
        elif hasattr(one, "__dict__") and not isinstance(one, (type, types.ModuleType)) and any(row[0] == "called" for row in _named(one)):
            return one
    return cell


def _value(text):
    return float(text[1:]) if text[0] == "n" and not text[1:].lstrip("-").isdigit() else int(text[1:]) if text[0] == "n" else text[1:]


def _executed(path, wanted):
    """The file as a module; as a part of its package where it asks for what lies beside it there."""
    import importlib
    import importlib.util

    name = os.path.splitext(os.path.basename(path))[0]
    spec = importlib.util.spec_from_file_location(name if wanted else "__main__", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    try:
        spec.loader.exec_module(module)
    except ImportError as error:
        if "relative import" not in str(error):
            raise
        folder, parts = os.path.dirname(path), [name]
        while os.path.exists(os.path.join(folder, "__init__.py")):
            folder, last = os.path.split(folder)
            parts.insert(0, last)
        sys.path.insert(0, folder)
        return importlib.import_module(".".join(parts))
    except SystemExit:
        pass
    except Exception as error:
        # What a file does with its cells once they are declared, or were run, is no part of them.
        if not hasattr(module, wanted) if wanted else not _ran:
            raise
        line = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == path]
        _ask("note", f"what stands behind line {line[0] if line else 1} of the file was left out: {type(error).__name__}: {error}")
    return module


def _main(path, wanted, given):
    _installed()
    path = os.path.abspath(path)
    folder = os.path.dirname(path)
    sys.path.insert(0, folder)
    root = folder
    while os.path.exists(os.path.join(root, "__init__.py")):
        root = os.path.dirname(root)
    sys.path.append(root)
    os.chdir(folder)
    _folder[0] = folder
    sys.argv = [path]
    sys.dont_write_bytecode = True
    module = _executed(path, wanted)
    if not wanted:
        return module
    if not hasattr(module, wanted):
        classes = [key for key, one in vars(module).items() if isinstance(one, (type, types.FunctionType)) and one.__module__ == module.__name__]
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
    made = getattr(module, wanted)(*plain, **named)
    return module if made is None else made


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
        _part = _held(_cell)
        if isinstance(_part, _Object):
            _send(("object", f"o{_part._at}"))
        else:
            for _row in list(_named(_part)):
                _send(_row)
        _send(("done",))
except BaseException as _error:
    _send(("failed", _told(_error)))
os._exit(0)
