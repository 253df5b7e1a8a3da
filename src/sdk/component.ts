import type { Type } from "../hcl/values/type.ts";
import type { Value } from "../hcl/values/value.ts";
import type { Config, Fields, PartialConfig, Problems } from "../spec/field.ts";
import type { Artifact, FileRef } from "./artifact.ts";
import type { Communicator } from "./communicator.ts";
import type { Host } from "./host.ts";
import type { Json } from "./json.ts";
import type { Machine } from "./machine.ts";
import type { Owned, OwnedKind, Ownership } from "./owned.ts";

interface Declared<F extends Fields> {
  /** As templates name it: "docker", "shell-local". */
  readonly name: string;
  /** One sentence; the reference and help show it. */
  readonly doc: string;
  readonly fields: F;
  /** Rules across fields. Runs when a template is checked (some values may be unknown: those fields are missing). Must not change anything. */
  check?(config: PartialConfig<F>, problems: Problems, host: Host): void | Promise<void>;
}

export interface Builder<F extends Fields = Fields> extends Declared<F> {
  readonly kind: "builder";
  /** Names of the values it adds to `build.*` and to `{{build …}}`. */
  readonly generates: readonly string[];
  /** The kinds of things it owns while it works. */
  readonly owns: readonly OwnedKind[];
  /** "opaque": it cleans up by itself and the journal does not know what it made (plugins of Packer). */
  readonly ownership: "journaled" | "opaque";
  /** undefined: it made nothing, on purpose (docker's `discard`). */
  run(config: Config<F>, build: Build): Promise<Artifact | undefined>;
  /** What it would make, in a few words for `ingot plan`: "the file out.txt". undefined where that is not known yet. */
  makes?(config: PartialConfig<F>): string | undefined;
  /** What this machine has and lacks for it, for `ingot doctor`. Changes nothing. */
  readiness?(host: Host, signal: AbortSignal): Promise<readonly Readiness[]>;
}

export interface Readiness {
  /** "Docker engine". */
  readonly what: string;
  /** "limited": it builds, but not all that it could. */
  readonly state: "ready" | "limited" | "missing";
  /** What answered: "20.10.24 at unix:///var/run/docker.sock". */
  readonly detail: string;
  /** How to get what is missing. */
  readonly hint?: string;
}

export interface Provisioner<F extends Fields = Fields> extends Declared<F> {
  readonly kind: "provisioner";
  readonly owns?: readonly OwnedKind[];
  run(config: Config<F>, provisioning: Provisioning): Promise<void>;
  /** The files of this machine that it reads. Without it, its work is never taken from a cache. */
  inputs?(config: Config<F>, host: Host): Promise<readonly FileRef[]>;
}

export interface PostProcessor<F extends Fields = Fields> extends Declared<F> {
  readonly kind: "post-processor";
  readonly owns?: readonly OwnedKind[];
  run(config: Config<F>, input: Artifact, processing: PostProcessing): Promise<PostProcessed>;
}

export interface PostProcessed {
  /** undefined ends the chain. */
  readonly artifact: Artifact | undefined;
  /** Whether the input is kept when the template does not say (`keep_input_artifact`). */
  readonly keepInput: boolean;
  /** The input is kept even where the template says false: the result is (or needs) the input. */
  readonly mustKeepInput: boolean;
}

export interface DataSource<F extends Fields = Fields> extends Declared<F> {
  readonly kind: "data-source";
  /** Of the value that it yields: known before it runs. */
  readonly output: Type;
  read(config: Config<F>, reading: Reading): Promise<Value>;
}

/** What every component at work can do. */
export interface Work {
  readonly host: Host;
  /** Aborts when the build is cancelled, or its time limit is reached. */
  readonly signal: AbortSignal;
  /** A line for people. May hold several lines. */
  say(text: string): void;
  /** A line about something wrong that does not end the work. */
  warn(text: string): void;
  /** Output of a command, as it comes: chunks are cut into lines by the engine, one stream each. */
  output(stream: "stdout" | "stderr", chunk: Uint8Array | string): void;
  /** Starts a transfer that people may want to watch. `total` in bytes, if known. */
  progress(title: string, total?: number): Progress;
  /** Secrets that come up while it works (a generated password). Masked from here on, in every output. */
  secret(text: string): void;
}

export interface Progress {
  /** `current` in bytes since the start. */
  update(current: number, total?: number): void;
  done(): void;
}

export interface Reading extends Work {}

/** Facts about the build that several kinds of component use. */
export interface BuildFacts {
  /** Full name as shown: "web.docker.base". */
  readonly name: string;
  /** The source's name as declared, not what a build calls it; `{{build_name}}`, PACKER_BUILD_NAME. */
  readonly sourceName: string;
  /** The builder's name: "docker". */
  readonly builderType: string;
  /** UUID of the run; PACKER_RUN_UUID. */
  readonly runId: string;
  /** Folder of the template, as `path.root`. */
  readonly templateFolder: string;
  readonly force: boolean;
  readonly debug: boolean;
}

export interface Build extends Work {
  readonly facts: BuildFacts;
  /** The rest of this run's life is in this folder; removed at its end. Absolute. Owned by the journal. */
  runFolder(): Promise<string>;
  /**
   * One step of the recipe. `id` is stable (kebab-case, unique in the builder); `title` is for people. What it owns is
   * undone when the build ends, newest first. `-debug` pauses before it; `-on-error=ask` can run it again: what the
   * failed attempt owned is undone first.
   */
  step<T>(id: string, title: string, work: (step: Step) => Promise<T>): Promise<T>;
  /** Runs the provisioners of the template on the machine, and the error-cleanup one if they fail. */
  provision(machine: Machine): Promise<Machine>;
  readonly interaction: Interaction;
}

export interface Step extends Work {
  /** Journals the ownership and makes it durable, *before* the thing is made. Throws a Failure when it cannot. */
  own(owned: Owned): Promise<Ownership>;
}

/** Renders the options that are declared `templating: "later"`. */
export interface LaterTemplates {
  /**
   * Packer's template functions work in it, and the data of the machine and `data` (which wins) as {{.Name}}.
   * Throws a Failure for a faulty text.
   */
  render?(text: string, data: Readonly<Record<string, string>>): string;
}

export interface Provisioning extends Work, LaterTemplates {
  readonly facts: BuildFacts;
  readonly communicator: Communicator;
  readonly machine: MachineFactsForTemplates;
  /** Anew, after a reboot or a lost connection. The old communicator is closed. */
  reconnect(): Promise<Communicator>;
  own(owned: Owned): Promise<Ownership>;
  readonly interaction: Interaction;
}

export interface PostProcessing extends Work, LaterTemplates {
  readonly facts: BuildFacts;
  /** `build.*` of the machine that was built, for templates in options. */
  readonly machine: MachineFactsForTemplates;
  own(owned: Owned): Promise<Ownership>;
}

/** `build.*` and `{{build "…"}}` at run time. */
export type MachineFactsForTemplates = Readonly<Record<string, Json | undefined>>;

/** The one way to a person. Where there is none (no terminal), `available` is false and both throw a Failure. */
export interface Interaction {
  readonly available: boolean;
  /** Shows a message and waits for Enter. */
  pause(message: string, signal: AbortSignal): Promise<void>;
  /** One of the choices, by its key. */
  choose(question: string, choices: readonly { key: string; text: string }[], signal: AbortSignal): Promise<string>;
}

export type Component = Builder | Provisioner | PostProcessor | DataSource;

// `Fields` is contravariant in `check` and `run`, so a component of special fields is no `Component` to the compiler.
// These keep full inference where it is written and forget it where it is listed.
export function defineBuilder<F extends Fields>(builder: Omit<Builder<F>, "kind">): Builder {
  return { kind: "builder", ...builder } as unknown as Builder;
}

export function defineProvisioner<F extends Fields>(provisioner: Omit<Provisioner<F>, "kind">): Provisioner {
  return { kind: "provisioner", ...provisioner } as unknown as Provisioner;
}

export function definePostProcessor<F extends Fields>(postProcessor: Omit<PostProcessor<F>, "kind">): PostProcessor {
  return { kind: "post-processor", ...postProcessor } as unknown as PostProcessor;
}

export function defineDataSource<F extends Fields>(dataSource: Omit<DataSource<F>, "kind">): DataSource {
  return { kind: "data-source", ...dataSource } as unknown as DataSource;
}

/** All components that a run can use, loaded when first used. */
export interface Catalogue {
  readonly builders: Readonly<Record<string, Loader<Builder>>>;
  readonly provisioners: Readonly<Record<string, Loader<Provisioner>>>;
  readonly postProcessors: Readonly<Record<string, Loader<PostProcessor>>>;
  readonly dataSources: Readonly<Record<string, Loader<DataSource>>>;
  /** By `OwnedKind.kind`: who can end what a journal lists. */
  readonly ownedKinds: Readonly<Record<string, Loader<OwnedKind>>>;
}

export type Loader<T> = () => Promise<T>;
