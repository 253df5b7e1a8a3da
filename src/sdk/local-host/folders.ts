import { homedir } from "node:os";
import { join, resolve } from "node:path";

type Environment = Readonly<Record<string, string | undefined>>;

/** `$HOME` (`%USERPROFILE%`), else what the system knows of the user. */
export function homeFolder(environment: Environment): string {
  return set(process.platform === "win32" ? environment.USERPROFILE : environment.HOME) ?? homedir();
}

/** `$TMPDIR` (`%TEMP%`, `%TMP%`), else the system's. */
export function temporaryFolder(environment: Environment, cwd: string): string {
  const { TMPDIR, TEMP, TMP } = environment;
  if (process.platform !== "win32") return resolve(cwd, set(TMPDIR) ?? "/tmp");
  const system = join(set(environment.SystemRoot) ?? "C:\\Windows", "Temp");
  return resolve(cwd, set(TMPDIR) ?? set(TEMP) ?? set(TMP) ?? system);
}

/** Packer's own rule, so that both share what they downloaded. */
export function cacheFolder(environment: Environment, cwd: string): string {
  const own = set(environment.PACKER_CACHE_DIR);
  if (own !== undefined) return resolve(cwd, own);
  if (process.platform === "win32") return resolve(cwd, "packer_cache");
  const cache = set(environment.XDG_CACHE_HOME) ?? join(homeFolder(environment), ".cache");
  return resolve(cwd, cache, "packer");
}

/** An empty variable counts as none. */
function set(value: string | undefined): string | undefined {
  return value === "" ? undefined : value;
}
