import { createInterface } from "node:readline";
import { catalogue } from "../../catalogue.ts";
import { stateFolder } from "../../engine/journal/state-folder.ts";
import { Diagnostics } from "../../hcl/source/diagnostic.ts";
import { Failure } from "../../sdk/failure.ts";
import type { Host } from "../../sdk/host.ts";
import { localHost } from "../../sdk/local-host/local-host.ts";
import { packerInterpolation } from "../../template/components/interpolation.ts";
import { evaluateTemplate } from "../../template/evaluate-template.ts";
import type { LoadedTemplate } from "../../template/loaded-template.ts";
import { evaluationFlags, templateFlags } from "../arguments/template-flags.ts";
import { defineCommand } from "../command.ts";
import { completionsOf } from "../console/completions.ts";
import { type ConsoleSession, consoleSession } from "../console/console-session.ts";
import { openHistory } from "../console/history.ts";
import { talk } from "../console/talk.ts";
import { withoutTemplate } from "../console/without-template.ts";
import { EXIT } from "../exit-codes.ts";
import type { Console } from "../output/console.ts";
import { showDiagnostics } from "../output/diagnostics.ts";
import { valuesInspection } from "../output/inspection.ts";
import { loadTemplate } from "../plan-template.ts";
import { listenForStop } from "../terminal/signals.ts";

export const consoleCommand = defineCommand({
  name: "console",
  operands: "[TEMPLATE]",
  operandCount: [0, 1],
  doc:
    "Evaluates expressions with what a template declares: at a terminal with history and completion (Tab), else every " +
    "line of standard input. Without a template, functions alone can be used. Data sources are not read, and their " +
    "values unknown, unless -evaluate-datasources is given.\n" +
    "Exits with 1 when a line of standard input had no value.",
  flags: {
    json: { kind: "boolean", doc: "Print each value as one line of JSON; faults go to standard error." },
    "evaluate-datasources": { kind: "boolean", doc: "Read data sources, instead of taking their values as unknown." },
    color: { kind: "boolean", default: true, doc: "Disable color output." },
    "machine-readable": { kind: "boolean", doc: "Produce machine-readable output." },
    ...templateFlags,
    ...evaluationFlags,
  },

  async run({ flags, operands: [path], console }) {
    if (path === "-") {
      throw new Failure("The template cannot come from standard input, for that is where expressions come from", {
        hint: "Give the name of a file or folder.",
      });
    }
    const color = console.color(flags.color);
    const host = localHost({ onWait: (text) => console.say(text) });
    const stop = listenForStop();
    const read =
      path === undefined
        ? await readNothing(host)
        : await loadTemplate({
            path,
            host,
            flags,
            catalogue,
            console,
            signal: stop.orderly,
            color,
            readDataSources: flags["evaluate-datasources"],
            warnOnUndeclared: false,
            requireValues: false,
            allFunctions: true,
          });
    stop.release();
    if (!read) return EXIT.failed;
    const { loaded, diagnostics, mask } = read;
    // What is wrong with the template does not keep the rest of it from being looked at. What reads a pipe's other end
    // wants values and nothing else.
    const piped = !process.stdin.isTTY || !process.stdout.isTTY;
    showDiagnostics(piped ? faultConsole(console) : console, diagnostics.all, { color, mask });

    const interpolation = packerInterpolation(host, loaded.files, host.now())();
    const takesOldLanguage = path === undefined && flags["config-type"] !== "hcl2";
    const render = loaded.legacy?.render ?? (takesOldLanguage ? interpolation : undefined);
    const session = consoleSession({
      console,
      color,
      mask,
      evaluating: { scope: loaded.scope, render, rendersAll: loaded.language === "json" },
      variables: () => valuesInspection(loaded).join("\n"),
      json: flags.json,
      writeFault: (line) => process.stderr.write(line),
    });
    if (piped) {
      const code = await enterAll(session);
      return diagnostics.hasErrors ? EXIT.failed : code;
    }
    const history = await openHistory(host, stateFolder(host), (line) => mask(line) !== line);
    const terminal = { input: process.stdin, output: process.stdout };
    await talk(terminal, history, (line) => completionsOf(line, loaded.scope), session.enter);
    return EXIT.ok;
  },
});

/** Prints to standard error. */
function faultConsole(console: Console): Console {
  const write = (text: string) => process.stderr.write(`${text}\n`);
  return { ...console, say: write, error: write };
}

/** Every line of standard input. */
async function enterAll(session: ConsoleSession): Promise<number> {
  let code: number = EXIT.ok;
  for await (const line of createInterface({ input: process.stdin })) {
    const outcome = session.enter(line);
    if (outcome === "exit") break;
    if (outcome === "failed") code = EXIT.failed;
  }
  return code;
}

interface ReadForConsole {
  readonly loaded: LoadedTemplate;
  readonly diagnostics: Diagnostics;
  readonly mask: (text: string) => string;
}

async function readNothing(host: Host): Promise<ReadForConsole> {
  const diagnostics = new Diagnostics();
  const options = { catalogue, requireValues: false, allFunctions: true };
  const loaded = await evaluateTemplate(withoutTemplate(host), options, diagnostics);
  return { loaded, diagnostics, mask: (text) => text };
}
