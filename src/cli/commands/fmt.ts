import { format } from "../../hcl/format/format.ts";
import { decodeSource } from "../../hcl/source/decode-source.ts";
import { Diagnostics } from "../../hcl/source/diagnostic.ts";
import type { Source } from "../../hcl/source/source.ts";
import { parseFile } from "../../hcl/syntax/parse.ts";
import { Failure } from "../../sdk/failure.ts";
import { localHost } from "../../sdk/local-host/local-host.ts";
import { ignoredTemplateFlags } from "../arguments/template-flags.ts";
import { defineCommand } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { findFilesToFormat } from "../formatting/find-files.ts";
import { layoutDiff } from "../formatting/layout-diff.ts";
import type { Console } from "../output/console.ts";
import { showDiagnostics } from "../output/diagnostics.ts";
import { failureText } from "../output/failure.ts";
import { readStandardInputBytes } from "../terminal/standard-input.ts";

export const fmt = defineCommand({
  name: "fmt",
  operands: "PATH...",
  operandCount: [1, Number.POSITIVE_INFINITY],
  doc:
    "Rewrites templates (.pkr.hcl) and variable files (.pkrvars.hcl) to the canonical layout, and prints the names of " +
    "those that changed. Of a folder, all of its files are rewritten; - takes standard input and writes to standard " +
    "output. JSON files are not touched.",
  flags: {
    check: { kind: "boolean", doc: "Only list the files that would change, and exit with 3 if there are any." },
    diff: { kind: "boolean", doc: "Show what changes, as a unified diff." },
    write: { kind: "boolean", default: true, doc: "Don't write to source files (always so with -check)." },
    recursive: { kind: "boolean", doc: "Also format the files in the folders of a folder." },
    color: { kind: "boolean", default: true, doc: "Disable color output." },
    ...ignoredTemplateFlags,
  },

  async run({ flags, operands, console }) {
    const { files } = localHost();
    const show: Show = { console, color: console.color(flags.color), diff: flags.diff };
    const write = flags.write && !flags.check;
    let changed = 0;
    let failed = false;
    const settle = (outcome: Outcome) => {
      if (outcome === "changed") changed++;
      if (outcome === "faulty") failed = true;
    };
    // What fails with one of them does not keep the others from being formatted.
    const trying = async (work: () => Promise<void>) => {
      await work().catch((error: unknown) => {
        if (!(error instanceof Failure)) throw error;
        failed = true;
        console.error(failureText(error));
      });
    };
    for (const operand of operands) {
      if (operand === "-") {
        settle(formatInput(await readStandardInputBytes(), { ...show, write }));
        continue;
      }
      await trying(async () => {
        for (const path of await findFilesToFormat(operand, flags.recursive, files)) {
          await trying(async () => {
            const layout = layoutOf(path, await files.read(path), show);
            settle(layout.outcome);
            if (layout.outcome !== "changed") return;
            if (write) await files.write(path, layout.text);
            console.say(path);
            showDiff(path, layout, show);
          });
        }
      });
    }
    if (failed) return EXIT.failed;
    return flags.check && changed > 0 ? EXIT.unformatted : EXIT.ok;
  },
});

type Outcome = "same" | "changed" | "faulty";

interface Show {
  readonly console: Console;
  readonly color: boolean;
  readonly diff: boolean;
}

interface Layout {
  readonly outcome: Outcome;
  readonly source: Source;
  readonly text: string;
}

/** The text in the canonical layout; one that cannot be parsed stays as it is, and why is shown. */
function layoutOf(name: string, bytes: Uint8Array, { console, color }: Show): Layout {
  const diagnostics = new Diagnostics();
  const source = decodeSource(name, bytes, diagnostics);
  parseFile(source, diagnostics);
  if (diagnostics.hasErrors) {
    showDiagnostics(console, diagnostics.all, { color });
    return { outcome: "faulty", source, text: source.text };
  }
  const text = format(source.text);
  return { outcome: text === source.text ? "same" : "changed", source, text };
}

/** Standard input: the layout is the output, unless only a verdict or a diff is wanted. */
function formatInput(bytes: Uint8Array, show: Show & { readonly write: boolean }): Outcome {
  const layout = layoutOf("<stdin>", bytes, show);
  if (layout.outcome === "faulty") return "faulty";
  if (show.write) show.console.write(layout.text);
  showDiff("<stdin>", layout, show);
  return layout.outcome;
}

function showDiff(name: string, { source, text }: Layout, { console, color, diff }: Show): void {
  if (diff && text !== source.text) console.say(layoutDiff(name, source.text, text, color));
}
