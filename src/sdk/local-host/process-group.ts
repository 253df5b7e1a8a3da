import { type ChildProcess, spawn } from "node:child_process";

/** How a child must be started so that `endGroup` reaches all that it starts. */
export const inOwnGroup = process.platform === "win32" ? { detached: false } : { detached: true };

/**
 * Tells the child and its descendants to end ("SIGTERM"), or ends them ("SIGKILL"). Does not throw.
 * Windows knows no polite way to end a console program: there both end the tree at once.
 */
export function endGroup(child: ChildProcess, signal: "SIGTERM" | "SIGKILL"): void {
  if (child.pid === undefined) return;
  if (process.platform === "win32") {
    spawn("taskkill", ["/pid", String(child.pid), "/T", "/F"], { stdio: "ignore", windowsHide: true }).on("error", () =>
      child.kill("SIGKILL"),
    );
    return;
  }
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The whole group is gone already.
  }
}
