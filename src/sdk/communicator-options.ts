import { boolean, duration, integer, string, stringList } from "../spec/fields.ts";

/** Options of every builder that can choose how it gets into its machine. Defaults are told here, and set by who connects. */
export const communicatorFields = {
  communicator: string("How provisioners get into the machine: `ssh`, `winrm` or `none`.", { defaultDoc: "`ssh`" }),
  pause_before_connecting: duration("Connects once, drops the connection, waits this long and connects again.", {
    default: 0,
  }),

  ssh_host: string("Address of the machine.", { defaultDoc: "the address that the builder finds" }),
  ssh_port: integer("Port of the SSH server.", { default: 22 }),
  ssh_username: string("User to log in as."),
  ssh_password: string("Password to log in with; also answers every question of keyboard-interactive login.", {
    sensitive: true,
  }),
  ssh_private_key_file: string("Private key to log in with (PEM, without a passphrase). `~` is the home folder.", {
    path: "cwd",
  }),
  ssh_host_key_fingerprint: string("Fingerprint of the machine's host key (`SHA256:…`); no other key is trusted.", {
    defaultDoc: "the key that the builder learns, else the first one seen, with a warning",
  }),
  ssh_known_hosts_file: string("File of OpenSSH with the host keys that are trusted (of the bastion, too).", {
    path: "cwd",
  }),
  ssh_certificate_file: string("OpenSSH certificate of the user; needs the private key.", { path: "cwd" }),
  ssh_keypair_name: string("Name of a key pair that the cloud has; needs the private key or an agent."),
  temporary_key_pair_name: string("Name and comment of the key pair made for this build.", {
    defaultDoc: "`packer_<uuid>`",
  }),
  temporary_key_pair_type: string("Algorithm of the key pair made for this build.", {
    oneOf: ["rsa", "ecdsa", "ed25519", "dsa"],
    default: "ed25519",
  }),
  temporary_key_pair_bits: integer("Bits of the key pair made for this build.", {
    default: 0,
    defaultDoc: "rsa 4096, ecdsa 521, dsa 1024",
  }),
  ssh_clear_authorized_keys: boolean("Takes the key made for this build out of the machine at the end.", {
    default: false,
  }),
  ssh_ciphers: stringList("Ciphers to offer."),
  ssh_key_exchange_algorithms: stringList("Key exchange algorithms to offer."),
  ssh_pty: boolean("Runs commands on a terminal.", { default: false }),
  ssh_timeout: duration("How long to wait until the machine can be logged in to.", {
    defaultDoc: "`5m`, and no limit where only `ssh_handshake_attempts` is set",
  }),
  ssh_wait_timeout: duration("As `ssh_timeout`.", { deprecated: "Use `ssh_timeout`." }),
  ssh_handshake_attempts: integer("How often a login may be refused.", {
    defaultDoc: "10, and no limit where only `ssh_timeout` is set",
  }),
  ssh_agent_auth: boolean("Logs in with the keys of the SSH agent.", { default: false }),
  ssh_disable_agent_forwarding: boolean("Keeps the SSH agent from the machine.", { default: false }),
  ssh_file_transfer_method: string("How files are moved.", { oneOf: ["scp", "sftp"], default: "scp" }),
  ssh_keep_alive_interval: duration("How often a sign of life is sent; negative: never.", { default: 5000 }),
  ssh_read_write_timeout: duration("Longest silence of the connection; 0: no limit.", { default: 0 }),
  ssh_proxy_host: string("Proxy to go through."),
  ssh_proxy_type: string("Kind of the proxy.", { oneOf: ["socks5", "http"], default: "socks5" }),
  ssh_proxy_port: integer("Port of the proxy.", { default: 1080 }),
  ssh_proxy_username: string("User at the proxy."),
  ssh_proxy_password: string("Password at the proxy.", { sensitive: true }),
  ssh_bastion_host: string("SSH server to go through."),
  ssh_bastion_port: integer("Its port.", { default: 22 }),
  ssh_bastion_username: string("User to log in as there."),
  ssh_bastion_password: string("Password to log in with there.", { sensitive: true }),
  ssh_bastion_private_key_file: string("Private key to log in with there.", {
    path: "cwd",
    defaultDoc: "`ssh_private_key_file`",
  }),
  ssh_bastion_certificate_file: string("Certificate to log in with there.", { path: "cwd" }),
  ssh_bastion_agent_auth: boolean("Logs in there with the keys of the SSH agent.", { default: false }),
  ssh_bastion_host_key_fingerprint: string("Fingerprint of its host key (`SHA256:…`); no other key is trusted."),
  ssh_bastion_interactive: boolean("Answers questions there with the password.", { default: false }),
  ssh_remote_tunnels: stringList("`PORT:HOST:HOSTPORT`: a port of the machine leads to a host seen from here."),
  ssh_local_tunnels: stringList("`PORT:HOST:HOSTPORT`: a port here leads to a host seen from the machine."),
  ssh_public_key: string("Public key, set by builders.", { hidden: true }),
  ssh_private_key: string("Private key, set by builders.", { hidden: true, sensitive: true }),

  winrm_username: string("User to log in as."),
  winrm_password: string("Password to log in with.", { sensitive: true }),
  winrm_host: string("Address of the machine.", { defaultDoc: "the address that the builder finds" }),
  winrm_port: integer("Port of the WinRM service.", { defaultDoc: "5985, or 5986 with `winrm_use_ssl`" }),
  winrm_timeout: duration("How long to wait until the machine can be logged in to.", { default: 1_800_000 }),
  winrm_use_ssl: boolean("Connects by HTTPS.", { default: false }),
  winrm_insecure: boolean("Does not check the machine's certificate.", { default: false }),
  winrm_use_ntlm: boolean("Logs in by NTLM instead of Basic.", { default: false }),
  winrm_no_proxy: boolean("Goes past the proxy.", { default: false }),
};
