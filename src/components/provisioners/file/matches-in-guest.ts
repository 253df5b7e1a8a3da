import type { Communicator } from "../../../sdk/communicator.ts";
import { Failure } from "../../../sdk/failure.ts";
import { quoteForSh } from "../../../sdk/scripts/quote-for-sh.ts";

export interface GuestPath {
  readonly path: string;
  readonly folder: boolean;
}

/** What a shell pattern matches in the guest, sorted as its shell sorts. */
export async function matchesInGuest(
  pattern: string,
  communicator: Communicator,
  signal: AbortSignal,
): Promise<GuestPath[]> {
  if (communicator.guest !== "posix") {
    throw new Failure(`Cannot search the machine for ${pattern}: it has no POSIX shell`, {
      permanent: true,
      hint: "Name the files one by one, or their folder with a slash at its end.",
    });
  }
  const chunks: Buffer[] = [];
  const line =
    `for f in ${withPattern(pattern)}; do ` +
    `if [ -d "$f" ]; then printf 'd%s\\0' "$f"; elif [ -e "$f" ]; then printf 'f%s\\0' "$f"; fi; done`;
  const { exitCode } = await communicator.run({ line, onStdout: (chunk) => void chunks.push(chunk) }, signal);
  if (exitCode !== 0) throw new Failure(`Searching the machine for ${pattern} failed with exit code ${exitCode}`);
  const found = Buffer.concat(chunks).toString("utf8").split("\0").slice(0, -1);
  return found.map((entry) => ({ path: entry.slice(1), folder: entry.startsWith("d") }));
}

/** All but the letters that make the pattern is quoted. */
function withPattern(pattern: string): string {
  const parts = pattern.split(/(\[[^\]]+\]|[*?])/);
  return parts
    .map((part, index) => (index % 2 === 1 ? part.replace(/[^\w\][*?!^-]/g, "\\$&") : quoteForSh(part)))
    .join("");
}
