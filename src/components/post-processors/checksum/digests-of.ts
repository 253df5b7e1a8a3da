import { createHash } from "node:crypto";
import type { Work } from "../../../sdk/component.ts";

export const CHECKSUM_TYPES: readonly string[] = ["md5", "sha1", "sha224", "sha256", "sha384", "sha512"];

/** Hexadecimal, by type. */
export type Digests = ReadonlyMap<string, string>;

/** Reads the file once, for all types. */
export async function digestsOf(path: string, types: readonly string[], work: Work): Promise<Digests> {
  const { files } = work.host;
  const hashes = types.map((type) => [type, createHash(type)] as const);
  const progress = work.progress(path, (await files.stat(path))?.size);
  let read = 0;
  try {
    for await (const chunk of files.reader(path)) {
      work.signal.throwIfAborted();
      for (const [, hash] of hashes) hash.update(chunk);
      read += chunk.length;
      progress.update(read);
    }
  } finally {
    progress.done();
  }
  return new Map(hashes.map(([type, hash]) => [type, hash.digest("hex")]));
}
