import type { Host } from "../../sdk/host.ts";
import type { ParsedTemplate } from "../../template/parse-template.ts";

/** What stands for a template where there is none: functions, `path` and `packer` alone. */
export function withoutTemplate(host: Host): ParsedTemplate {
  return {
    language: "hcl2",
    files: {
      path: "",
      form: "stdin",
      language: "hcl2",
      root: ".",
      folder: host.cwd,
      templates: [],
      autoVariableFiles: [],
      siblings: { templates: [], autoVariableFiles: [] },
    },
    host,
    requiredPlugins: [],
    variables: new Map(),
    inputsAreSound: true,
    locals: new Map(),
    data: new Map(),
    sources: new Map(),
    builds: [],
    registries: [],
  };
}
