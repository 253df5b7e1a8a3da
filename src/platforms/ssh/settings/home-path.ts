import type { Host } from "../../../sdk/host.ts";

/** A leading `~` is the home folder; the rest is as it is. */
export function homePath(host: Host, path: string): string {
  return path === "~" || path.startsWith("~/") ? `${host.home}${path.slice(1)}` : path;
}
