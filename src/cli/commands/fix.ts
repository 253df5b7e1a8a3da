import { posix } from "node:path";
import { Diagnostics } from "../../hcl/source/diagnostic.ts";
import { localHost } from "../../sdk/local-host/local-host.ts";
import { readSource } from "../../template/files/find-template-files.ts";
import { checkForm, fixTemplate } from "../../template/fixers/fix-template.ts";
import { fixers } from "../../template/fixers/fixers.ts";
import { templateFlags } from "../arguments/template-flags.ts";
import { defineCommand } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import type { Console } from "../output/console.ts";
import { showDiagnostics } from "../output/diagnostics.ts";
import { readStandardInput } from "../terminal/standard-input.ts";

export const fix = defineCommand({
  name: "fix",
  operands: "TEMPLATE",
  operandCount: [1, 1],
  doc:
    "Reads a template in the old JSON format and brings it up to date, where options were renamed or removed. The new " +
    "template is printed; the file is not changed.\n\nFixes, in this order:\n\n" +
    fixers.map(({ name, doc }) => `${name}: ${doc}`).join("\n"),
  flags: {
    ...templateFlags,
    validate: { kind: "boolean", default: true, doc: "Do not check the form of the new template." },
  },

  async run({ flags, operands: [path = ""], console }) {
    const diagnostics = new Diagnostics();
    const source = await readTemplateText(path, diagnostics, console);
    const fixed = source && fixTemplate(source, diagnostics);
    show(diagnostics, console);
    if (fixed === undefined) return EXIT.failed;
    console.say(fixed);
    if (!flags.validate) return EXIT.ok;
    const faults = new Diagnostics();
    checkForm({ name: "the fixed template", text: fixed }, faults);
    if (!faults.hasErrors) return EXIT.ok;
    console.error("Error! Fixed template failed to validate:\n");
    show(faults, console);
    console.error("This is usually caused by an error in the input template.\nPlease fix the error and try again.");
    return EXIT.failed;
  },
});

async function readTemplateText(path: string, diagnostics: Diagnostics, console: Console) {
  if (path === "-") return { name: "<stdin>", text: await readStandardInput() };
  const host = localHost({ onWait: (text) => console.say(text) });
  const stat = await host.files.stat(path);
  if (stat?.kind === "folder" || /\.pkr\.(hcl|json)$/.test(posix.basename(path))) {
    diagnostics.error({
      code: "not-fixable",
      summary: "Only templates of the old JSON format can be fixed",
      detail: `${path} is a template of the newer kind (HCL2): no option of it was renamed that could be fixed.`,
    });
    return undefined;
  }
  return readSource(host, path, "template", diagnostics);
}

function show(diagnostics: Diagnostics, console: Console): void {
  showDiagnostics(console, diagnostics.all, { color: console.color(true) });
}
