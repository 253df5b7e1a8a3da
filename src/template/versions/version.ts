/**
 * A version as Packer templates write it: dotted numbers, maybe a pre-release and build metadata ("v1.2.0-rc.1+linux").
 * `segments` has at least three numbers; `written` tells how many of them were in the text.
 */
export interface Version {
  readonly text: string;
  readonly segments: readonly bigint[];
  readonly written: number;
  /** Without the dash; "" when there is none. */
  readonly preRelease: string;
  readonly metadata: string;
}

const IDENTIFIERS = "[0-9A-Za-z~-]+(?:\\.[0-9A-Za-z~-]+)*";
const FORM = new RegExp(
  `^v?(?<numbers>[0-9]+(?:\\.[0-9]+)*)` +
    `(?:-(?<dashed>[0-9]+[0-9A-Za-z~-]*(?:\\.[0-9A-Za-z~-]+)*)|-?(?<glued>[A-Za-z~-]+[0-9A-Za-z~-]*(?:\\.[0-9A-Za-z~-]+)*))?` +
    `(?:\\+(?<metadata>${IDENTIFIERS}))?$`,
);

/** undefined where the text is no version. */
export function parseVersion(text: string): Version | undefined {
  const groups = FORM.exec(text)?.groups;
  const numbers = groups?.numbers;
  if (!groups || numbers === undefined) return undefined;
  const segments = numbers.split(".").map(BigInt);
  const written = segments.length;
  while (segments.length < 3) segments.push(0n);
  return { text, segments, written, preRelease: groups.dashed ?? groups.glued ?? "", metadata: groups.metadata ?? "" };
}

/** Negative, zero or positive, as `a` is older, the same or newer. Metadata does not count. */
export function compareVersions(a: Version, b: Version): number {
  const length = Math.max(a.segments.length, b.segments.length);
  for (let index = 0; index < length; index++) {
    const difference = compare(a.segments[index] ?? 0n, b.segments[index] ?? 0n);
    if (difference !== 0) return difference;
  }
  return comparePreReleases(a.preRelease, b.preRelease);
}

function comparePreReleases(a: string, b: string): number {
  if (a === b) return 0;
  if (a === "") return 1;
  if (b === "") return -1;
  const ours = a.split(".");
  const theirs = b.split(".");
  for (let index = 0; index < Math.max(ours.length, theirs.length); index++) {
    const difference = compareIdentifiers(ours[index], theirs[index]);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Numbers are older than words; a missing identifier is older than any. */
function compareIdentifiers(a: string | undefined, b: string | undefined): number {
  if (a === b) return 0;
  if (a === undefined) return -1;
  if (b === undefined) return 1;
  const aIsNumber = /^[0-9]+$/.test(a);
  const bIsNumber = /^[0-9]+$/.test(b);
  if (aIsNumber && bIsNumber) return compare(BigInt(a), BigInt(b));
  if (aIsNumber !== bIsNumber) return aIsNumber ? -1 : 1;
  return a < b ? -1 : 1;
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
