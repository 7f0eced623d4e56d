// JSON-RPC over the pipes of a child process, as the Language Server Protocol frames it. Knows no editor.
"use strict";

const { spawn } = require("child_process");

class Connection {
    /** Starts a program that speaks the protocol. `onEnd` hears why it ended. */
    constructor(command, args, onEnd) {
        this.waiting = new Map();
        this.listeners = new Map();
        this.next = 0;
        this.buffer = Buffer.alloc(0);
        this.ended = false;
        this.process = spawn(command, args, { stdio: ["pipe", "pipe", "inherit"] });
        this.process.on("error", (error) => this.end(error.message, onEnd));
        this.process.on("exit", (status) => this.end(`it ended with status ${status}`, onEnd));
        // A pipe that breaks is told by the end of the process.
        this.process.stdin.on("error", () => {});
        this.process.stdout.on("data", (chunk) => this.take(chunk));
    }

    end(why, onEnd) {
        if (this.ended) return;
        this.ended = true;
        for (const { reject } of this.waiting.values()) reject(new Error(why));
        this.waiting.clear();
        if (onEnd) onEnd(why);
    }

    take(chunk) {
        this.buffer = Buffer.concat([this.buffer, chunk]);
        for (;;) {
            const border = this.buffer.indexOf("\r\n\r\n");
            if (border < 0) return;
            const header = /Content-Length: *(\d+)/i.exec(this.buffer.toString("latin1", 0, border));
            const start = border + 4;
            const length = header ? Number(header[1]) : 0;
            if (this.buffer.length < start + length) return;
            const text = this.buffer.toString("utf8", start, start + length);
            this.buffer = this.buffer.subarray(start + length);
            if (header) this.hear(JSON.parse(text));
        }
    }

    hear(message) {
        const asked = message.method === undefined && this.waiting.get(message.id);
        if (asked) {
            this.waiting.delete(message.id);
            if (message.error) asked.reject(new Error(message.error.message));
            else asked.resolve(message.result);
            return;
        }
        const listener = this.listeners.get(message.method);
        if (listener) listener(message.params);
    }

    send(message) {
        if (this.ended) return;
        const text = JSON.stringify({ jsonrpc: "2.0", ...message });
        this.process.stdin.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
    }

    /** Tells without waiting for anything. */
    notify(method, params) {
        this.send({ method, params });
    }

    /** Asks; the promise has the answer. */
    request(method, params) {
        if (this.ended) return Promise.reject(new Error("the server has ended"));
        const id = ++this.next;
        return new Promise((resolve, reject) => {
            this.waiting.set(id, { resolve, reject });
            this.send({ id, method, params });
        });
    }

    /** Calls `listener` with what the server tells under a name. */
    on(method, listener) {
        this.listeners.set(method, listener);
    }

    async close() {
        if (this.ended) return;
        await this.request("shutdown", null);
        this.notify("exit", null);
    }
}

module.exports = { Connection };
