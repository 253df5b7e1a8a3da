import { basename } from "node:path";
import type { Artifact } from "../../../sdk/artifact.ts";
import { definePostProcessor, type PostProcessing } from "../../../sdk/component.ts";
import type { Config } from "../../../spec/field.ts";
import { boolean, string, stringMap } from "../../../spec/fields.ts";
import { type GoJson, sortedMap } from "./go-json.ts";
import { type BuildEntry, manifestText, parseManifest } from "./manifest-file.ts";

const fields = {
  output: string("Path of the manifest.", { default: "packer-manifest.json", path: "cwd" }),
  strip_path: boolean("Lists files by their names alone.", { default: false }),
  strip_time: boolean("Leaves the time of the build out.", { default: false }),
  custom_data: stringMap("Anything that is to stand beside the build."),
};

export const manifest = definePostProcessor({
  name: "manifest",
  doc: "Lists what was built in a JSON file that grows with every run; hands the artifact on.",
  fields,
  async run(config, input, processing) {
    const entry = await entryOf(config, input, processing);
    await processing.host.files.withLock(`${config.output}.lock`, processing.signal, () =>
      add(entry, config.output, processing),
    );
    return { artifact: input, keepInput: true, mustKeepInput: true };
  },
});

async function add(entry: BuildEntry, path: string, { host, facts }: PostProcessing): Promise<void> {
  const { files } = host;
  const old = parseManifest((await files.exists(path)) ? await files.readText(path) : "", path);
  // With -force a manifest of an earlier run starts over; what other builds of this run added stays.
  const startOver = facts.force && old.lastRun !== facts.runId;
  const builds = [...(startOver ? [] : old.builds), entry];
  await files.write(path, manifestText(builds, facts.runId), { mode: 0o664 });
}

async function entryOf(
  config: Config<typeof fields>,
  input: Artifact,
  { host, facts }: PostProcessing,
): Promise<BuildEntry> {
  const listed: GoJson[] = [];
  for (const { path } of input.files) {
    const stat = await host.files.stat(path);
    listed.push(
      new Map<string, GoJson>([
        ["name", config.strip_path ? basename(path) : path],
        ["size", stat?.size ?? 0],
      ]),
    );
  }
  const seconds = Math.floor(host.now().getTime() / 1000);
  return new Map<string, GoJson>([
    ["name", facts.sourceName],
    ["builder_type", facts.builderType],
    ...(config.strip_time ? [] : [["build_time", seconds] as const]),
    ["files", listed.length === 0 ? null : listed],
    ["artifact_id", input.id],
    ["packer_run_uuid", facts.runId],
    ["custom_data", config.custom_data === undefined ? null : sortedMap(Object.entries(config.custom_data))],
  ]);
}
