import { createHash } from "node:crypto";
import { join } from "node:path";
import { Failure, TimedOut } from "../../sdk/failure.ts";
import type { Host } from "../../sdk/host.ts";
import { parseVersion } from "../../template/versions/version.ts";
import { pluginFileName, SUM_SUFFIX } from "./plugin-file.ts";
import { parseSourceAddress } from "./source-address.ts";

/** Milliseconds that a plugin gets to say what it is. */
const LIMIT = 60_000;

/**
 * Puts a plugin's binary where plugins are looked for, under the name that it says of itself. Gives the path. Throws a
 * Failure where it is no plugin, or none that can be used.
 */
export async function installPluginFile(
  file: string,
  source: string,
  host: Host,
  folder: string,
  signal: AbortSignal,
): Promise<string> {
  const parts = parseSourceAddress(source);
  const binary = await host.files.read(file);
  const described = await describe(file, host, signal);
  const version = parseVersion(described.version);
  if (version?.written !== 3 || (version.preRelease !== "" && version.preRelease !== "dev")) {
    throw new Failure(`The plugin ${file} says that its version is "${described.version}"`, {
      hint: "Only versions like 1.2.3 and 1.2.3-dev can be installed.",
    });
  }
  if (described.api !== "x5.0") {
    throw new Failure(`The plugin ${file} speaks the protocol ${described.api}, and x5.0 is needed`);
  }
  const text = `${version.segments.join(".")}${version.preRelease === "" ? "" : `-${version.preRelease}`}`;
  const path = join(folder, ...parts, pluginFileName(parts.at(-1) ?? "", text, described.api.slice(1), host));
  // The digest last: a binary without one is not used, so half an installation is none.
  await host.files.remove(path + SUM_SUFFIX);
  await host.files.write(path, binary, { mode: 0o755 });
  await host.files.write(path + SUM_SUFFIX, createHash("sha256").update(binary).digest("hex"), { mode: 0o644 });
  return path;
}

async function describe(file: string, host: Host, signal: AbortSignal): Promise<{ version: string; api: string }> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(new TimedOut(`${file} describe`, LIMIT)), LIMIT);
  const answer = await host
    .run({ argv: [host.files.resolve(file), "describe"] }, AbortSignal.any([signal, limit.signal]))
    .catch((error: unknown) => {
      throw signal.aborted ? new Failure(`Installing ${file} was interrupted`) : error;
    })
    .finally(() => clearTimeout(timer));
  const hint = "A plugin of Packer answers to the argument `describe` with JSON.";
  if (answer.code !== 0)
    throw new Failure(`${file} describe ended with code ${answer.code}: ${answer.stderr.trim()}`, { hint });
  try {
    const { version, api_version: api } = JSON.parse(answer.stdout) as Record<string, unknown>;
    if (typeof version === "string" && typeof api === "string") return { version, api };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new Failure(`${file} describe does not say what it is`, { hint });
}
