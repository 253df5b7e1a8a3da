import { listRuns, type RunSummary } from "../../engine/journal/list-runs.ts";
import { journalPath } from "../../engine/journal/open-journal.ts";
import { readJournal } from "../../engine/journal/read-journal.ts";
import { stateFolder } from "../../engine/journal/state-folder.ts";
import { Failure } from "../../sdk/failure.ts";
import { localHost } from "../../sdk/local-host/local-host.ts";
import { defineCommand } from "../command.ts";
import { EXIT } from "../exit-codes.ts";
import { chooseRenderer } from "../output/choose-renderer.ts";
import type { Console } from "../output/console.ts";
import { shortDuration } from "../output/duration.ts";

export const runs = defineCommand({
  name: "runs",
  operands: "[show ID]",
  operandCount: [0, 2],
  doc:
    "Lists past and live runs, oldest first, and what each still owns. `runs show ID` replays one as it was printed; " +
    "an ID can be cut short where it is still unique, and `last` is the newest.",
  flags: {
    json: { kind: "boolean", doc: "Print JSON: the list, or the events of one run." },
    color: { kind: "boolean", doc: "Disable color output.", default: true },
    "timestamp-ui": { kind: "boolean", doc: "Put the time before each line of a replay." },
  },

  async run({ flags, operands: [verb, id], console }) {
    const host = localHost();
    const all = await listRuns(stateFolder(host));
    if (verb === undefined) {
      if (flags.json) console.write(`${JSON.stringify(all.map(jsonOf), null, 2)}\n`);
      else console.say(all.length === 0 ? "No run is on record." : listText(all));
      return EXIT.ok;
    }
    if (verb !== "show" || id === undefined) {
      console.error(`Usage: ingot runs [show ID]`);
      return EXIT.failed;
    }
    const run = findRun(all, id);
    await replay(run, console, { json: flags.json, color: flags.color, timestamps: flags["timestamp-ui"] });
    return EXIT.ok;
  },
});

function findRun(all: readonly RunSummary[], id: string): RunSummary {
  const matches = id === "last" ? all.slice(-1) : all.filter((run) => run.id === id || run.id.startsWith(id));
  const [run, ...others] = matches.filter((one) => one.id === id).concat(matches.filter((one) => one.id !== id));
  if (!run) throw new Failure(`No run "${id}" is on record`, { hint: "`ingot runs` lists them." });
  if (others.length > 0 && run.id !== id) {
    throw new Failure(`"${id}" fits ${matches.length} runs: ${matches.map((one) => one.id).join(", ")}`);
  }
  return run;
}

async function replay(
  run: RunSummary,
  console: Console,
  form: { json: boolean; color: boolean; timestamps: boolean },
): Promise<void> {
  const { events, damaged, torn } = await readJournal(journalPath(run.folder));
  const renderer = chooseRenderer(console, { ...form, ui: "plain", asks: false, log: false });
  for (const event of events) renderer.event(event);
  renderer.close();
  if (form.json) return;
  if (damaged > 0) console.error(`${damaged} record${damaged === 1 ? "" : "s"} of this journal could not be read.`);
  if (torn) console.say("The last record was cut off: the run died while it wrote it.");
  if (run.owns.length > 0) console.say(`\n${ownsText(run)}`);
}

function listText(all: readonly RunSummary[]): string {
  const lines = all.map(row);
  if (all.some(canBeCollected)) {
    lines.push("\n`ingot gc` removes what runs that have ended still own; `ingot gc -dry-run` lists it.");
  }
  return lines.join("\n");
}

function canBeCollected({ state, owns }: RunSummary): boolean {
  return owns.length > 0 && (state === "finished" || state === "crashed");
}

function row(run: RunSummary): string {
  const state = run.state === "finished" ? (run.outcome ?? "finished") : run.state;
  const spent = run.finished === undefined ? "" : shortDuration(run.finished - run.started);
  const owns = run.owns.length === 0 ? "" : `  owns ${run.owns.length} thing${run.owns.length === 1 ? "" : "s"}`;
  return `${run.id}  ${state.padEnd(10)} ${spent.padStart(7)}  ${run.template ?? ""}${owns}`;
}

function ownsText(run: RunSummary): string {
  const list = run.owns.map((owned) => `  ${owned.kind} ${owned.id}`).join("\n");
  const advice = adviceOn(run);
  return `This run still owns:\n${list}${advice}`;
}

function adviceOn(run: RunSummary): string {
  if (canBeCollected(run)) return "\n`ingot gc` removes it.";
  if (run.state === "foreign")
    return `\nIt ran on ${run.header?.hostName ?? "another machine"}: run \`ingot gc\` there.`;
  if (run.state === "unreadable") return "\n`ingot gc` cannot remove it, and says how to do that by hand.";
  return "";
}

function jsonOf(run: RunSummary): unknown {
  const { id, folder, state, started, finished, outcome, template, builds, owns, unsettled, damaged } = run;
  return { id, folder, state, started, finished, outcome, template, builds, owns, unsettled, damaged };
}
