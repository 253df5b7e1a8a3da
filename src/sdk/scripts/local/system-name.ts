import type { Host } from "../../host.ts";

/** Names that `only_on` knows. */
export const SYSTEMS: readonly string[] = ["darwin", "freebsd", "linux", "openbsd", "solaris", "windows"];

/** The system that Ingot runs on, as `only_on` names it. */
export function systemName(host: Host): string {
  return host.platform === "win32" ? "windows" : host.platform;
}
