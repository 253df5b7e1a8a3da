import { Failure } from "../../sdk/failure.ts";

/** Where a plugin listens, as it says in the first line that it prints. */
export type PluginAddress =
  | { readonly network: "unix"; readonly path: string }
  | { readonly network: "tcp"; readonly host: string; readonly port: number };

/** The API of plugins that is spoken here: this major, and no minor above. */
const MAJOR = "5";
const MINOR = 0;

/**
 * Reads `MAJOR|MINOR|NETWORK|ADDRESS`. `withoutMinor`: also `MAJOR|NETWORK|ADDRESS`, as the components built into
 * Packer 1.6 print it. Throws a Failure for another version and for what is no such line; `label` names the plugin.
 */
export function parseHandshake(line: string, label: string, withoutMinor: boolean): PluginAddress {
  const text = line.trim();
  const parts = text.split("|");
  if (parts.length === 3 && parts[0] === MAJOR && (parts[1] === "unix" || parts[1] === "tcp")) {
    if (!withoutMinor) {
      throw new Failure(`${label} speaks an old protocol of plugins, without an API version`, {
        hint: "Install a version of it that was made for Packer 1.7 or newer.",
      });
    }
    return addressOf(parts[1], parts[2] ?? "", label, text);
  }
  const [major = "", minor = "", network = "", ...address] = parts;
  if (address.length === 0 || !/^\d+$/.test(major) || !/^\d+$/.test(minor)) throw garbage(label, text);
  if (major !== MAJOR || Number(minor) > MINOR) {
    throw new Failure(`${label} speaks the plugin API ${major}.${minor}, and ${MAJOR}.${MINOR} is needed`, {
      hint: "Install a version of it that speaks x5.0: its file name says so.",
    });
  }
  return addressOf(network, address.join("|"), label, text);
}

function addressOf(network: string, address: string, label: string, line: string): PluginAddress {
  if (network === "unix" && address !== "") return { network, path: address };
  const [, host = "", port = ""] = /^(.*):(\d{1,5})$/.exec(address) ?? [];
  const bare = host.replace(/^\[(.*)\]$/, "$1");
  if (network !== "tcp" || Number(port) < 1 || Number(port) > 65_535) throw garbage(label, line);
  // A plugin is a child of this process: whatever answers elsewhere is not it.
  if (!isLoopback(bare)) throw new Failure(`${label} says that it listens at ${address}, which is not this machine`);
  return { network, host: bare, port: Number(port) };
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);
}

function garbage(label: string, line: string): Failure {
  return new Failure(`${label} did not begin as a plugin does, but with ${JSON.stringify(shortened(line))}`, {
    hint: "Is it a plugin of Packer, built for this machine?",
  });
}

function shortened(text: string): string {
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}
