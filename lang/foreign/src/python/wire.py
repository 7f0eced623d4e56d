"""What stands for the package `neuron` while a file of Python is imported: everything is asked of Bouton, over a pipe."""
import math
import os
import sys
import traceback
import types
import weakref

_out = os.fdopen(os.dup(1), "w", encoding="utf-8", newline="\n")
_in = os.fdopen(os.dup(0), "r", encoding="utf-8", newline="\n")
os.dup2(2, 1)  # what the file prints is no answer
_freed = []
_ran = []  # what was asked to run
_folder = [""]


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


class _Unknown(AttributeError, LookupError):
    """There is no such name at all, in contrast to one that is not here."""


_Unknown.__name__ = _Unknown.__qualname__ = "AttributeError"


def _ask_all(*fields):
    """Every answer to a question."""
    while _freed:
        _send(("free", _freed.pop()))
    answer = _send(fields)
    if answer[0] == "none":
        raise _Unknown(answer[1])
    if answer[0] == "absent":
        raise AttributeError(answer[1])
    if answer[0] != "ok":
        raise RuntimeError(answer[1] if len(answer) > 1 else "Bouton has gone")
    return [_read(one) for one in answer[1:]]


def _ask(*fields):
    values = _ask_all(*fields)
    return values[0] if len(values) == 1 else values


def _stand():
    """Files are looked for where Python stands, too."""
    now = os.getcwd()
    if now != _folder[0]:
        _folder[0] = now
        _send(("folder", now))


def _number(value):
    return repr(float(value))


def _write(value):
    if value is None:
        return "z"
    if isinstance(value, (_Section, _Segment, _Object, _Ref)):
        return value._wire()
    if isinstance(value, str):
        return "t" + value
    if isinstance(value, bytes):
        return "t" + value.decode()
    if hasattr(value, "__float__"):
        return "n" + repr(float(value))
    if isinstance(value, _RangeVar):
        return "n" + repr(value[0])
    if callable(value):
        # Of a run: it is never called while a file is imported.
        return "z"
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


def _point(of, name, to):
    """A pointer of a mechanism that somebody sets: of an object, or of a segment (its section, its place)."""
    if not isinstance(to, _Ref):
        raise TypeError(f"{name} takes a reference, such as soma(0.5)._ref_v")
    _ask("point", *of, name, to._wire())


class _Ref:
    """`_ref_v` and its like, and h.ref(x), which a call may write into."""

    def __init__(self, wire, value=None, of=None):
        self._text, self._value, self._of = wire, value, of

    def _wire(self):
        if self._text:
            return self._text
        return "r" + _write(self._value)

    def __getitem__(self, at):
        # An element of a Vector, by reference.
        return _Ref(f"{self._text}[{int(at)}]", of=self._of) if self._text.endswith(":x") else self._value

    def __setitem__(self, _, value):
        self._value = value

    def __repr__(self):
        return f"<hoc ref value {self._value}>"
