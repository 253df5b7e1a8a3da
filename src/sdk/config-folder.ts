import { posix, win32 } from "node:path";
import type { Host } from "./host.ts";

/**
 * Where Packer keeps its plugins and settings: `$PACKER_CONFIG_DIR/.packer.d`, else `~/.packer.d` where that exists,
 * else `$XDG_CONFIG_HOME/packer` or `~/.config/packer`. On Windows `packer.d` in `%PACKER_CONFIG_DIR%` or `%APPDATA%`.
 */
export async function configFolder(host: Host): Promise<string> {
  const { PACKER_CONFIG_DIR, APPDATA, XDG_CONFIG_HOME } = host.environment;
  if (host.platform === "win32") return win32.join(PACKER_CONFIG_DIR || APPDATA || host.home, "packer.d");
  if (PACKER_CONFIG_DIR) return host.files.resolve(PACKER_CONFIG_DIR, ".packer.d");
  const old = posix.join(host.home, ".packer.d");
  if (await host.files.exists(old)) return old;
  return host.files.resolve(XDG_CONFIG_HOME || posix.join(host.home, ".config"), "packer");
}
