import { checkSsh } from "../../../platforms/ssh/settings/check-ssh.ts";
import type { communicatorFields } from "../../../sdk/communicator-options.ts";
import type { Host } from "../../../sdk/host.ts";
import type { PartialConfig, Problems } from "../../../spec/field.ts";

/** That the machine, which this builder does not make, is named and can be logged in to. */
export async function checkConnection(
  config: PartialConfig<typeof communicatorFields>,
  problems: Problems,
  host: Host,
): Promise<void> {
  const kind = config.communicator ?? (problems.has("communicator") ? undefined : "ssh");
  if (kind === undefined || kind === "none") return;
  if (kind !== "ssh" && kind !== "winrm") {
    problems.error("communicator", `Communicator type ${kind} is invalid`, "It can be ssh, winrm or none.");
    return;
  }
  if (!problems.has(`${kind}_host`)) {
    problems.error(undefined, "A host must be specified", `Set ${kind}_host, or communicator = "none".`);
  }
  if (!problems.has(`${kind}_username`)) problems.error(undefined, `${kind}_username must be specified`);
  checkLogin(kind, config, problems);
  if (kind === "ssh") return await checkSsh(config, problems, host);
  problems.warning(
    "communicator",
    `This version of Ingot cannot connect by ${kind} yet`,
    "The template is fine, but this build will fail when it connects.",
  );
}

const SSH_LOGINS = ["ssh_password", "ssh_private_key_file", "ssh_agent_auth"];

function checkLogin(kind: "ssh" | "winrm", config: PartialConfig<typeof communicatorFields>, problems: Problems): void {
  const ways = kind === "winrm" ? ["winrm_password"] : SSH_LOGINS;
  const given = ways.filter(
    (way) => problems.has(way) && !(way === "ssh_agent_auth" && config.ssh_agent_auth === false),
  );
  if (given.length === 0) {
    problems.error(undefined, "One authentication method must be specified", `Set ${ways.join(", or ")}.`);
  }
  if (given.length > 1) {
    problems.error(
      given[1],
      "Only one of ssh_agent_auth, ssh_password, and ssh_private_key_file must be specified",
      `Here are ${given.join(" and ")}.`,
    );
  }
}
