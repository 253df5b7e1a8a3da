import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { Failure } from "../../sdk/failure.ts";
import type { Host } from "../../sdk/host.ts";
import { type Constraint, satisfies } from "../../template/versions/constraint.ts";
import { compareVersions, parseVersion } from "../../template/versions/version.ts";
import { type PluginFileName, parsePluginFileName, platformOf, SUM_SUFFIX } from "./plugin-file.ts";

/** A plugin's binary for this machine, as its place and its name tell; it is not run. */
export interface InstalledPlugin extends PluginFileName {
  /** "github.com/hashicorp/amazon": the folders that it lies in. */
  readonly source: string;
  /** Absolute. */
  readonly path: string;
  /** Why it cannot be used; absent where it can. */
  readonly problem?: string;
}

/** The plugins in the folder, by name and then by version. `source`: only those from there. */
export async function findPlugins(host: Host, folder: string, source?: string): Promise<InstalledPlugin[]> {
  const found: InstalledPlugin[] = [];
  if (!(await host.files.exists(folder))) return found;
  for await (const { path, stat } of host.files.walk(folder)) {
    const [base, ...above] = path.split("/").reverse();
    const name = parsePluginFileName(base ?? "");
    const own = above.reverse().join("/");
    // One that lies in the folder itself is of the time before there were sources.
    if (!name || own === "" || (stat.kind !== "file" && stat.kind !== "link")) continue;
    if (source !== undefined && own !== source) continue;
    const { system, architecture } = platformOf(host);
    if (name.system !== system || name.architecture !== architecture) continue;
    const full = join(folder, path);
    const problem = problemOfName(name) ?? (await problemOfSum(host, full));
    found.push({ ...name, source: own, path: full, ...(problem !== undefined && { problem }) });
  }
  return found.sort((a, b) => compareTexts(a.name, b.name) || compareTexts(a.source, b.source) || newerLast(a, b));
}

/** The newest that can be used and that the constraints allow. A `-dev` counts as what it will become. */
export function newestMatch(
  plugins: readonly InstalledPlugin[],
  constraints: readonly Constraint[],
): InstalledPlugin | undefined {
  return plugins
    .filter((plugin) => plugin.problem === undefined && allows(constraints, plugin))
    .sort(newerLast)
    .at(-1);
}

export function allows(constraints: readonly Constraint[], { version }: PluginFileName): boolean {
  return satisfies({ ...version, preRelease: "" }, constraints);
}

function problemOfName({ version, api }: PluginFileName): string | undefined {
  if (version.metadata !== "") return "its version has metadata";
  if (version.preRelease !== "" && version.preRelease !== "dev") return "it is a pre-release";
  if (parseVersion(version.text)?.written !== 3) return "its version is not of three numbers";
  return api === "5.0" ? undefined : `it speaks the protocol x${api}, and x5.0 is needed`;
}

async function problemOfSum({ files }: Host, path: string): Promise<string | undefined> {
  try {
    const wanted = (await files.readText(path + SUM_SUFFIX)).trim().toLowerCase();
    const hash = createHash("sha256");
    await pipeline(files.reader(path), hash);
    return hash.digest("hex") === wanted ? undefined : `its digest is not that of ${path}${SUM_SUFFIX}`;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const hasSum = await files.exists(path + SUM_SUFFIX);
    return hasSum ? error.message : `there is no ${path}${SUM_SUFFIX}`;
  }
}

function newerLast(a: InstalledPlugin, b: InstalledPlugin): number {
  return compareVersions(a.version, b.version) || compareTexts(dirname(a.path), dirname(b.path));
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
