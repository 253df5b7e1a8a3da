import { createHash } from "node:crypto";
import { extname, join } from "node:path";
import { Failure } from "../../sdk/failure.ts";
import { type Checksum, type ChecksumSource, digestOf, findInList, mismatch } from "./checksum.ts";
import { type Downloading, fetchFile } from "./fetch-file.ts";
import { type Source, shownSource, sourceOf } from "./source.ts";

export interface FileWanted {
  /** Mirrors of the same file, tried in turn. */
  readonly urls: readonly string[];
  readonly checksum: ChecksumSource;
}

export interface ObtainedFile {
  /** Absolute: in the cache, or where it lies on this machine. Nobody may write to it. */
  readonly path: string;
  /** The source that it came from. */
  readonly url: string;
  /** What it was held against; undefined: nothing. */
  readonly checksum: Checksum | undefined;
}

type Obtaining = Downloading & { say(text: string): void };

/**
 * The file, checked: from the cache, from this machine, or downloaded. The cache is shared by all runs; who needs a file
 * that another run is downloading waits for that, and what was cut off goes on. What fails the check is not kept.
 */
export async function obtainFile({ urls, checksum }: FileWanted, work: Obtaining): Promise<ObtainedFile> {
  const faults: Failure[] = [];
  for (const url of urls) {
    try {
      const source = sourceOf(url);
      const wanted = await checksumFor(source, checksum, work);
      const path = source.kind === "file" ? await local(source.path, wanted, work) : await cached(source, wanted, work);
      return { path, url, checksum: wanted };
    } catch (fault) {
      work.signal.throwIfAborted();
      if (!(fault instanceof Failure)) throw fault;
      faults.push(fault);
      if (faults.length < urls.length) work.warn(`${fault.message}. Trying the next source...`);
    }
  }
  const [first] = faults;
  if (first === undefined) throw new Failure("There is no source to get the file from");
  if (faults.length === 1) throw first;
  throw new Failure(
    `None of ${faults.length} sources gave the file:\n${faults.map(({ message }) => `- ${message}`).join("\n")}`,
    {
      cause: first,
      hint: first.hint,
    },
  );
}

async function local(path: string, wanted: Checksum | undefined, { host, signal }: Obtaining): Promise<string> {
  const place = host.files.resolve(path);
  if ((await host.files.stat(place))?.kind !== "file") throw new Failure(`There is no file ${path}`);
  if (wanted) await check(place, path, wanted, { host, signal });
  return place;
}

async function cached(
  source: Extract<Source, { kind: "http" }>,
  wanted: Checksum | undefined,
  work: Obtaining,
): Promise<string> {
  const { host, signal } = work;
  const key = wanted
    ? `${wanted.algorithm}-${wanted.value}`
    : `url-${createHash("sha256").update(source.url).digest("hex")}`;
  const path = join(host.cacheFolder, `ingot-${key}${safeExtension(source.path)}`);
  await host.files.makeFolder(host.cacheFolder);
  return await host.files.withLock(`${path}.lock`, signal, async () => {
    // Without a checksum nobody knows whether the source still has the same: it is downloaded anew.
    if (wanted && (await host.files.exists(path))) {
      if ((await digestOf(host.files, path, wanted.algorithm, signal)) === wanted.value) {
        work.say(`Using ${path}, downloaded before`);
        return path;
      }
      work.warn(`${path} was altered since it was downloaded: downloading it again`);
      await host.files.remove(path);
    }
    const partial = `${path}.part`;
    await fetchFile(source.url, partial, work);
    try {
      if (wanted) await check(partial, shownSource(source.url), wanted, work);
    } catch (fault) {
      await host.files.remove(partial);
      throw fault;
    } finally {
      await host.files.remove(`${partial}.json`);
    }
    await host.files.rename(partial, path);
    return path;
  });
}

async function check(
  path: string,
  what: string,
  wanted: Checksum,
  { host, signal }: Pick<Obtaining, "host" | "signal">,
): Promise<void> {
  const got = await digestOf(host.files, path, wanted.algorithm, signal);
  if (got !== wanted.value) throw mismatch(what, wanted, got);
}

/** A list is small; what is longer is something else. */
const LONGEST_LIST = 16 * 1024 * 1024;

async function checksumFor(
  source: Source,
  checksum: ChecksumSource,
  { host, signal }: Obtaining,
): Promise<Checksum | undefined> {
  if (checksum === "none") return undefined;
  if ("value" in checksum) return checksum;
  const list = sourceOf(checksum.listedIn);
  let text: string;
  if (list.kind === "file") text = await host.files.readText(list.path);
  else {
    const response = await host.http.request({ url: list.url }, signal);
    if (response.status !== 200)
      throw new Failure(`${shownSource(list.url)} answered ${response.status} ${response.statusText}`);
    text = await response.text(LONGEST_LIST);
  }
  const found = findInList(text, source.path.replaceAll("\\", "/"), list.path);
  if (!found)
    throw new Failure(`${shownSource(checksum.listedIn)} lists no checksum for ${source.path}`, { permanent: true });
  return found;
}

/** Installers look at the ending; anything odd in a URL must not become part of a path. */
function safeExtension(path: string): string {
  return /^\.[a-z0-9]{1,10}$/i.exec(extname(path))?.[0] ?? "";
}
