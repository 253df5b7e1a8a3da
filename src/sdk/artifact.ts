import type { Value } from "../hcl/values/value.ts";
import type { Host } from "./host.ts";
import type { Json } from "./json.ts";

/** What a builder or post-processor made. */
export interface Artifact {
  /** Names the kind of artifact; post-processors look at it ("packer.docker", "packer.file"). */
  readonly builderId: string;
  readonly id: string;
  /** For people and `-machine-readable`: "Stored file: out.txt". */
  readonly description: string;
  readonly files: readonly FileRef[];
  /** By name what others may ask for, "generated_data" above all. */
  readonly state: Readonly<Record<string, Json>>;
  /** What later builds of the same run may refer to; absent: nothing. */
  readonly outputs?: Value;
  /** Removes it. Called only where the keep rules say so, and by `-force`. */
  destroy(host: Host, signal: AbortSignal): Promise<void>;
}

export interface FileRef {
  readonly path: string;
  readonly root: "template" | "cwd" | "run" | "cache";
  /** "sha256:…" where it was computed anyway. */
  readonly digest?: string;
}
