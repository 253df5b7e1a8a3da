import { createHash } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { extname } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Files } from "../../sdk/host.ts";
import { byteRange } from "./byte-range.ts";
import { pathInside } from "./path-inside.ts";
import type { Content } from "./serve-content.ts";

/** Answers one request, and gives a line about it. */
export async function answerRequest(
  files: Files,
  content: Content,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<string> {
  const { method = "GET", url = "/" } = request;
  const told = (status: number, what: string): string => `${method} ${url}: ${status}, ${what}`;
  const refuse = (status: number, text: string): string => {
    response.writeHead(status, { "content-type": "text/plain; charset=utf-8" }).end(`${text}\n`);
    return told(status, text);
  };
  if (method !== "GET" && method !== "HEAD") return refuse(405, "only GET and HEAD are served");
  const path = decodedPath(url);
  if (path === undefined) return refuse(400, "this is no path");
  const answer = "folder" in content ? await fromFolder(files, content.folder, path) : fromTexts(content.texts, path);
  if (answer === undefined) return refuse(404, "not found");
  if ("redirect" in answer) {
    response.writeHead(301, { location: answer.redirect }).end();
    return told(301, answer.redirect);
  }
  return await send(request, response, answer, told);
}

interface Body {
  readonly type: string;
  readonly size: number;
  readonly tag: string;
  readonly modified?: Date;
  /** From the first to the last byte, both counted. */
  bytes(first: number, last: number): Readable;
}

async function send(
  { method, headers }: IncomingMessage,
  response: ServerResponse,
  body: Body,
  told: (status: number, what: string) => string,
): Promise<string> {
  const about = {
    "content-type": body.type,
    "accept-ranges": "bytes",
    etag: body.tag,
    ...(body.modified && { "last-modified": body.modified.toUTCString() }),
  };
  const unchanged = [undefined, body.tag, body.modified?.toUTCString()].includes(headers["if-range"] as string);
  const range = unchanged ? byteRange(headers.range, body.size) : undefined;
  if (range === "none") {
    response.writeHead(416, { ...about, "content-range": `bytes */${body.size}` }).end();
    return told(416, `it has ${body.size} bytes`);
  }
  const { first, last } = range ?? { first: 0, last: body.size - 1 };
  const length = last - first + 1;
  const status = range ? 206 : 200;
  const part = range ? { "content-range": `bytes ${first}-${last}/${body.size}` } : {};
  response.writeHead(status, { ...about, ...part, "content-length": length });
  if (method === "HEAD" || length === 0) response.end();
  else await pipeline(body.bytes(first, last), response);
  return told(status, `${length} bytes`);
}

async function fromFolder(
  files: Files,
  folder: string,
  path: string,
): Promise<Body | { readonly redirect: string } | undefined> {
  const found = await pathInside(files, folder, path);
  if (found?.stat.kind === "file") {
    // As a file, `x/` is not `x`.
    if (path.endsWith("/")) return undefined;
    return fileBody(files, found.path, found.stat.size, found.stat.modified);
  }
  if (found?.stat.kind !== "folder") return undefined;
  if (!path.endsWith("/")) return { redirect: `${encodeURIComponent(path.split("/").at(-1) ?? "")}/` };
  const index = await pathInside(files, folder, `${path}index.html`);
  if (index?.stat.kind === "file") return fileBody(files, index.path, index.stat.size, index.stat.modified);
  return textBody(await listing(files, found.path), "text/html; charset=utf-8");
}

function fromTexts(texts: Readonly<Record<string, string>>, path: string): Body | undefined {
  const key = Object.keys(texts).find((name) => name.replace(/^\/*/, "/") === path);
  return key === undefined ? undefined : textBody(texts[key] ?? "", typeOf(path));
}

function fileBody(files: Files, path: string, size: number, modified: Date): Body {
  return {
    type: typeOf(path),
    size,
    modified,
    tag: `"${size.toString(16)}-${modified.getTime().toString(16)}"`,
    bytes: (first, last) => Readable.from(between(files.reader(path), first, last)),
  };
}

/** Closes the source as soon as the last byte was handed on. */
async function* between(source: Readable, first: number, last: number): AsyncGenerator<Buffer> {
  let at = 0;
  for await (const chunk of source as AsyncIterable<Buffer>) {
    const part = chunk.subarray(Math.max(0, first - at), Math.max(0, last + 1 - at));
    at += chunk.length;
    if (part.length > 0) yield part;
    if (at > last) return;
  }
}

function textBody(text: string, type: string): Body {
  const bytes = Buffer.from(text, "utf8");
  const tag = `"${createHash("sha256").update(bytes).digest("hex").slice(0, 16)}"`;
  return { type, size: bytes.length, tag, bytes: (first, last) => Readable.from([bytes.subarray(first, last + 1)]) };
}

async function listing(files: Files, path: string): Promise<string> {
  const names = await files.list(path);
  const lines = await Promise.all(
    names.map(async (name) => {
      const shown = (await files.stat(files.resolve(path, name)))?.kind === "folder" ? `${name}/` : name;
      return `<a href="./${encodeURI(shown).replaceAll(/[?#]/g, encodeURIComponent)}">${escaped(shown)}</a>\n`;
    }),
  );
  return `<!doctype html>\n<pre>\n${lines.join("")}</pre>\n`;
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

function decodedPath(url: string): string | undefined {
  try {
    const path = decodeURIComponent(url.replace(/[?#].*$/s, ""));
    return path.startsWith("/") && !path.includes("\0") ? path : undefined;
  } catch {
    return undefined;
  }
}

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".json": "application/json",
  ".xml": "text/xml; charset=utf-8",
  ".yaml": "application/yaml",
  ".yml": "application/yaml",
};

const TEXT = new Set(["", ".txt", ".cfg", ".conf", ".ks", ".sh", ".preseed", ".seed", ".ps1", ".toml", ".ign"]);

function typeOf(path: string): string {
  const extension = extname(path).toLowerCase();
  return types[extension] ?? (TEXT.has(extension) ? "text/plain; charset=utf-8" : "application/octet-stream");
}
