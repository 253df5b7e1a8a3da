import type { communicatorFields } from "../../../sdk/communicator-options.ts";
import { Failure } from "../../../sdk/failure.ts";
import type { Host } from "../../../sdk/host.ts";
import type { PartialConfig, Problems } from "../../../spec/field.ts";
import { homePath } from "./home-path.ts";
import { parseTunnel } from "./parse-tunnel.ts";

type Options = PartialConfig<typeof communicatorFields>;
type Name = keyof typeof communicatorFields & string;

/** What every builder checks of its options for SSH, but for those that it sets itself (host, user, login). */
export async function checkSsh(config: Options, problems: Problems, host: Host): Promise<void> {
  for (const name of ["ssh_private_key_file", "ssh_bastion_private_key_file"] as const) {
    await checkKey(name, config[name], problems, host);
  }
  for (const name of ["ssh_certificate_file", "ssh_bastion_certificate_file"] as const) {
    await checkCertificate(name, config[name], problems, host);
  }
  if (config.ssh_certificate_file !== undefined && !problems.has("ssh_private_key_file")) {
    const detail = "The certificate says whom the key lets in; without the key it lets in nobody.";
    problems.error("ssh_certificate_file", "ssh_certificate_file needs ssh_private_key_file", detail);
  }
  checkBastion(config, problems);
  for (const name of ["ssh_local_tunnels", "ssh_remote_tunnels"] as const) {
    for (const text of config[name] ?? []) checkTunnel(name, text, problems);
  }
  for (const name of ["ssh_host_key_fingerprint", "ssh_bastion_host_key_fingerprint"] as const) {
    const text = config[name];
    if (text === undefined || /^SHA256:[A-Za-z0-9+/]{43}=?$/.test(text)) continue;
    const detail = "ssh-keygen -lf KEY.pub shows fingerprints: SHA256: and 43 letters.";
    problems.error(name, `${name} is no SHA256 fingerprint`, detail);
  }
  const file = config.ssh_known_hosts_file;
  if (file !== undefined && !(await host.files.exists(homePath(host, file)))) {
    problems.error("ssh_known_hosts_file", "ssh_known_hosts_file does not exist", `There is no file ${file}.`);
  }
}

async function checkKey(name: Name, path: string | undefined, problems: Problems, host: Host): Promise<void> {
  if (path === undefined) return;
  try {
    const text = await host.files.readText(homePath(host, path));
    // The SSH library takes long to load: only where there is a key to look at.
    const { parsePrivateKey } = await import("../keys/private-key.ts");
    parsePrivateKey(text, path);
  } catch (fault) {
    invalid(name, fault, problems);
  }
}

async function checkCertificate(name: Name, path: string | undefined, problems: Problems, host: Host): Promise<void> {
  if (path === undefined) return;
  try {
    const { parseCertificate } = await import("../keys/certificate.ts");
    parseCertificate(await host.files.readText(homePath(host, path)));
  } catch (fault) {
    invalid(name, fault, problems);
  }
}

function invalid(name: Name, fault: unknown, problems: Problems): void {
  if (!(fault instanceof Failure)) throw fault;
  problems.error(name, `${name} is invalid: ${fault.message}`, fault.hint);
}

function checkBastion(config: Options, problems: Problems): void {
  if (!problems.has("ssh_bastion_host")) return;
  if (problems.has("ssh_proxy_host")) {
    problems.error("ssh_proxy_host", "please specify either ssh_bastion_host or ssh_proxy_host, not both");
  }
  if (!problems.has("ssh_bastion_username") && !problems.has("ssh_username")) {
    problems.error(undefined, "ssh_bastion_username must be specified");
  }
  const ways: readonly Name[] = ["ssh_bastion_password", "ssh_bastion_private_key_file", "ssh_private_key_file"];
  if (ways.some((way) => problems.has(way)) || config.ssh_bastion_agent_auth) return;
  problems.error(
    undefined,
    "ssh_bastion_password or ssh_bastion_private_key_file must be specified",
    "ssh_bastion_agent_auth = true is a third way.",
  );
}

function checkTunnel(name: Name, text: string, problems: Problems): void {
  if (parseTunnel(text) !== undefined) return;
  problems.error(name, `${name} ('${text}') is invalid`, "A tunnel is written PORT:HOST:HOSTPORT.");
}
