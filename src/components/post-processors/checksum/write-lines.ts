import type { PostProcessing } from "../../../sdk/component.ts";

/** "HEX<TAB>NAME". */
export interface ChecksumLine {
  readonly digest: string;
  readonly name: string;
}

/** What this run wrote into a file, by run and path: builds of one run may share a file, and files a name. */
const writtenByRun = new Map<string, Set<string>>();

/**
 * Adds the lines to a file. Those of the same name and kind take the place of older ones, of an earlier run; others
 * stay.
 */
export async function writeLines(path: string, lines: readonly ChecksumLine[], work: PostProcessing): Promise<void> {
  const { files } = work.host;
  await files.withLock(`${path}.lock`, work.signal, async () => {
    const old = (await files.exists(path)) ? (await files.readText(path)).split("\n") : [];
    const mine = writtenOf(work.facts.runId, files.resolve(path));
    const replaced = new Set(lines.map(kindOf));
    const kept = old.filter((text) => text !== "" && (mine.has(text) || !replaced.has(kindOf(parse(text)))));
    const added = lines.map(({ digest, name }) => `${digest}\t${name}`).filter((text) => !kept.includes(text));
    for (const text of added) mine.add(text);
    await files.write(path, [...kept, ...added].map((text) => `${text}\n`).join(""));
  });
}

function writtenOf(runId: string, path: string): Set<string> {
  const key = `${runId}\0${path}`;
  const written = writtenByRun.get(key) ?? new Set();
  writtenByRun.set(key, written);
  return written;
}

/** Checksums of one length are of one kind. */
function kindOf({ digest, name }: ChecksumLine): string {
  return `${digest.length}\t${name}`;
}

function parse(text: string): ChecksumLine {
  const at = text.indexOf("\t");
  return { digest: text.slice(0, Math.max(at, 0)), name: text.slice(at + 1) };
}
