// A process that holds a lock, for the tests of locks between processes.
import { localHost } from "../local-host.ts";
import { tryHoldLock } from "../lock.ts";

const [path = "", deed = "", argument = ""] = process.argv.slice(2);
const { files } = localHost();
const forever = (): Promise<void> =>
  new Promise(() => {
    setInterval(() => {}, 60_000);
  });

if (deed === "count") {
  for (let turn = 0; turn < 10; turn++) {
    await files.withLock(path, AbortSignal.timeout(20_000), async () => {
      await files.write(argument, String(Number(await files.readText(argument)) + 1));
    });
  }
} else if (deed === "with-lock") {
  await files.withLock(path, AbortSignal.timeout(20_000), async () => {
    process.stdout.write("held\n");
    await forever();
  });
} else {
  const lock = await tryHoldLock(path);
  process.stdout.write(lock ? "held\n" : "busy\n");
  if (lock && deed === "hold") await forever();
}
