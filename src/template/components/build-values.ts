import { fromPlain } from "../../hcl/values/plain.ts";
import { objectValue, sensitive, stringValue, UNKNOWN_VALUE, type Value } from "../../hcl/values/value.ts";
import type { MachineFactsForTemplates } from "../../sdk/component.ts";

/** What every builder's machine has to say; a builder may add names of its own. */
const COMMON_NAMES = [
  "ID",
  "Host",
  "Port",
  "User",
  "Password",
  "ConnType",
  "PackerRunUUID",
  "PackerHTTPIP",
  "PackerHTTPPort",
  "PackerHTTPAddr",
  "SSHPublicKey",
  "SSHPrivateKey",
  "SSHPrivateKeyFile",
  "SSHAgentAuth",
  "WinRMPassword",
];

/** What stands for a fact that the builder does not have, as in Packer. */
const ABSENT: Readonly<Record<string, Value>> = {
  ID: stringValue("ERR_ID_NOT_IMPLEMENTED_BY_BUILDER"),
  PackerHTTPIP: stringValue("ERR_HTTP_IP_NOT_IMPLEMENTED_BY_BUILDER"),
  PackerHTTPPort: stringValue("ERR_HTTP_PORT_NOT_IMPLEMENTED_BY_BUILDER"),
  PackerHTTPAddr: stringValue("ERR_HTTP_ADDR_NOT_IMPLEMENTED_BY_BUILDER"),
  Port: fromPlain(0),
  SSHAgentAuth: fromPlain(false),
};

const SECRET_NAMES: ReadonlySet<string> = new Set(["Password", "SSHPrivateKey", "WinRMPassword"]);

/** `build` as provisioners and post-processors see it. Without facts, before anything runs, all but the name is unknown. */
export function buildValue(
  buildBlockName: string | undefined,
  generates: readonly string[],
  facts: MachineFactsForTemplates | undefined,
): Value {
  const attributes = new Map<string, Value>();
  for (const name of [...COMMON_NAMES, ...generates]) {
    attributes.set(name, facts ? (ABSENT[name] ?? stringValue("")) : UNKNOWN_VALUE);
  }
  for (const [name, fact] of Object.entries(facts ?? {})) {
    if (fact === undefined) continue;
    attributes.set(name, SECRET_NAMES.has(name) ? sensitive(fromPlain(fact)) : fromPlain(fact));
  }
  attributes.set("name", stringValue(buildBlockName ?? ""));
  return objectValue(attributes);
}
