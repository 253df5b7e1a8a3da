import { Failure } from "../../sdk/failure.ts";
import type { Host } from "../../sdk/host.ts";
import type { PluginCommand } from "../process/plugin-process.ts";
import type { Wire } from "../rpc/message-pack.ts";
import { connectPlugin, type PluginConnection } from "../rpc/plugin-connection.ts";
import { isMap, mapOfWire, textOfWire, textsOfWire } from "../rpc/read-wire.ts";
import { readGobSpec } from "../specs/read-gob-spec.ts";
import { readProtobufSpec } from "../specs/read-protobuf-spec.ts";
import type { ObjectSpec } from "../specs/spec.ts";

export type PluginKind = "builder" | "provisioner" | "post-processor" | "datasource";

/** One component of a plugin, and how its process is started. */
export interface PluginComponent {
  readonly kind: PluginKind;
  /** Specs travel as protobuf: the process was started with `--protobuf`. */
  readonly protobuf: boolean;
  readonly command: PluginCommand;
}

/** Milliseconds for what a plugin does without touching the world: telling its options, checking a configuration. */
const SPEC_LIMIT = 60_000;

/** A component of a plugin in a process of its own: what all kinds have in common. */
export class ComponentProcess {
  readonly connection: PluginConnection;
  readonly #component: PluginComponent;

  private constructor(component: PluginComponent, connection: PluginConnection) {
    this.#component = component;
    this.connection = connection;
  }

  static async start(host: Host, component: PluginComponent, signal: AbortSignal): Promise<ComponentProcess> {
    return new ComponentProcess(component, await connectPlugin(host, component.command, signal));
  }

  /** "Builder", as its methods are called. */
  get service(): string {
    return SERVICE[this.#component.kind];
  }

  get label(): string {
    return this.#component.command.label;
  }

  async call(method: string, argument: Wire, signal: AbortSignal): Promise<Wire> {
    return await this.connection.call(`${this.service}.${method}`, argument, signal);
  }

  /** Specs, and what a data source yields, travel as protobuf and MessagePack; else as gob. */
  get protobuf(): boolean {
    return this.#component.protobuf;
  }

  /** What it can be configured with. */
  async spec(signal: AbortSignal): Promise<ObjectSpec> {
    return await this.#readSpec("ConfigSpec", signal);
  }

  /** What a data source yields. */
  async outputSpec(signal: AbortSignal): Promise<ObjectSpec> {
    return await this.#readSpec("OutputSpec", signal);
  }

  async #readSpec(method: "ConfigSpec" | "OutputSpec", signal: AbortSignal): Promise<ObjectSpec> {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(SPEC_LIMIT)]);
    const bytes = mapOfWire(await this.call(method, null, limit))[method];
    try {
      if (!(bytes instanceof Uint8Array)) throw new Error("there are no bytes in the answer");
      return this.protobuf ? readProtobufSpec(bytes) : readGobSpec(bytes);
    } catch (error) {
      throw new Failure(`The options of ${this.label} cannot be understood`, { cause: error });
    }
  }

  /**
   * Gives it its configuration, and lets it check that; may be done again with other values. Texts are warnings of its.
   * Throws a Failure with what is wrong with the configuration.
   */
  async prepare(configs: readonly Wire[], signal: AbortSignal): Promise<Prepared> {
    const { kind } = this.#component;
    const method = kind === "builder" || kind === "provisioner" ? "Prepare" : "Configure";
    const reply = await this.call(method, { Configs: configs }, signal);
    if (!isMap(reply)) return { warnings: [], generates: [] };
    const fault = remoteError(reply.Error);
    if (fault !== undefined) throw new Failure(fault);
    return { warnings: textsOfWire(reply.Warnings), generates: textsOfWire(reply.GeneratedVars) };
  }

  async close(): Promise<void> {
    await this.connection.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

export interface Prepared {
  readonly warnings: readonly string[];
  /** Names of values that a builder adds to `build.*`. */
  readonly generates: readonly string[];
}

const SERVICE = {
  builder: "Builder",
  provisioner: "Provisioner",
  "post-processor": "PostProcessor",
  datasource: "Datasource",
} as const satisfies Record<PluginKind, string>;

/** An error that travels as a field of a reply; undefined: none. */
export function remoteError(wire: Wire | undefined): string | undefined {
  return isMap(wire) ? textOfWire(wire.Message) || "it failed, and did not say why" : undefined;
}
