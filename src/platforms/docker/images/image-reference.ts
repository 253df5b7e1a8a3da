/** The parts of "registry:5000/team/app:1.2@sha256:…". */
export interface ImageReference {
  /** As written, without tag and digest: "team/app", "registry:5000/team/app". */
  readonly repository: string;
  readonly tag?: string;
  /** "sha256:…" */
  readonly digest?: string;
  /** The registry that serves it: "docker.io" where none is written. */
  readonly registry: string;
}

export function parseImageReference(text: string): ImageReference {
  const at = text.indexOf("@");
  const digest = at < 0 ? undefined : text.slice(at + 1);
  const named = at < 0 ? text : text.slice(0, at);
  const colon = named.lastIndexOf(":");
  // A colon before the last slash belongs to the registry's port.
  const hasTag = colon > named.lastIndexOf("/");
  const repository = hasTag ? named.slice(0, colon) : named;
  const first = repository.split("/")[0] ?? "";
  const namesRegistry = repository.includes("/") && (/[.:]/.test(first) || first === "localhost");
  return {
    repository,
    ...(hasTag && { tag: named.slice(colon + 1) }),
    ...(digest !== undefined && { digest }),
    registry: namesRegistry ? first : "docker.io",
  };
}

/** True for "sha256:…" and for bare hexadecimal ids of 12 or 64 digits. */
export function isImageId(text: string): boolean {
  return /^sha256:[0-9a-f]{64}$/.test(text) || /^([0-9a-f]{12}|[0-9a-f]{64})$/.test(text);
}
