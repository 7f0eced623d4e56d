"""How long an editor waits: keystrokes in a script of some 2,000 lines, and the answers after each.

    python3 latency.py --bouton target/release/bouton

Each keystroke changes the text, so that nothing is known of it; the wait for what is wrong with it and for one answer of each kind is measured over a pipe."""

import argparse
import importlib.util
import json
import pathlib
import random
import statistics
import subprocess
import time

KINDS = ["hover", "completion", "definition", "signatureHelp", "documentSymbol", "semanticTokens/full", "inlayHint"]


def script(lines):
    spec = importlib.util.spec_from_file_location("make", pathlib.Path(__file__).parent.parent / "check" / "make.py")
    make = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(make)
    rows = "".join(make.script()).split("\n")[:lines]
    # Ends where a block does.
    return "\n".join(rows[: len(rows) - rows[::-1].index("}")]) + "\n"


class Editor:
    def __init__(self, bouton):
        self.server = subprocess.Popen([bouton, "lsp"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.count = 0

    def send(self, message):
        text = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.server.stdin.write(b"Content-Length: %d\r\n\r\n" % len(text) + text)
        self.server.stdin.flush()

    def hear(self):
        length = 0
        while (line := self.server.stdout.readline().strip()):
            length = int(line.split(b":")[1])
        return json.loads(self.server.stdout.read(length))

    def ask(self, method, params):
        self.count += 1
        self.send({"id": self.count, "method": method, "params": params})
        while (heard := self.hear()).get("id") != self.count:
            pass
        return heard["result"]

    def told(self, version):
        while (heard := self.hear()).get("method") != "textDocument/publishDiagnostics" or heard["params"].get("version") != version:
            pass
        return heard["params"]["diagnostics"]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bouton", required=True)
    parser.add_argument("--lines", type=int, default=2000)
    parser.add_argument("--keys", type=int, default=300)
    args = parser.parse_args()
    text = script(args.lines)
    uri = "file:///long.net"
    editor = Editor(args.bouton)
    editor.ask("initialize", {"capabilities": {}})
    editor.send({"method": "initialized", "params": {}})
    editor.send({"method": "textDocument/didOpen", "params": {"textDocument": {"uri": uri, "languageId": "bouton", "version": 1, "text": text}}})
    print(f"{text.count(chr(10))} lines, {len(editor.told(1))} findings at first")
    random.seed(1)
    rows = text.split("\n")
    waits = {"diagnostics": []}
    for key in range(args.keys):
        line = random.randrange(len(rows))
        place = {"line": line, "character": random.randrange(len(rows[line]) + 1)}
        letter = random.choice("abcdefgh {}.(\n")
        change = {"range": {"start": place, "end": place}, "text": letter}
        where = {"textDocument": {"uri": uri}, "position": place, "range": {"start": place, "end": {"line": line + 60, "character": 0}}}
        back = {"range": {"start": place, "end": {"line": line + 1, "character": 0} if letter == "\n" else {"line": line, "character": place["character"] + 1}}, "text": ""}
        for round, asked in enumerate([None, KINDS[key % len(KINDS)]]):
            # Once for the diagnostics, once for an answer: each right after a change.
            version = 4 * key + 2 * round + 2
            start = time.perf_counter()
            editor.send({"method": "textDocument/didChange", "params": {"textDocument": {"uri": uri, "version": version}, "contentChanges": [change]}})
            if asked is None:
                editor.told(version)
            else:
                editor.ask(f"textDocument/{asked}", where)
            waits.setdefault(asked or "diagnostics", []).append(1000 * (time.perf_counter() - start))
            editor.send({"method": "textDocument/didChange", "params": {"textDocument": {"uri": uri, "version": version + 1}, "contentChanges": [back]}})
            # Nothing is under way when the next key comes.
            editor.told(version + 1)
    everything = sorted(wait for kind in waits.values() for wait in kind)
    for kind, all in [*waits.items(), ("all", everything)]:
        all = sorted(all)
        print(f"{kind:22} {len(all):4} x  median {statistics.median(all):6.1f} ms  99 % {all[int(0.99 * (len(all) - 1))]:6.1f} ms  most {all[-1]:6.1f} ms")
    editor.ask("shutdown", None)
    editor.send({"method": "exit"})


if __name__ == "__main__":
    main()
