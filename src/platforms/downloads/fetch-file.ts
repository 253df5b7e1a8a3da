import type { Work } from "../../sdk/component.ts";
import { Failure } from "../../sdk/failure.ts";
import type { HttpResponse } from "../../sdk/host.ts";
import { shownSource } from "./source.ts";

export type Downloading = Pick<Work, "host" | "signal" | "warn" | "progress">;

/** Milliseconds without a byte, after which a connection counts as dead. */
const SILENCE = 60_000;
/** Bytes that are written at a time. */
const BLOCK = 4 * 1024 * 1024;
/** How often in a row a server may be asked again without having brought a single byte. */
const FRUITLESS = 3;

/** What a server says a file is, so that the rest of the same file can be asked for later. */
interface Partial {
  readonly url: string;
  readonly validator: string | undefined;
}

/**
 * Downloads into `path`. What was cut off goes on where it ended, in this process or the next one, as long as the server
 * says that the file is still the same. Ends with a Failure when the server brings nothing more.
 */
export async function fetchFile(url: string, path: string, work: Downloading): Promise<void> {
  const { host, signal } = work;
  const progress = work.progress(`Downloading ${shownSource(url)}`);
  try {
    for (let fruitless = 0; ; ) {
      const before = await sizeOf(work, path);
      try {
        return await fetchRest(url, path, work, (current, total) => progress.update(current, total));
      } catch (fault) {
        signal.throwIfAborted();
        if (!(fault instanceof Failure) || fault.permanent) throw fault;
        fruitless = (await sizeOf(work, path)) > before ? 0 : fruitless + 1;
        if (fruitless >= FRUITLESS) throw fault;
        work.warn(`${fault.message}. Going on with what is missing...`);
        await host.sleep(250 * 4 ** fruitless, signal);
      }
    }
  } finally {
    progress.done();
  }
}

async function fetchRest(
  url: string,
  path: string,
  work: Downloading,
  onProgress: (current: number, total: number | undefined) => void,
): Promise<void> {
  const { host, signal } = work;
  const start = await resumable(work, path, url);
  const silence = new AbortController();
  const both = AbortSignal.any([signal, silence.signal]);
  const headers = start ? { range: `bytes=${start.size}-`, "if-range": start.validator } : {};
  const response = await host.http.request({ url, headers: { ...headers, "accept-encoding": "identity" } }, both);
  const goesOn = start !== undefined && continues(response, start.size);
  if (!goesOn) await begin(response, work, path, url);
  let current = goesOn ? start.size : 0;
  const total = lengthOf(response, current);
  onProgress(current, total);
  const watch = deadline(() => silence.abort(new Failure(`${shownSource(url)} sent nothing for ${SILENCE / 1000} s`)));
  try {
    for await (const block of blocks(response, url, () => watch.renew())) {
      await host.files.append(path, block);
      current += block.length;
      onProgress(current, total);
    }
  } finally {
    watch.stop();
    response.body.destroy();
  }
  if (total !== undefined && current < total) {
    throw new Failure(`${shownSource(url)} was cut off after ${current} of ${total} bytes`);
  }
}

/** Faults of the connection are the server's and may be mended by asking again; those of the disk are not. */
async function* blocks(response: HttpResponse, url: string, onBytes: () => void): AsyncGenerator<Buffer> {
  let parts: Buffer[] = [];
  let length = 0;
  let fault: unknown;
  try {
    for await (const chunk of response.body as AsyncIterable<Buffer>) {
      onBytes();
      parts.push(chunk);
      length += chunk.length;
      if (length < BLOCK) continue;
      yield Buffer.concat(parts);
      parts = [];
      length = 0;
    }
  } catch (error) {
    fault = error;
  }
  // What came before the cut is kept.
  if (length > 0) yield Buffer.concat(parts);
  if (fault) throw new Failure(`The connection to ${shownSource(url)} was lost`, { cause: fault });
}

/** A new file: what was there is dropped, and who it came from is noted. */
async function begin(response: HttpResponse, { host }: Downloading, path: string, url: string): Promise<void> {
  if (response.status !== 200) {
    response.body.destroy();
    throw new Failure(`${shownSource(url)} answered ${response.status} ${response.statusText}`.trim(), {
      // A server in trouble may recover.
      permanent: response.status < 500 && response.status !== 429 && response.status !== 416,
    });
  }
  await host.files.remove(path);
  await host.files.write(path, "");
  const note: Partial = { url, validator: validatorOf(response) };
  await host.files.write(`${path}.json`, JSON.stringify(note));
}

/** What is there of this very file. A weak validator does not do for ranges (RFC 9110, 13.1.5). */
async function resumable(
  { host }: Downloading,
  path: string,
  url: string,
): Promise<{ readonly size: number; readonly validator: string } | undefined> {
  const size = (await host.files.stat(path))?.size ?? 0;
  if (size === 0 || !(await host.files.exists(`${path}.json`))) return undefined;
  const note = parsed(await host.files.readText(`${path}.json`));
  return note?.url === url && typeof note.validator === "string" ? { size, validator: note.validator } : undefined;
}

function parsed(text: string): { readonly url?: unknown; readonly validator?: unknown } | undefined {
  try {
    return JSON.parse(text) as { readonly url?: unknown; readonly validator?: unknown };
  } catch {
    return undefined;
  }
}

function validatorOf({ headers }: HttpResponse): string | undefined {
  const { etag, "last-modified": modified } = headers;
  if (typeof etag === "string" && !etag.startsWith("W/")) return etag;
  return typeof modified === "string" ? modified : undefined;
}

function continues({ status, headers }: HttpResponse, from: number): boolean {
  return status === 206 && String(headers["content-range"] ?? "").startsWith(`bytes ${from}-`);
}

function lengthOf({ headers }: HttpResponse, before: number): number | undefined {
  const length = headers["content-length"];
  return typeof length === "string" ? before + Number(length) : undefined;
}

async function sizeOf({ host }: Downloading, path: string): Promise<number> {
  return (await host.files.stat(path))?.size ?? 0;
}

function deadline(onSilence: () => void): { renew(): void; stop(): void } {
  let timer = setTimeout(onSilence, SILENCE);
  return {
    renew() {
      clearTimeout(timer);
      timer = setTimeout(onSilence, SILENCE);
    },
    stop: () => clearTimeout(timer),
  };
}
