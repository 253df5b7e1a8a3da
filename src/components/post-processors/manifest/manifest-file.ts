import { Failure } from "../../../sdk/failure.ts";
import { fromParsed, type GoJson, goJson } from "./go-json.ts";

/** One build of a manifest: its keys in the order in which they are written. */
export type BuildEntry = ReadonlyMap<string, GoJson>;

export interface Manifest {
  readonly builds: readonly GoJson[];
  /** Undefined where the file does not say. */
  readonly lastRun: string | undefined;
}

/** Of a text that is no manifest, a Failure that names the path. */
export function parseManifest(text: string, path: string): Manifest {
  if (text.trim() === "") return { builds: [], lastRun: undefined };
  const parsed = parse(text, path);
  const { builds, last_run_uuid: lastRun } = parsed;
  if (builds !== undefined && builds !== null && !Array.isArray(builds)) throw notAManifest(path);
  return {
    builds: (builds ?? []).map((build: unknown) => inWrittenOrder(fromParsed(build))),
    lastRun: typeof lastRun === "string" ? lastRun : undefined,
  };
}

export function manifestText(builds: readonly GoJson[], lastRun: string): string {
  return goJson(
    new Map<string, GoJson>([
      ["builds", builds],
      ["last_run_uuid", lastRun],
    ]),
  );
}

const KEYS = ["name", "builder_type", "build_time", "files", "artifact_id", "packer_run_uuid", "custom_data"];

/** The keys that we know first; others, of whoever wrote them, after them. */
function inWrittenOrder(build: GoJson): GoJson {
  if (!(build instanceof Map)) return build;
  const files = build.get("files");
  const entries = new Map(build);
  if (Array.isArray(files)) entries.set("files", files.map(fileInWrittenOrder));
  return inOrder(entries, KEYS);
}

function fileInWrittenOrder(file: GoJson): GoJson {
  return file instanceof Map ? inOrder(file, ["name", "size"]) : file;
}

function inOrder(map: ReadonlyMap<string, GoJson>, keys: readonly string[]): ReadonlyMap<string, GoJson> {
  const first = keys.flatMap((key) => {
    const value = map.get(key);
    return value === undefined ? [] : [[key, value] as const];
  });
  return new Map([...first, ...[...map].filter(([key]) => !keys.includes(key))]);
}

function parse(text: string, path: string): Record<string, unknown> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw notAManifest(path, error);
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) throw notAManifest(path);
  return { ...parsed };
}

function notAManifest(path: string, cause?: unknown): Failure {
  const why = cause instanceof Error ? `: ${cause.message}` : "";
  return new Failure(`Unable to parse content from manifest file ${path}${why}`, {
    cause,
    hint: "It holds something else, or was cut off. Move it away, or name another output.",
  });
}
