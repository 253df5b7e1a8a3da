import { execFileSync } from "node:child_process";
import { homedir } from "node:os";
import { join } from "node:path";

/** The program of this version of Packer, or undefined where this machine has none. */
export function findPacker(version: string): string | undefined {
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache");
  const places = ["packer", join(cache, "ingot-test", `packer-${version}`, "packer")];
  return places.find((program) => versionOf(program) === version);
}

function versionOf(program: string): string | undefined {
  try {
    const environment = { ...process.env, CHECKPOINT_DISABLE: "1", PACKER_LOG: "" };
    const said = execFileSync(program, ["version"], { env: environment, encoding: "utf8", timeout: 20_000 });
    return /Packer v([\d.]+)/.exec(said)?.[1];
  } catch {
    return undefined;
  }
}
