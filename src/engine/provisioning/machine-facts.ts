import type { MachineFactsForTemplates } from "../../sdk/component.ts";
import type { Json } from "../../sdk/json.ts";
import type { MachineFacts } from "../../sdk/machine.ts";

/**
 * `build.*` at run time, under the names that Packer gives: what the builder does not know is the same marker text or
 * empty value as there, for templates that compare with it.
 */
export function machineFactsForTemplates(facts: MachineFacts, runId: string): MachineFactsForTemplates {
  return { ...unknownMachine(runId), ...known(facts) };
}

/** Of a build that has no machine. */
export function unknownMachine(runId: string): MachineFactsForTemplates {
  return {
    ID: "ERR_ID_NOT_IMPLEMENTED_BY_BUILDER",
    PackerRunUUID: runId,
    PackerHTTPIP: "ERR_HTTP_IP_NOT_IMPLEMENTED_BY_BUILDER",
    PackerHTTPPort: "ERR_HTTP_PORT_NOT_IMPLEMENTED_BY_BUILDER",
    PackerHTTPAddr: "ERR_HTTP_ADDR_NOT_IMPLEMENTED_BY_BUILDER",
    Host: "",
    Port: 0,
    User: "",
    Password: "",
    ConnType: "",
    SSHPublicKey: "",
    SSHPrivateKey: "",
    SSHPrivateKeyFile: "",
    SSHAgentAuth: false,
    WinRMPassword: "",
  };
}

/** The secret ones among the facts, to be masked. */
export function secretsOf(facts: MachineFacts): string[] {
  const { Password, WinRMPassword, SSHPrivateKey } = facts;
  return [Password, WinRMPassword, SSHPrivateKey].filter((secret): secret is string => !!secret);
}

/** The facts without those that are undefined. */
export function known(facts: MachineFactsForTemplates): Record<string, Json> {
  const entries = Object.entries(facts).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return Object.fromEntries(entries);
}
