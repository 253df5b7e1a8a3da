import { catalogue } from "../../catalogue.ts";
import { pruneRuns } from "../../engine/journal/prune-runs.ts";
import { stateFolder } from "../../engine/journal/state-folder.ts";
import { runPlan } from "../../engine/run-plan.ts";
import type { RunResult } from "../../engine/run-result.ts";
import type { Host } from "../../sdk/host.ts";
import { localHost } from "../../sdk/local-host/local-host.ts";
import { evaluationFlags, templateFlags } from "../arguments/template-flags.ts";
import { defineCommand } from "../command.ts";
import { EXIT, exitCodeOf, type FailureKind } from "../exit-codes.ts";
import { chooseRenderer } from "../output/choose-renderer.ts";
import { faultText } from "../output/messages.ts";
import { planTemplate } from "../plan-template.ts";
import { terminalInteraction } from "../terminal/interaction.ts";
import { listenForStop } from "../terminal/signals.ts";
import { INGOT_VERSION } from "../version.ts";

export const build = defineCommand({
  name: "build",
  operands: "TEMPLATE",
  operandCount: [1, 1],
  doc:
    "Builds the images of a template: a file, a folder or - for standard input. Builds run in parallel; one that fails " +
    "does not stop the others. What a build makes on its way is removed when it ends, however it ends.",
  flags: {
    color: { kind: "boolean", default: true, doc: "Disable color output." },
    debug: { kind: "boolean", doc: "One build at a time, with a pause before each step and provisioner." },
    force: { kind: "boolean", doc: "Build even where artifacts exist already: they are replaced." },
    "machine-readable": { kind: "boolean", doc: "Produce machine-readable output." },
    "on-error": {
      kind: "text",
      value: "mode",
      oneOf: ["cleanup", "abort", "ask", "run-cleanup-provisioner"],
      doc: "When a build fails: clean up (default), leave everything and list it, ask, or run the cleanup provisioner only.",
    },
    "parallel-builds": {
      kind: "number",
      value: "1",
      default: 0,
      doc: "How many builds run at once. 1: one after the other. 0: no limit (default).",
    },
    "timestamp-ui": { kind: "boolean", doc: "Put the time (RFC 3339) before each line." },
    ui: {
      kind: "text",
      value: "ui",
      oneOf: ["live", "plain"],
      doc: "Live lanes, or lines. Default: lanes on a terminal.",
    },
    json: { kind: "boolean", doc: "Print events as JSON lines (docs/events.md)." },
    result: { kind: "text", value: "FILE", doc: "Write what became of each build to this file, as JSON." },
    "detailed-exitcode": {
      kind: "boolean",
      doc: "Exit with 10 for a bad template, 11 failed builds, 12 some failed, 13 cancelled, 70 a bug; else 1 for all.",
    },
    ...templateFlags,
    "warn-on-undeclared-var": {
      kind: "boolean",
      doc: "Warn of variables in files that the template does not declare.",
    },
    "skip-enforcement": { kind: "boolean", hidden: true, doc: "Accepted for compatibility: there is nothing to skip." },
    ...evaluationFlags,
  },

  async run({ flags, operands: [path = ""], console, argv }) {
    if (flags.json) console.speakJson?.();
    const host = localHost({ onWait: (text) => console.say(text) });
    const exit = (kind: FailureKind) => exitCodeOf(kind, flags["detailed-exitcode"]);
    const stop = listenForStop();
    try {
      const plan = await planTemplate({
        path,
        host,
        flags,
        catalogue,
        console,
        signal: stop.orderly,
        color: console.color(flags.color),
        readDataSources: true,
        requireValues: true,
        warnOnUndeclared: flags["warn-on-undeclared-var"],
      });
      if (!plan) return exit(stop.orderly.aborted ? "cancelled" : "bad-template");
      const onError = flags["on-error"] ?? "cleanup";
      const renderer = chooseRenderer(console, {
        json: flags.json,
        timestamps: flags["timestamp-ui"],
        color: flags.color,
        ui: flags.ui,
        asks: flags.debug || onError === "ask",
      });
      const result = await runPlan(
        plan,
        {
          parallelBuilds: flags["parallel-builds"],
          onError: onError as "cleanup",
          debug: flags.debug,
          force: flags.force,
          ingot: INGOT_VERSION,
          arguments: ["build", ...argv],
        },
        {
          host,
          ownedKinds: catalogue.ownedKinds,
          emit: renderer.event,
          interaction: terminalInteraction((text) => console.say(text)),
          signals: stop,
          uncaught: listenForUncaught,
        },
      ).finally(() => renderer.close());
      for (const fault of result.faults) console.error(faultText(fault));
      if (flags.result) await writeResult(host, flags.result, result);
      await pruneRuns({ stateFolder: stateFolder(host), now: host.now() }).catch(() => undefined);
      const kind = failureKindOf(result);
      return kind === undefined ? EXIT.ok : exit(kind);
    } finally {
      stop.release();
    }
  },
});

function failureKindOf(result: RunResult): FailureKind | undefined {
  if (result.builds.some(({ error }) => error?.bug)) return "internal-bug";
  if (result.outcome === "succeeded") return result.faults.length > 0 ? "internal-bug" : undefined;
  if (result.outcome === "cancelled") return "cancelled";
  return result.counts.succeeded > 0 ? "partial-success" : "build-failed";
}

async function writeResult(host: Host, path: string, result: RunResult): Promise<void> {
  await host.files.write(path, `${JSON.stringify({ schema: 1, ...result }, null, 2)}\n`);
}

function listenForUncaught(listener: (error: unknown) => void): () => void {
  process.on("unhandledRejection", listener);
  process.on("uncaughtException", listener);
  return () => {
    process.off("unhandledRejection", listener);
    process.off("uncaughtException", listener);
  };
}
