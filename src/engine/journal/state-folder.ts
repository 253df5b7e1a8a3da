import { posix, win32 } from "node:path";
import type { Host } from "../../sdk/host.ts";

/**
 * Where Ingot keeps its runs: `$INGOT_STATE_DIR`, else `$XDG_STATE_HOME/ingot`, else `~/.local/state/ingot` (macOS
 * too: Packer's folders follow XDG there as well), on Windows `%LOCALAPPDATA%\ingot\state`. Absolute.
 */
export function stateFolder(host: Host): string {
  const { INGOT_STATE_DIR, XDG_STATE_HOME, LOCALAPPDATA } = host.environment;
  if (INGOT_STATE_DIR) return host.files.resolve(INGOT_STATE_DIR);
  if (host.platform === "win32") {
    return win32.join(LOCALAPPDATA || win32.join(host.home, "AppData", "Local"), "ingot", "state");
  }
  return posix.join(
    XDG_STATE_HOME ? host.files.resolve(XDG_STATE_HOME) : posix.join(host.home, ".local", "state"),
    "ingot",
  );
}
