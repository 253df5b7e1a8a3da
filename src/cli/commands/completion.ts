import { catalogue } from "../../catalogue.ts";
import { Diagnostics } from "../../hcl/source/diagnostic.ts";
import { localHost } from "../../sdk/local-host/local-host.ts";
import { usageOf } from "../arguments/usage.ts";
import { defineCommand } from "../command.ts";
import { bashCompletion } from "../completion/bash-completion.ts";
import { type CompletionModel, completionModel } from "../completion/completion-model.ts";
import { fishCompletion } from "../completion/fish-completion.ts";
import { zshCompletion } from "../completion/zsh-completion.ts";
import { EXIT } from "../exit-codes.ts";
import type { Console } from "../output/console.ts";
import { loadTemplate } from "../plan-template.ts";
import { buildShapes, legacyBuildShapes } from "../planning/build-shapes.ts";

const SHELLS: Readonly<Record<string, (model: CompletionModel) => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

export const completion = defineCommand({
  name: "completion",
  operands: "bash|zsh|fish",
  operandCount: [0, 1],
  doc:
    "Prints a script that makes the Tab key complete commands, flags, their values and names of templates and builds.\n" +
    "For bash, add to ~/.bashrc: source <(ingot completion bash)\n" +
    "For zsh, add to ~/.zshrc: source <(ingot completion zsh)\n" +
    "For fish: ingot completion fish > ~/.config/fish/completions/ingot.fish",
  flags: {
    names: {
      kind: "text",
      value: "TEMPLATE",
      hidden: true,
      doc: "Print the names of the builds in a template, one a line: the scripts ask for them.",
    },
  },

  async run({ flags, operands: [shell], console }) {
    if (flags.names !== undefined) {
      for (const name of await namesOfBuilds(flags.names)) console.say(name);
      return EXIT.ok;
    }
    const script = shell !== undefined && Object.hasOwn(SHELLS, shell) ? SHELLS[shell] : undefined;
    if (!script) {
      console.error(usageOf(completion));
      return EXIT.failed;
    }
    console.write(script(await completionModel()));
    return EXIT.ok;
  },
});

/** Whatever is wrong with the template: then there are no names. */
async function namesOfBuilds(path: string): Promise<string[]> {
  const read = await loadTemplate({
    path,
    host: localHost(),
    flags: { only: [], except: [], var: [], "var-file": [], "config-type": undefined },
    catalogue,
    console: silent,
    signal: new AbortController().signal,
    color: false,
    readDataSources: false,
    warnOnUndeclared: false,
    requireValues: false,
  });
  if (!read) return [];
  const { parsed, loaded } = read;
  const all = { only: [], except: [] };
  const builds =
    parsed.language === "json"
      ? legacyBuildShapes(parsed.template, all)
      : (buildShapes(parsed, loaded, all, new Diagnostics()) ?? []);
  return builds.map(({ name }) => name);
}

const silent: Console = {
  machineReadable: false,
  isTerminal: false,
  say() {},
  error() {},
  machine() {},
  write() {},
  color: () => false,
};
