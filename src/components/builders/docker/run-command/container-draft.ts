import type { ContainerRequest } from "../../../../platforms/docker/containers/containers.ts";

/** A container's creation while flags and options are gathered; members as the Engine API names them. */
export interface ContainerDraft {
  /** Of the container: what a commit carries into the image. */
  readonly config: Record<string, unknown>;
  /** Of its life on this host. */
  readonly host: Record<string, unknown>;
  /** Of its first network. */
  readonly network: Record<string, unknown>;
  /** `--name` */
  name?: string;
  platform?: string;
  /** `--pull` */
  pull?: "always" | "missing" | "never";
  /** `--cidfile` */
  idFile?: string;
}

export function emptyDraft(): ContainerDraft {
  return { config: {}, host: {}, network: {} };
}

/** What the image brings along. */
export interface ImageDefaults {
  readonly Entrypoint?: readonly string[] | null;
  readonly Cmd?: readonly string[] | null;
}

export function containerRequest(
  draft: ContainerDraft,
  image: { readonly name: string; readonly defaults: ImageDefaults | null | undefined },
  command: readonly string[],
): ContainerRequest {
  const network = draft.host.NetworkMode;
  const hasNetwork = Object.keys(draft.network).length > 0;
  return {
    ...draft.config,
    Image: image.name,
    ...commandMembers(draft, image.defaults, command),
    HostConfig: draft.host,
    ...(hasNetwork && {
      NetworkingConfig: { EndpointsConfig: { [typeof network === "string" ? network : "bridge"]: draft.network } },
    }),
  };
}

/**
 * A commit cannot take a container's command away from an image that has none. Such a command is made part of the
 * entrypoint, which runs the same and can be taken away.
 */
function commandMembers(
  draft: ContainerDraft,
  defaults: ImageDefaults | null | undefined,
  command: readonly string[],
): { Entrypoint?: readonly string[]; Cmd?: readonly string[] } {
  if (command.length === 0) return {};
  if (defaults?.Cmd?.length) return { Cmd: command };
  const asked = draft.config.Entrypoint;
  const entrypoint: readonly string[] = Array.isArray(asked) ? asked : (defaults?.Entrypoint ?? []);
  return { Entrypoint: [...entrypoint.filter((part) => part !== ""), ...command] };
}

/** Appends to a list of the draft. */
export function append(target: Record<string, unknown>, member: string, ...items: readonly unknown[]): void {
  const list = target[member];
  target[member] = [...(Array.isArray(list) ? list : []), ...items];
}

/** Adds a key to a map of the draft. */
export function put(target: Record<string, unknown>, member: string, key: string, value: unknown): void {
  const map = target[member];
  target[member] = { ...(typeof map === "object" && map !== null ? map : {}), [key]: value };
}
