import { Failure } from "../../../sdk/failure.ts";
import { quoteForSh } from "../../../sdk/scripts/quote-for-sh.ts";
import type { GuestConnection } from "./guest-connection.ts";

/** Removes our files from the guest, which may be restarting. Throws a Failure where one cannot be removed. */
export async function removeFromGuest(
  paths: Iterable<string>,
  guest: GuestConnection,
  signal: AbortSignal,
): Promise<void> {
  const { exitCode } = await guest.insist((communicator) => communicator.run({ line: removing(paths) }, signal));
  if (exitCode === 0) return;
  throw new Failure(`Error removing temporary script at ${[...paths].join(", ")}: rm exited with ${exitCode}`, {
    hint: "Set skip_clean = true to leave it in the guest.",
  });
}

/** Once, without insisting, so that the fault that came before stays in front. */
export async function tryToRemoveFromGuest(
  paths: Iterable<string>,
  guest: GuestConnection,
  signal: AbortSignal,
): Promise<void> {
  await guest.communicator.run({ line: removing(paths) }, signal).catch(() => {});
}

/** The command that removes them. */
export function removing(paths: Iterable<string>): string {
  return `rm -f ${[...paths].map(quoteForSh).join(" ")}`;
}
