// A run that makes and removes temporary files and folders, one after the other, until it is killed.
import { localHost } from "../../../sdk/local-host/local-host.ts";
import { temporaryPath, temporaryPathKind } from "../../../sdk/temporary-path.ts";
import { openJournal } from "../../journal/open-journal.ts";
import { openLedger } from "../ledger.ts";

const [stateFolder = ""] = process.argv.slice(2);
const host = localHost();
const signal = AbortSignal.timeout(20_000);
const journal = await openJournal({ stateFolder, ingot: "0.1.0", now: () => host.now(), signal });
const run = openLedger({
  host,
  kind: () => temporaryPathKind,
  record: (event) => journal.commit(event),
  emit: (event) => journal.append(event),
});
process.stdout.write("started\n");
for (let turn = 0; !signal.aborted; turn++) {
  const step = run.within();
  const folder = await temporaryPath(host, step);
  await host.files.write(`${folder.path}/deep/down`, "x");
  const file = await temporaryPath(host, step, ".txt");
  await host.files.write(file.path, "secret");
  const product = await temporaryPath(host, step);
  await host.files.write(product.path, "product");
  await host.files.rename(product.path, `${host.temporaryFolder}/product-${turn}`);
  await product.renamed();
  await step.undo({ signal });
}
