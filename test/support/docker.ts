import { execFileSync, spawnSync } from "node:child_process";
import { resolve } from "node:path";

/** Why tests against a Docker engine cannot run here; undefined: they can. */
export const noDocker: string | undefined = whyNot();

/** A Debian image that the engine holds. */
export function baseImage(): string {
  return execFileSync(resolve(import.meta.dirname, "../../scripts/base-image.sh"), {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  }).trim();
}

export function docker(...argv: string[]): string {
  return execFileSync("docker", argv, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }).trim();
}

/** Everything an engine holds: to compare before and after. */
export function inventory(): string[] {
  return [
    ...lines("ps", "-a", "--no-trunc", "--format", "container {{.Names}} {{.ID}}"),
    ...lines("images", "-a", "--no-trunc", "--format", "image {{.Repository}}:{{.Tag}} {{.ID}} {{.Size}}"),
    ...lines("volume", "ls", "--format", "volume {{.Name}}"),
    ...lines("network", "ls", "--no-trunc", "--format", "network {{.Name}}"),
  ].sort();
}

function lines(...argv: string[]): string[] {
  return docker(...argv)
    .split("\n")
    .filter((line) => line !== "");
}

function whyNot(): string | undefined {
  const { status, error } = spawnSync("docker", ["version", "--format", "{{.Server.Version}}"], { stdio: "ignore" });
  if (error) return "there is no docker client";
  return status === 0 ? undefined : "no Docker engine answers";
}
