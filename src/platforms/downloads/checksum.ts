import { createHash } from "node:crypto";
import { Failure } from "../../sdk/failure.ts";
import type { Files } from "../../sdk/host.ts";

export type Algorithm = "md5" | "sha1" | "sha256" | "sha384" | "sha512";

export interface Checksum {
  readonly algorithm: Algorithm;
  /** In lower-case hex. */
  readonly value: string;
}

/** How a template says it (`iso_checksum`): a digest, a file that lists digests, or that nobody checks. */
export type ChecksumSource = Checksum | { readonly listedIn: string } | "none";

const lengths: Readonly<Record<Algorithm, number>> = { md5: 32, sha1: 40, sha256: 64, sha384: 96, sha512: 128 };

/** "sha256:…", a bare digest (told by its length), "file:URL or path", "none". undefined: it is none of them. */
export function parseChecksum(text: string): ChecksumSource | undefined {
  const trimmed = text.trim();
  if (trimmed === "none") return "none";
  if (/^file:/i.test(trimmed)) return trimmed.length > 5 ? { listedIn: trimmed.slice(5) } : undefined;
  const [, name = "", digest = ""] = /^(?:(\w+):)?([0-9a-f]+)$/i.exec(trimmed) ?? [];
  return checksumOf(digest, name === "" ? undefined : name);
}

/**
 * The digest of a file in a list as sha256sum (`HEX  name`, `HEX *name`), BSD (`SHA256 (name) = HEX`) or a lone digest
 * write it. `path` is what the list may call it: the last parts of its URL. The longest name that fits wins.
 */
export function findInList(list: string, path: string, listName: string): Checksum | undefined {
  const kind = /md5|sha(?:1|256|384|512)/i.exec(listName)?.[0];
  const found: { readonly name: string; readonly checksum: Checksum }[] = [];
  for (const line of list.split(/\r?\n/)) {
    const [, algorithm, bsdName, bsdDigest] = /^(\w+) \((.+)\) = ([0-9a-f]+)$/i.exec(line) ?? [];
    const [, digest, gnuName] = /^([0-9a-f]{32,128})(?:\s+\*?(.+?))?\s*$/i.exec(line) ?? [];
    const checksum = checksumOf(bsdDigest ?? digest ?? "", algorithm ?? undefined) ?? checksumOf(digest ?? "", kind);
    const name = (bsdName ?? gnuName ?? "").replace(/^(?:\.\/)+/, "");
    if (checksum && (name === "" || path === name || path.endsWith(`/${name}`))) found.push({ name, checksum });
  }
  return found.sort((one, other) => other.name.length - one.name.length)[0]?.checksum;
}

/** Of a file as it lies there. */
export async function digestOf(files: Files, path: string, algorithm: Algorithm, signal: AbortSignal): Promise<string> {
  const hash = createHash(algorithm);
  for await (const chunk of files.reader(path)) {
    signal.throwIfAborted();
    hash.update(chunk as Buffer);
  }
  return hash.digest("hex");
}

export function mismatch(what: string, { algorithm, value }: Checksum, got: string): Failure {
  return new Failure(`${what} is not what the template asks for: its ${algorithm} is ${got}, wanted is ${value}`, {
    hint: "The file was changed at its source, or cut off or altered on its way. Compare with the checksum that its maker publishes.",
    permanent: true,
  });
}

function checksumOf(digest: string, name: string | undefined): Checksum | undefined {
  const value = digest.toLowerCase();
  const fits = (Object.keys(lengths) as Algorithm[]).find((algorithm) => lengths[algorithm] === value.length);
  if (fits === undefined || (name !== undefined && name.toLowerCase() !== fits)) return undefined;
  return { algorithm: fits, value };
}
