import { execFile, execFileSync } from "node:child_process";

/** The real Packer on this machine, or undefined where there is none of a version that knows the old JSON format well. */
export const packer: { readonly version: string } | undefined = findPacker();

/** For titles of tests that need it. */
export const WITHOUT_PACKER = "skipped: no packer on PATH";

export interface PackerRun {
  readonly code: number;
  /** Without colours. */
  readonly stdout: string;
}

/** Runs Packer in a folder. Nothing of it goes to the network. */
export function runPacker(
  argv: readonly string[],
  cwd: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<PackerRun> {
  const env = { ...process.env, CHECKPOINT_DISABLE: "1", PACKER_NO_COLOR: "1", PACKER_LOG: "", ...environment };
  return new Promise((resolve) => {
    execFile("packer", argv, { cwd, env, timeout: 60_000 }, (error, stdout) => {
      const code = error ? (typeof error.code === "number" ? error.code : 1) : 0;
      resolve({ code, stdout: stdout.replaceAll(/\u001b\[[\d;]*m/g, "") });
    });
  });
}

function findPacker(): { version: string } | undefined {
  try {
    const env = { ...process.env, CHECKPOINT_DISABLE: "1" };
    const version = /Packer v?([\d.]+)/.exec(execFileSync("packer", ["version"], { env, encoding: "utf8" }))?.[1];
    return version === undefined ? undefined : { version };
  } catch {
    return undefined;
  }
}
