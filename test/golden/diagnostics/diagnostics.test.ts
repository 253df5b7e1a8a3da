import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { catalogue } from "../../../src/catalogue.ts";
import { parseFlags } from "../../../src/cli/arguments/flags.ts";
import { validate } from "../../../src/cli/commands/validate.ts";
import { inFileOrder } from "../../../src/cli/output/diagnostics.ts";
import { type Diagnostic, Diagnostics } from "../../../src/hcl/source/diagnostic.ts";
import { renderDiagnostic } from "../../../src/hcl/source/render-diagnostic.ts";
import { localHost } from "../../../src/sdk/local-host/local-host.ts";
import { checkPlan } from "../../../src/template/check-plan.ts";
import { readTemplate } from "../../../src/template/read-template.ts";
import { type Case, type Command, casesIn, readCases } from "../../differential/read-cases.ts";

const further = casesIn("further", readFileSync(join(import.meta.dirname, "further-cases.txt"), "utf8"));
const validated = [...readCases(), ...further].flatMap((each) => {
  const commands = each.commands.filter(({ argv }) => argv[0] === "validate" && !argv.includes("-syntax-only"));
  return commands.length === 0 ? [] : [{ ...each, commands }];
});

test.each(validated)("$name: what is wrong is told as in its golden file", async (each) => {
  const text = await told(each);
  if (text === "") return;
  await expect(text).toMatchFileSnapshot(`${each.name.replaceAll(" ", "-")}.txt`);
});

/** What `validate` shows of every command of a case that has something to show. */
async function told({ commands, files }: Case): Promise<string> {
  const root = mkdtempSync(join(tmpdir(), "ingot-golden-"));
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    const parts: string[] = [];
    for (const command of commands) {
      const shown = await diagnosticsOf(command, root);
      if (shown !== "") parts.push(`$ ${command.text}\n\n${shown}`);
    }
    return parts.join("");
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

async function diagnosticsOf({ argv, environment }: Command, cwd: string): Promise<string> {
  const parsed = parseFlags(validate.flags, argv.slice(1));
  if ("error" in parsed || parsed.positional.length !== 1) return "";
  const flags = parsed.values as { var: string[]; "var-file": string[]; only: string[]; except: string[] } & Record<
    string,
    unknown
  >;
  const host = localHost({ cwd, environment: { HOME: cwd, ...environment } });
  const diagnostics = new Diagnostics();
  const template = await readTemplate(
    {
      path: parsed.positional[0] ?? "",
      host,
      catalogue,
      requireValues: true,
      variables: {
        vars: flags.var,
        varFiles: flags["var-file"],
        warnOnUndeclared: flags["no-warn-undeclared-var"] !== true,
      },
    },
    diagnostics,
  );
  const plan = await template?.plan({ only: flags.only, except: flags.except }, diagnostics);
  if (plan) await checkPlan(plan, host, diagnostics);
  return inFileOrder(diagnostics.all)
    .map((each) => renderDiagnostic(placeless(each, cwd)))
    .join("");
}

/** The folder's name is another one every time, and lines would break elsewhere. */
function placeless(diagnostic: Diagnostic, folder: string): Diagnostic {
  return { ...diagnostic, detail: diagnostic.detail.replaceAll(folder, "<cwd>") };
}
