import { catalogue } from "../../catalogue.ts";
import { localHost } from "../../sdk/local-host/local-host.ts";
import { checkPlan } from "../../template/check-plan.ts";
import { evaluationFlags, templateFlags } from "../arguments/template-flags.ts";
import { defineCommand } from "../command.ts";
import { EXIT, exitCodeOf } from "../exit-codes.ts";
import { showDiagnostics } from "../output/diagnostics.ts";
import { loadTemplate } from "../plan-template.ts";
import { outlinePlan } from "../planning/outline-plan.ts";
import { planText } from "../planning/plan-text.ts";
import { valueReferences } from "../planning/value-references.ts";
import { listenForStop } from "../terminal/signals.ts";

export const plan = defineCommand({
  name: "plan",
  operands: "TEMPLATE",
  operandCount: [1, 1],
  doc:
    "Shows what would be built, from which inputs, in which order and with which artifacts: the builds that -only and " +
    "-except leave, with their options as far as they are known. It builds nothing and changes nothing; data sources " +
    "are not read unless -evaluate-datasources is given.",
  flags: {
    json: { kind: "boolean", doc: "Print the plan as JSON (docs/commands.md)." },
    "evaluate-datasources": { kind: "boolean", doc: "Read data sources, instead of taking their values as unknown." },
    ...templateFlags,
    "warn-on-undeclared-var": {
      kind: "boolean",
      doc: "Warn of variables in files that the template does not declare.",
    },
    color: { kind: "boolean", default: true, doc: "Disable color output." },
    "machine-readable": { kind: "boolean", doc: "Produce machine-readable output." },
    "detailed-exitcode": { kind: "boolean", doc: "Exit with 10 for a bad template." },
    ...evaluationFlags,
  },

  async run({ flags, operands: [path = ""], console }) {
    const color = console.color(flags.color);
    const host = localHost({ onWait: (text) => console.say(text) });
    const stop = listenForStop();
    try {
      const read = await loadTemplate({
        path,
        host,
        flags,
        catalogue,
        console,
        signal: stop.orderly,
        color,
        readDataSources: flags["evaluate-datasources"],
        warnOnUndeclared: flags["warn-on-undeclared-var"],
        requireValues: true,
      });
      if (!read) return exitCodeOf("bad-template", flags["detailed-exitcode"]);
      const { parsed, loaded, diagnostics, mask, secret } = read;
      const planned = await loaded.plan({ only: flags.only, except: flags.except }, diagnostics);
      for (const text of await checkPlan(planned, host, diagnostics)) secret(text);
      // What `-json` prints must be JSON: warnings are `validate`'s then.
      if (diagnostics.hasErrors || !flags.json) showDiagnostics(console, diagnostics.all, { color, mask });
      if (diagnostics.hasErrors) return exitCodeOf("bad-template", flags["detailed-exitcode"]);
      const references = parsed.language === "hcl2" ? valueReferences(parsed, loaded) : undefined;
      const outline = await outlinePlan({ loaded, plan: planned, references, host, mask });
      if (flags.json) console.write(`${JSON.stringify(outline, null, 2)}\n`);
      else console.say(planText(outline));
      return EXIT.ok;
    } finally {
      stop.release();
    }
  },
});
