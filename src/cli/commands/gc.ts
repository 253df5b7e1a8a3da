import { catalogue } from "../../catalogue.ts";
import { stateFolder } from "../../engine/journal/state-folder.ts";
import { collectGarbage, type GarbageReport, type GarbageRow } from "../../engine/ownership/collect-garbage.ts";
import { localHost } from "../../sdk/local-host/local-host.ts";
import { defineCommand } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { faultText } from "../output/messages.ts";
import { listenForStop } from "../terminal/signals.ts";

export const gc = defineCommand({
  name: "gc",
  operands: "",
  operandCount: [0, 0],
  doc:
    "Lists what runs that died left behind (containers, images not yet finished, temporary files), then removes it. " +
    "It never touches what belongs to a run that is alive, what a user made, or a finished image.\n" +
    "Exits 1 when something could not be removed.",
  flags: {
    "dry-run": { kind: "boolean", doc: "Only list what would be removed." },
    json: { kind: "boolean", doc: "Print what was done as JSON." },
  },

  async run({ flags, console }) {
    const host = localHost();
    const stop = listenForStop();
    const onRow = (row: GarbageRow) => {
      if (!flags.json) console.say(rowText(row));
    };
    const folder = stateFolder(host);
    const report = await collectGarbage({
      host,
      stateFolder: folder,
      kinds: catalogue.ownedKinds,
      dryRun: flags["dry-run"],
      signal: stop.orderly,
      onRow,
    }).finally(() => stop.release());
    if (flags.json) console.write(`${JSON.stringify(report, null, 2)}\n`);
    else console.say(totals(report));
    const stays = report.rows.some(({ outcome }) => outcome === "failed" || outcome === "unknown-kind");
    return stays || report.unreadable.length > 0 ? EXIT.failed : EXIT.ok;
  },
});

const WORDS: Readonly<Record<GarbageRow["outcome"], string>> = {
  removed: "removed",
  gone: "was gone already",
  kept: "kept: it no longer carries our mark",
  settled: "is finished: kept, and our mark taken off",
  "would-remove": "would be removed",
  "would-settle": "is finished: would be kept, and our mark taken off",
  failed: "could not be removed",
  "unknown-kind": "is of a kind that this Ingot does not know",
  foreign: "was made on another machine, and only that can remove it",
};

function rowText(row: GarbageRow): string {
  const parts = [`${row.what} (run ${row.runId}): ${WORDS[row.outcome]}`];
  if (row.hostName) parts.push(`  machine: ${row.hostName}`);
  if (row.error) parts.push(`  ${faultText(row.error).replaceAll("\n", "\n  ")}`);
  if (row.byHand) parts.push(`  by hand: ${row.byHand}`);
  return parts.join("\n");
}

function totals({ rows, unreadable }: GarbageReport): string {
  const lines = unreadable.map(({ runId, error }) => `run ${runId}: ${faultText(error)}`);
  const counts = new Map<string, number>();
  for (const { outcome } of rows) counts.set(COUNTED[outcome], (counts.get(COUNTED[outcome]) ?? 0) + 1);
  const parts = [...counts].map(([word, count]) => `${count} ${word}`);
  lines.push(rows.length === 0 ? "Nothing was left behind." : `In all: ${parts.join(", ")}.`);
  return lines.join("\n");
}

const COUNTED: Readonly<Record<GarbageRow["outcome"], string>> = {
  removed: "removed",
  gone: "gone already",
  kept: "kept",
  settled: "finished",
  "would-remove": "to be removed",
  "would-settle": "to be finished",
  failed: "not removed",
  "unknown-kind": "not known",
  foreign: "of another machine",
};
