import { catalogue } from "../../catalogue.ts";
import { Diagnostics } from "../../hcl/source/diagnostic.ts";
import { localHost } from "../../sdk/local-host/local-host.ts";
import { readSource } from "../../template/files/find-template-files.ts";
import { readLegacyStructure } from "../../template/legacy/structure/read-legacy-structure.ts";
import { upgradeTemplate } from "../../template/upgrade/upgrade-template.ts";
import { templateFlags } from "../arguments/template-flags.ts";
import { defineCommand } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { showDiagnostics } from "../output/diagnostics.ts";
import { readStandardInput } from "../terminal/standard-input.ts";

export const hcl2Upgrade = defineCommand({
  name: "hcl2_upgrade",
  operands: "TEMPLATE",
  operandCount: [1, 1],
  doc:
    "Writes a template in the old JSON format anew in HCL, to TEMPLATE.pkr.hcl. Overrides of provisioners, names of " +
    "builds and template functions come along; what HCL has no word for stays as it was, with a comment.",
  flags: {
    "output-file": { kind: "text", value: "FILE", doc: "Where to write. Default: TEMPLATE.pkr.hcl." },
    "with-annotations": { kind: "boolean", doc: "Say in comments what each part is." },
    ...templateFlags,
  },

  async run({ flags, operands: [path = ""], console }) {
    const host = localHost({ onWait: (text) => console.say(text) });
    const diagnostics = new Diagnostics();
    const output = flags["output-file"] ?? (path === "-" ? undefined : `${path}.pkr.hcl`);
    const source =
      path === "-"
        ? { name: "<stdin>", text: await readStandardInput() }
        : await readSource(host, path, "template", diagnostics);
    const template = source && readLegacyStructure(source, diagnostics);
    showDiagnostics(console, diagnostics.all, { color: console.color(true) });
    if (!template || diagnostics.hasErrors) return EXIT.failed;
    const { text, unknownBuilders } = await upgradeTemplate(template, {
      catalogue,
      annotated: flags["with-annotations"],
    });
    if (output === undefined) console.write(text);
    else {
      await host.files.write(output, text);
      console.say(`Successfully created ${output}.`);
    }
    for (const type of unknownBuilders) {
      console.error(`Unknown builder type "${type}": its options could not be looked at. Check its source block.`);
    }
    return unknownBuilders.length > 0 ? EXIT.failed : EXIT.ok;
  },
});
