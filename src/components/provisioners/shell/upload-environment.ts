import type { Provisioning } from "../../../sdk/component.ts";
import { Failure } from "../../../sdk/failure.ts";
import { formatEnvironment, scriptEnvironment } from "../../../sdk/scripts/environment.ts";
import type { GuestConnection } from "./guest-connection.ts";
import type { ShellConfig } from "./provisioner.ts";

/** Puts the file that sets the scripts' environment into the guest; only its owner may read it. */
export async function uploadEnvironment(
  path: string,
  config: ShellConfig,
  guest: GuestConnection,
  provisioning: Provisioning,
): Promise<void> {
  const environment = scriptEnvironment(config, provisioning.facts, provisioning.machine);
  const content = Buffer.from(formatEnvironment(environment, config.env_var_format ?? "export %s='%s'\n"));
  await guest.insist(async (communicator) => {
    try {
      await communicator.upload(content, path, { size: content.length, mode: 0o600 }, provisioning.signal);
    } catch (fault) {
      if (!(fault instanceof Failure)) throw fault;
      throw new Failure(`Error uploading environment variable file: ${fault.message}`, {
        cause: fault,
        hint: fault.hint,
        permanent: fault.permanent,
      });
    }
  });
}
