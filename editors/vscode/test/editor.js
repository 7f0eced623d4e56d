// The extension against a stand-in for the editor: it starts the real server and asks it as VS Code would. `node test/editor.js PROGRAM`.
"use strict";

const assert = require("assert");
const Module = require("module");

const program = process.argv[2];
const providers = {};
const events = {};
let wake;

class Box {
    constructor(...parts) {
        Object.assign(this, { parts });
    }
}
class Position {
    constructor(line, character) {
        Object.assign(this, { line, character });
    }
}
class Range {
    constructor(start, end) {
        Object.assign(this, { start, end });
    }
}
class Diagnostic {
    constructor(where, message, severity) {
        Object.assign(this, { range: where, message, severity });
    }
}
class CompletionItem {
    constructor(label, kind) {
        Object.assign(this, { label, kind });
    }
}
const told = new Map();
const event = (name) => (listener) => {
    events[name] = listener;
    return { dispose() {} };
};
const provider = (name) => (_, one) => {
    providers[name] = one;
    return { dispose() {} };
};

const document = (text, version) => ({
    languageId: "bouton",
    uri: { toString: () => "file:///nowhere/a.net" },
    version,
    getText: () => text,
});

const languages = new Proxy(
    { createDiagnosticCollection: () => ({ set: (uri, all) => (told.set(uri.text, all), wake && wake()), dispose() {} }) },
    { get: (own, name) => own[name] || provider(name) },
);
const vscode = {
    languages,
    Position,
    Range,
    Diagnostic,
    CompletionItem,
    DiagnosticSeverity: { Error: 0, Warning: 1 },
    CodeActionKind: { QuickFix: "quickfix" },
    InlayHintKind: { Type: 1 },
    Uri: { parse: (text) => ({ text }) },
    commands: { registerCommand: () => ({ dispose() {} }) },
    window: { showErrorMessage: (message) => assert.fail(message) },
    workspace: {
        textDocuments: [],
        getConfiguration: () => ({ get: () => program }),
        onDidOpenTextDocument: event("open"),
        onDidChangeTextDocument: event("change"),
        onDidSaveTextDocument: event("save"),
        onDidCloseTextDocument: event("close"),
    },
};
for (const name of ["Hover", "MarkdownString", "SnippetString", "Location", "DiagnosticRelatedInformation", "SemanticTokens", "SemanticTokensLegend",
    "DocumentHighlight", "TextEdit", "CodeAction", "WorkspaceEdit", "SignatureHelp", "DocumentSymbol", "FoldingRange", "InlayHint", "SymbolInformation"]) {
    vscode[name] = class extends Box {
        set(...all) {
            this.edits = all;
        }
    };
}

const load = Module._load;
Module._load = (name, ...rest) => (name === "vscode" ? vscode : load(name, ...rest));
const extension = require("../extension");

async function findings() {
    await new Promise((resolve) => (wake = resolve));
    return told.get("file:///nowhere/a.net");
}

async function main() {
    await extension.activate({ subscriptions: [] });
    const text = "mechanism leak { param g = 1 mS/cm2; current i = g * v }\ncell C { section soma { insert leek } }\n";
    const opened = document(text, 1);
    const first = findings();
    events.open(opened);
    const [found] = await first;
    assert.strictEqual(found.severity, 0);
    assert.match(found.message, /did you mean `leak`\?/);
    assert.match(found.code.value, /^E/);
    const fixes = await providers.registerCodeActionsProvider.provideCodeActions(opened, found.range);
    assert.strictEqual(fixes.length, 1);
    const mended = document(text.replace("leek", "leak"), 2);
    const second = findings();
    events.change({ document: mended, contentChanges: [{ range: found.range, text: "leak" }] });
    assert.deepStrictEqual(await second, []);
    const hover = await providers.registerHoverProvider.provideHover(mended, new Position(1, 33));
    assert.match(hover.parts[0].parts[0], /mechanism leak/);
    const items = await providers.registerCompletionItemProvider.provideCompletionItems(mended, new Position(1, 33));
    assert.ok(items.some((one) => one.label === "hh"));
    const symbols = await providers.registerDocumentSymbolProvider.provideDocumentSymbols(mended);
    assert.deepStrictEqual(symbols.map((one) => one.parts[0]), ["leak", "C"]);
    const tokens = await providers.registerDocumentSemanticTokensProvider.provideDocumentSemanticTokens(mended);
    assert.ok(tokens.parts[0].length > 50);
    await extension.deactivate();
    console.log("the extension gets diagnostics, fixes, hover, completion, symbols and colours");
}

main().catch((error) => {
    console.error(error);
    process.exit(1);
});
