// The editor's side of `bouton lsp`: what the server answers becomes what VS Code shows. No dependencies, so nothing is downloaded.
"use strict";

const vscode = require("vscode");
const { Connection } = require("./connection");

const LANGUAGE = { language: "bouton" };

let client;

class Client {
    constructor(path) {
        this.diagnostics = vscode.languages.createDiagnosticCollection("bouton");
        this.disposables = [this.diagnostics];
        this.connection = new Connection(path, ["lsp"], (why) => this.stopped(path, why));
        this.connection.on("textDocument/publishDiagnostics", (told) => this.told(told));
    }

    stopped(path, why) {
        if (this.closing) return;
        vscode.window.showErrorMessage(`Bouton: the language server \`${path} lsp\` does not run: ${why}. The setting \`bouton.path\` says where the program is.`);
    }

    async start() {
        const answer = await this.connection.request("initialize", { processId: process.pid, rootUri: null, capabilities: {} });
        this.connection.notify("initialized", {});
        const on = (event, act) => this.disposables.push(event((one) => act(one)));
        const isOurs = (document) => document.languageId === "bouton";
        on(vscode.workspace.onDidOpenTextDocument, (document) => isOurs(document) && this.opened(document));
        on(vscode.workspace.onDidChangeTextDocument, (event) => isOurs(event.document) && this.changed(event));
        on(vscode.workspace.onDidSaveTextDocument, (document) => this.connection.notify("textDocument/didSave", named(document)));
        on(vscode.workspace.onDidCloseTextDocument, (document) => isOurs(document) && this.connection.notify("textDocument/didClose", named(document)));
        vscode.workspace.textDocuments.filter(isOurs).forEach((document) => this.opened(document));
        this.provide(answer.capabilities);
    }

    opened(document) {
        const textDocument = { uri: document.uri.toString(), languageId: "bouton", version: document.version, text: document.getText() };
        this.connection.notify("textDocument/didOpen", { textDocument });
    }

    changed(event) {
        const textDocument = { uri: event.document.uri.toString(), version: event.document.version };
        const contentChanges = event.contentChanges.map((one) => ({ range: one.range, text: one.text }));
        this.connection.notify("textDocument/didChange", { textDocument, contentChanges });
    }

    told({ uri, diagnostics }) {
        const shown = diagnostics.map((one) => {
            const severity = one.severity === 1 ? vscode.DiagnosticSeverity.Error : vscode.DiagnosticSeverity.Warning;
            const found = new vscode.Diagnostic(range(one.range), one.message, severity);
            found.source = one.source;
            const page = one.codeDescription && one.codeDescription.href;
            found.code = page ? { value: one.code, target: vscode.Uri.parse(page) } : one.code;
            found.relatedInformation = one.relatedInformation.map((other) => new vscode.DiagnosticRelatedInformation(location(other.location), other.message));
            return found;
        });
        this.diagnostics.set(vscode.Uri.parse(uri), shown);
    }

    /** Asks about a place of a document. */
    at(method, document, position, more) {
        return this.connection.request(`textDocument/${method}`, { ...named(document), position, ...more });
    }

    of(method, document, more) {
        return this.connection.request(`textDocument/${method}`, { ...named(document), ...more });
    }

    provide(capabilities) {
        const { languages } = vscode;
        const add = (...disposables) => this.disposables.push(...disposables);
        const options = { tabSize: 4, insertSpaces: true };
        add(
            languages.registerHoverProvider(LANGUAGE, {
                provideHover: async (document, position) => {
                    const card = await this.at("hover", document, position);
                    return card && new vscode.Hover(new vscode.MarkdownString(card.contents.value), range(card.range));
                },
            }),
            languages.registerCompletionItemProvider(
                LANGUAGE,
                {
                    provideCompletionItems: async (document, position) => {
                        const found = await this.at("completion", document, position);
                        return found.items.map(completion);
                    },
                },
                ...capabilities.completionProvider.triggerCharacters,
            ),
            languages.registerSignatureHelpProvider(
                LANGUAGE,
                {
                    provideSignatureHelp: async (document, position) => {
                        const found = await this.at("signatureHelp", document, position);
                        return found && signature(found);
                    },
                },
                ...capabilities.signatureHelpProvider.triggerCharacters,
            ),
            languages.registerDefinitionProvider(LANGUAGE, {
                provideDefinition: async (document, position) => {
                    const place = await this.at("definition", document, position);
                    return place && location(place);
                },
            }),
            languages.registerReferenceProvider(LANGUAGE, {
                provideReferences: async (document, position, context) => {
                    const places = await this.at("references", document, position, { context });
                    return places.map(location);
                },
            }),
            languages.registerDocumentHighlightProvider(LANGUAGE, {
                provideDocumentHighlights: async (document, position) => {
                    const places = await this.at("documentHighlight", document, position);
                    return places.map((one) => new vscode.DocumentHighlight(range(one.range)));
                },
            }),
            languages.registerRenameProvider(LANGUAGE, {
                prepareRename: async (document, position) => {
                    const place = await this.at("prepareRename", document, position);
                    return { range: range(place.range), placeholder: place.placeholder };
                },
                provideRenameEdits: async (document, position, newName) => {
                    const edit = await this.at("rename", document, position, { newName });
                    return workspaceEdit(edit);
                },
            }),
            languages.registerDocumentSymbolProvider(LANGUAGE, {
                provideDocumentSymbols: async (document) => (await this.of("documentSymbol", document)).map(symbol),
            }),
            languages.registerWorkspaceSymbolProvider({
                provideWorkspaceSymbols: async (query) => {
                    const found = await this.connection.request("workspace/symbol", { query });
                    return found.map((one) => new vscode.SymbolInformation(one.name, one.kind - 1, "", location(one.location)));
                },
            }),
            languages.registerFoldingRangeProvider(LANGUAGE, {
                provideFoldingRanges: async (document) => {
                    const folds = await this.of("foldingRange", document);
                    return folds.map((one) => new vscode.FoldingRange(one.startLine, one.endLine));
                },
            }),
            languages.registerInlayHintsProvider(LANGUAGE, {
                provideInlayHints: async (document, part) => {
                    const hints = await this.of("inlayHint", document, { range: part });
                    return hints.map((one) => new vscode.InlayHint(place(one.position), one.label, vscode.InlayHintKind.Type));
                },
            }),
            languages.registerDocumentFormattingEditProvider(LANGUAGE, {
                provideDocumentFormattingEdits: async (document) => (await this.of("formatting", document, { options })).map(textEdit),
            }),
            languages.registerDocumentRangeFormattingEditProvider(LANGUAGE, {
                provideDocumentRangeFormattingEdits: async (document, part) =>
                    (await this.of("rangeFormatting", document, { range: part, options })).map(textEdit),
            }),
            languages.registerCodeActionsProvider(LANGUAGE, {
                provideCodeActions: async (document, part) => {
                    const fixes = await this.of("codeAction", document, { range: part, context: { diagnostics: [] } });
                    return fixes.map((one) => {
                        const action = new vscode.CodeAction(one.title, vscode.CodeActionKind.QuickFix);
                        action.edit = workspaceEdit(one.edit);
                        action.isPreferred = one.isPreferred;
                        return action;
                    });
                },
            }),
            languages.registerDocumentSemanticTokensProvider(
                LANGUAGE,
                {
                    provideDocumentSemanticTokens: async (document) => {
                        const { data } = await this.of("semanticTokens/full", document);
                        return new vscode.SemanticTokens(Uint32Array.from(data));
                    },
                },
                new vscode.SemanticTokensLegend(
                    capabilities.semanticTokensProvider.legend.tokenTypes,
                    capabilities.semanticTokensProvider.legend.tokenModifiers,
                ),
            ),
        );
    }

    async stop() {
        this.closing = true;
        this.disposables.forEach((one) => one.dispose());
        await this.connection.close();
    }
}

const named = (document) => ({ textDocument: { uri: document.uri.toString() } });
const place = (at) => new vscode.Position(at.line, at.character);
const range = (one) => new vscode.Range(place(one.start), place(one.end));
const location = (one) => new vscode.Location(vscode.Uri.parse(one.uri), range(one.range));
const textEdit = (one) => new vscode.TextEdit(range(one.range), one.newText);

// The protocol counts kinds from 1, the editor from 0.
function completion(one) {
    const item = new vscode.CompletionItem(one.label, one.kind - 1);
    item.detail = one.detail;
    item.sortText = one.sortText;
    item.range = range(one.textEdit.range);
    item.insertText = one.insertTextFormat === 2 ? new vscode.SnippetString(one.textEdit.newText) : one.textEdit.newText;
    return item;
}

function signature(found) {
    const help = new vscode.SignatureHelp();
    help.signatures = found.signatures.map((one) => {
        const shown = new vscode.SignatureInformation(one.label, one.documentation);
        shown.parameters = one.parameters.map((parameter) => new vscode.ParameterInformation(parameter.label));
        return shown;
    });
    help.activeSignature = found.activeSignature;
    help.activeParameter = found.activeParameter;
    return help;
}

function symbol(one) {
    const shown = new vscode.DocumentSymbol(one.name, one.detail, one.kind - 1, range(one.range), range(one.selectionRange));
    shown.children = one.children.map(symbol);
    return shown;
}

function workspaceEdit({ changes }) {
    const edit = new vscode.WorkspaceEdit();
    for (const [uri, edits] of Object.entries(changes)) edit.set(vscode.Uri.parse(uri), edits.map(textEdit));
    return edit;
}

const program = () => vscode.workspace.getConfiguration("bouton").get("path") || "bouton";

async function start() {
    client = new Client(program());
    try {
        await client.start();
    } catch {
        // Why it does not run was told when it ended.
    }
}

async function run() {
    const editor = vscode.window.activeTextEditor;
    if (!editor || editor.document.languageId !== "bouton") return;
    await editor.document.save();
    const terminal = vscode.window.terminals.find((one) => one.name === "Bouton") || vscode.window.createTerminal("Bouton");
    const quoted = (text) => `"${text.replace(/(["\\$`])/g, "\\$1")}"`;
    terminal.show(true);
    terminal.sendText(`${quoted(program())} run ${quoted(editor.document.fileName)}`);
}

async function activate(context) {
    context.subscriptions.push(vscode.commands.registerCommand("bouton.run", run));
    context.subscriptions.push(
        vscode.commands.registerCommand("bouton.restart", async () => {
            await deactivate();
            await start();
        }),
    );
    await start();
}

async function deactivate() {
    if (client) await client.stop().catch(() => {});
    client = undefined;
}

module.exports = { activate, deactivate };
