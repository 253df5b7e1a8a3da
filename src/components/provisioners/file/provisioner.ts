import { defineProvisioner } from "../../../sdk/component.ts";
import { isGiven } from "../../../sdk/scripts/check-scripts.ts";
import { boolean, string, stringList } from "../../../spec/fields.ts";
import { download } from "./download.ts";
import { upload, uploadContent } from "./upload.ts";

export const file = defineProvisioner({
  name: "file",
  doc: "Copies files and folders into the machine, or out of it.",
  fields: {
    source: string("File or folder to copy; a folder that ends with `/` stands for what is in it.", { path: "cwd" }),
    sources: stringList("Files and folders to copy.", { path: "cwd" }),
    content: string("What to write into the destination, instead of a source."),
    destination: string("Where to; a folder that is there already, where it ends with `/`.", { required: true }),
    direction: string("`upload` into the machine, or `download` out of it.", {
      oneOf: ["upload", "download"],
      default: "upload",
    }),
    generated: boolean("The sources are made during the build: they need not exist before.", { default: false }),
  },
  async check(config, problems, host) {
    const named = isGiven(config, "source", problems) || isGiven(config, "sources", problems);
    const content = problems.has("content");
    if (named && content) problems.error("content", "Source(s) and content cannot be specified together");
    if (!named && !content) problems.error(undefined, "Source must be specified");
    if (content && config.direction === "download") {
      problems.error("content", "Content can only be uploaded", 'Set direction = "upload", or name a source.');
    }
    if (content && config.destination?.endsWith("/")) {
      problems.warning("destination", "The uploaded content has no name", "Its file gets a name made up by chance.");
    }
    if (config.direction !== "upload" || config.generated !== false) return;
    const sources = [
      ...(config.source === undefined ? [] : [{ path: config.source, field: "source" }]),
      ...(config.sources ?? []).map((path, index) => ({ path, field: `sources[${index}]` })),
    ];
    for (const { path, field } of sources) {
      if (await host.files.exists(path)) continue;
      problems.error(
        field,
        `Bad source '${path}'`,
        `There is no such file in ${host.cwd}. If the build makes it, set generated = true.`,
      );
    }
  },
  async inputs(config) {
    if (config.direction !== "upload") return [];
    return sourcesOf(config).map((path) => ({ path, root: "cwd" as const }));
  },
  async run(config, provisioning) {
    const { destination } = config;
    if (config.content !== undefined) return await uploadContent(config.content, destination, provisioning);
    const copy = config.direction === "download" ? download : upload;
    for (const source of sourcesOf(config)) await copy(source, destination, provisioning);
  },
});

function sourcesOf(config: { readonly source?: string | undefined; readonly sources?: readonly string[] | undefined }) {
  return [...(config.sources ?? []), ...(config.source === undefined ? [] : [config.source])];
}
