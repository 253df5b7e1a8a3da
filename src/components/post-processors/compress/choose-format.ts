/** How the files are put together; undefined: they are not, there must be exactly one. */
export type Archive = "tar" | "zip";
/** What is done to the bytes; undefined: nothing (or zip does it itself). */
export type Compression = "gzip" | "bgzf" | "bzip2" | "lz4" | "xz" | "zstd";

export interface Format {
  readonly archive?: Archive;
  readonly compression?: Compression;
}

const COMPRESSIONS: Readonly<Record<string, Compression>> = {
  gz: "gzip",
  bgzf: "bgzf",
  bzip2: "bzip2",
  bz2: "bzip2",
  lz4: "lz4",
  xz: "xz",
  zst: "zstd",
  zstd: "zstd",
};

const ARCHIVES: Readonly<Record<string, Format>> = {
  tar: { archive: "tar" },
  zip: { archive: "zip" },
  tgz: { archive: "tar", compression: "gzip" },
  tbz2: { archive: "tar", compression: "bzip2" },
  txz: { archive: "tar", compression: "xz" },
};

/** By the last two extensions of the format ("tar.gz") or else of the output's name; by none that is known: tar, gzip. */
export function chooseFormat(output: string, format: string | undefined): Format {
  const name = format === undefined ? output : `.${format}`;
  const [, before = "", last = ""] = /(?:\.([a-z0-9]+))?\.([a-z0-9]+)$/.exec(name) ?? [];
  const compression = Object.hasOwn(COMPRESSIONS, last) ? COMPRESSIONS[last] : undefined;
  if (compression !== undefined) return before === "tar" ? { archive: "tar", compression } : { compression };
  const archive = Object.hasOwn(ARCHIVES, last) ? ARCHIVES[last] : undefined;
  return archive ?? { archive: "tar", compression: "gzip" };
}
