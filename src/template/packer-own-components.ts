const ASK_BY_HTTP = 'Until then an "http" data source can ask for it, or a variable hold it.';

/** What users may do until a component that Packer itself brings is part of Ingot, too. By type. */
const INSTEAD: Readonly<Record<string, string>> = {
  powershell: "Windows guests are not supported yet.",
  "windows-shell": "Windows guests are not supported yet.",
  "windows-restart": "Windows guests are not supported yet.",
  "hcp-sbom":
    'Until then a "shell" provisioner can run a scanner in the guest, and a "file" provisioner with direction = "download" fetch what it found.',
  provenance: 'Until then a "shell-local" post-processor can run a signing tool on the files of the artifact.',
  "hcp-packer-version": ASK_BY_HTTP,
  "hcp-packer-artifact": ASK_BY_HTTP,
  "hcp-packer-iteration": ASK_BY_HTTP,
  "hcp-packer-image": ASK_BY_HTTP,
};

/** For a type that belongs to Packer's own program and is not here yet: what to do instead. */
export function insteadOfPackersOwn(type: string): string | undefined {
  return Object.hasOwn(INSTEAD, type) ? INSTEAD[type] : undefined;
}
