import type { Communicator } from "./communicator.ts";
import type { Json } from "./json.ts";

/** A machine that provisioners work on. */
export interface Machine {
  connect(signal: AbortSignal): Promise<Communicator>;
  /** What another process needs to find it again. No secrets. */
  record(): Json;
  /** What templates see as `build.*` and post-processors as generated data. Secret entries are masked everywhere. */
  readonly facts: MachineFacts;
  /** Stores the machine's state under `key`; where missing, the machine cannot be checkpointed. */
  checkpoint?(key: string, signal: AbortSignal): Promise<Json>;
}

export interface MachineFacts {
  readonly ID: string;
  readonly Host?: string;
  readonly Port?: number;
  readonly User?: string;
  readonly Password?: string;
  readonly ConnType: string;
  readonly SSHPublicKey?: string;
  readonly SSHPrivateKey?: string;
  readonly SSHPrivateKeyFile?: string;
  readonly SSHAgentAuth?: boolean;
  readonly WinRMPassword?: string;
  readonly PackerHTTPIP?: string;
  readonly PackerHTTPPort?: string;
  readonly PackerHTTPAddr?: string;
  /** Values that this builder declares (`Builder.generates`). */
  readonly [name: string]: Json | undefined;
}
