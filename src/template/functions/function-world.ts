import type { HclFunction } from "../../hcl/evaluation/scope.ts";

/** What functions that are more than arithmetic need of the machine. Functions answer at once, so files are read at once. */
export interface FunctionWorld {
  /** Absolute. `abspath` and `filebase64` take relative paths against it. */
  readonly cwd: string;
  /** Absolute. The other functions on files take relative paths against it. */
  readonly templateFolder: string;
  /** What `~` stands for. */
  readonly home: string;
  readonly files: FunctionFiles;
  /** When the run started: `legacy_isotime` and the like give the same moment throughout. */
  readonly startTime: Date;
  now(): Date;
  /** All functions that a file of `templatefile` can call. */
  functions(): ReadonlyMap<string, HclFunction>;
}

/** Files, by absolute paths. Each throws an error of Node with a `code` for what the system refuses. */
export interface FunctionFiles {
  read(path: string): Uint8Array;
  /** Follows links. undefined: there is nothing. */
  kind(path: string): "file" | "folder" | "other" | undefined;
  /** The names in a folder. */
  list(path: string): readonly string[];
}
