import { catalogue } from "../../catalogue.ts";
import { localHost } from "../../sdk/local-host/local-host.ts";
import { evaluationFlags, templateFlags } from "../arguments/template-flags.ts";
import { defineCommand } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { inspection } from "../output/inspection.ts";
import { inspectLegacy } from "../output/legacy-inspection.ts";
import { loadTemplate } from "../plan-template.ts";

export const inspect = defineCommand({
  name: "inspect",
  operands: "TEMPLATE",
  operandCount: [0, 1],
  doc:
    "Shows the components of a template: variables, locals, and the builds with their sources, provisioners and " +
    "post-processors. It reads no data source and changes nothing.",
  flags: {
    "machine-readable": { kind: "boolean", doc: "Produce machine-readable output." },
    ...templateFlags,
    ...evaluationFlags,
  },

  async run({ flags, operands: [path = ""], console }) {
    const read = await loadTemplate({
      path,
      host: localHost({ onWait: (text) => console.say(text) }),
      flags,
      catalogue,
      console,
      signal: new AbortController().signal,
      color: console.color(true),
      readDataSources: false,
      warnOnUndeclared: false,
      requireValues: false,
    });
    if (!read) return EXIT.failed;
    if (read.loaded.legacy) inspectLegacy(read.loaded.legacy.template, console);
    else for (const piece of inspection(read.loaded)) console.say(read.mask(piece));
    return EXIT.ok;
  },
});
