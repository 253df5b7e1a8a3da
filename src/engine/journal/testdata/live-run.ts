// A run that owns one thing and goes on until it is killed.
import { openJournal } from "../open-journal.ts";

const [stateFolder = ""] = process.argv.slice(2);
const journal = await openJournal({
  stateFolder,
  ingot: "0.1.0",
  now: () => new Date(),
  signal: AbortSignal.timeout(20_000),
});
await journal.commit({ type: "owned", owned: { kind: "thing", id: "a", mark: "m", data: {} } });
process.stdout.write("owned\n");
setInterval(() => {}, 60_000);
