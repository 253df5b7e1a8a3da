import { createHash } from "node:crypto";
import { pipeline } from "node:stream/promises";
import { Failure } from "../../sdk/failure.ts";
import type { Host } from "../../sdk/host.ts";

/** What a plugin's binary says of itself. */
export interface PluginDescription {
  /** "1.1.4", without a v. */
  readonly version: string;
  /** Of the SDK that it was made with. */
  readonly sdkVersion: string;
  /** "5.0". */
  readonly api: string;
  /** Its options can travel as protobuf; else as gob only. */
  readonly protobuf: boolean;
  readonly builders: readonly string[];
  readonly provisioners: readonly string[];
  readonly postProcessors: readonly string[];
  readonly dataSources: readonly string[];
}

/** Milliseconds for `PLUGIN describe`. */
const DESCRIBE_LIMIT = 30_000;
const LONGEST_DESCRIPTION = 1024 * 1024;
const DIGEST = /^[0-9a-f]{64}$/;

/** In templates the component is called as the plugin itself. */
const DEFAULT_NAME = "-packer-default-plugin-name-";

/**
 * Asks a plugin's binary what is in it. The answer is kept in the cache folder under the binary's digest (64 hex
 * digits): an unchanged binary is not run again. Throws a Failure when it does not describe itself.
 */
export async function describePlugin(
  host: Host,
  path: string,
  digest: string,
  signal: AbortSignal,
): Promise<PluginDescription> {
  if (!DIGEST.test(digest)) throw new Error(`not a SHA-256 digest: ${digest}`);
  const cached = host.files.resolve(host.cacheFolder, "plugins", `${digest}.json`);
  const known = await readCached(host, cached);
  if (known !== undefined) return known;
  const text = await runDescribe(host, path, signal);
  const description = parseDescription(text);
  if (!description) {
    throw new Failure(`The plugin ${path} does not describe itself as plugins do`, {
      hint: "Is it a plugin of Packer 1.7 or newer, built for this machine?",
    });
  }
  // A cache that cannot be written only costs time.
  await host.files.write(cached, text).catch((error: unknown) => {
    if (!(error instanceof Failure)) throw error;
  });
  return description;
}

/** The SHA-256 of a file, in lower-case hexadecimal digits. */
export async function digestOf(host: Host, path: string, signal: AbortSignal): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(host.files.reader(path), hash, { signal });
  return hash.digest("hex");
}

/** The name that templates use for a component of the plugin: "docker", "docker-tag". */
export function componentKey(plugin: string, component: string): string {
  return component === DEFAULT_NAME ? plugin : `${plugin}-${component}`;
}

async function readCached(host: Host, path: string): Promise<PluginDescription | undefined> {
  try {
    return parseDescription(await host.files.readText(path));
  } catch (error) {
    if (error instanceof Failure) return undefined; // Not there, or not readable: the binary knows better.
    throw error;
  }
}

async function runDescribe(host: Host, path: string, signal: AbortSignal): Promise<string> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(DESCRIBE_LIMIT)]);
  let text = "";
  let errors = "";
  const result = await host
    .run(
      {
        argv: [path, "describe"],
        killAfter: 0,
        onStdout: (chunk) => {
          text = (text + chunk.toString("utf8")).slice(0, LONGEST_DESCRIPTION);
        },
        onStderr: (chunk) => {
          errors = (errors + chunk.toString("utf8")).slice(-1000);
        },
      },
      limit,
    )
    .catch((error: unknown) => {
      signal.throwIfAborted();
      if (!limit.aborted) throw error;
      throw new Failure(`The plugin ${path} did not describe itself within ${DESCRIBE_LIMIT / 1000} s`);
    });
  if (result.code === 0) return text;
  throw new Failure(
    `The plugin ${path} does not describe itself: it ended with status ${result.code}\n${errors.trim()}`,
  );
}

/** undefined: it is no description. Lists may be missing, or null. */
function parseDescription(text: string): PluginDescription | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof json !== "object" || json === null) return undefined;
  const fields = json as Readonly<Record<string, unknown>>; // Any object: each field is looked at.
  const { version, sdk_version, api_version, protocol_version } = fields;
  if (typeof version !== "string" || typeof api_version !== "string" || !/^x\d+\.\d+$/.test(api_version)) {
    return undefined;
  }
  return {
    version,
    sdkVersion: typeof sdk_version === "string" ? sdk_version : "",
    api: api_version.slice(1),
    protobuf: protocol_version === "v2",
    builders: namesIn(fields.builders),
    provisioners: namesIn(fields.provisioners),
    postProcessors: namesIn(fields.post_processors),
    dataSources: namesIn(fields.datasources),
  };
}

function namesIn(list: unknown): readonly string[] {
  return Array.isArray(list) ? list.filter((name) => typeof name === "string") : [];
}
