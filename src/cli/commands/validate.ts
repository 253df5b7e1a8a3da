import { catalogue } from "../../catalogue.ts";
import { Diagnostics } from "../../hcl/source/diagnostic.ts";
import { localHost } from "../../sdk/local-host/local-host.ts";
import { checkPlan } from "../../template/check-plan.ts";
import { parseTemplate } from "../../template/parse-template.ts";
import { evaluationFlags, templateFlags } from "../arguments/template-flags.ts";
import { defineCommand } from "../command.ts";
import { EXIT, exitCodeOf } from "../exit-codes.ts";
import { showDiagnostics } from "../output/diagnostics.ts";
import { loadTemplate, parseInputOf, type TemplateRequest } from "../plan-template.ts";
import { listenForStop } from "../terminal/signals.ts";

export const validate = defineCommand({
  name: "validate",
  operands: "TEMPLATE",
  operandCount: [1, 1],
  doc:
    "Checks that a template is valid, and the configuration of every component in it, without building anything. " +
    "All that is wrong is shown at once. Exits 0 when it is valid, warnings or not.",
  flags: {
    "syntax-only": { kind: "boolean", doc: "Check only the syntax. No plugin needs to be installed." },
    ...templateFlags,
    "no-warn-undeclared-var": { kind: "boolean", doc: "Do not warn of variables in files that are not declared." },
    "evaluate-datasources": { kind: "boolean", doc: "Read data sources, instead of taking their values as unknown." },
    color: { kind: "boolean", default: true, doc: "Disable color output." },
    "machine-readable": { kind: "boolean", doc: "Produce machine-readable output." },
    "detailed-exitcode": { kind: "boolean", doc: "Exit with 10 for a bad template." },
    ...evaluationFlags,
  },

  async run({ flags, operands: [path = ""], console }) {
    const color = console.color(flags.color);
    const stop = listenForStop();
    const request: TemplateRequest = {
      path,
      host: localHost({ onWait: (text) => console.say(text) }),
      flags,
      catalogue,
      console,
      signal: stop.orderly,
      color,
      readDataSources: flags["evaluate-datasources"],
      warnOnUndeclared: !flags["no-warn-undeclared-var"],
      requireValues: true,
    };
    try {
      const valid = flags["syntax-only"] ? await checkSyntax(request) : await checkAll(request);
      if (!valid) return exitCodeOf("bad-template", flags["detailed-exitcode"]);
    } finally {
      stop.release();
    }
    console.say(
      flags["syntax-only"] ? "Syntax-only check passed. Everything looks okay." : "The configuration is valid.",
    );
    return EXIT.ok;
  },
});

async function checkSyntax(request: TemplateRequest): Promise<boolean> {
  const diagnostics = new Diagnostics();
  await parseTemplate(parseInputOf(request), diagnostics);
  showDiagnostics(request.console, diagnostics.all, { color: request.color });
  return !diagnostics.hasErrors;
}

async function checkAll(request: TemplateRequest): Promise<boolean> {
  const read = await loadTemplate(request);
  if (!read) return false;
  const { loaded, diagnostics, mask, secret } = read;
  const { only, except } = request.flags;
  const plan = await loaded.plan({ only, except, mayLeaveNone: true }, diagnostics);
  for (const text of await checkPlan(plan, request.host, diagnostics)) secret(text);
  showDiagnostics(request.console, diagnostics.all, { color: request.color, mask });
  return !diagnostics.hasErrors;
}
