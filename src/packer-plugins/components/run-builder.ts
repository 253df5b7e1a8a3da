import type { Artifact } from "../../sdk/artifact.ts";
import type { Build } from "../../sdk/component.ts";
import type { Json } from "../../sdk/json.ts";
import type { Machine, MachineFacts } from "../../sdk/machine.ts";
import { noneCommunicator } from "../../sdk/none-communicator.ts";
import type { Broker } from "../rpc/broker.ts";
import type { Wire } from "../rpc/message-pack.ts";
import { countOfWire, isMap, mapOfWire, textOfWire } from "../rpc/read-wire.ts";
import { RpcClient } from "../rpc/rpc-client.ts";
import type { Handler } from "../rpc/rpc-server.ts";
import { offerServices } from "../serving/offer-services.ts";
import { jsonOfWire, readRemoteArtifact } from "../serving/remote-artifact.ts";
import { remoteCommunicator } from "../serving/remote-communicator.ts";
import { type Ask, serveUi } from "../serving/serve-ui.ts";
import { callCancellably } from "./call-cancellably.ts";
import type { ComponentProcess } from "./component-process.ts";

/**
 * Lets a prepared builder of a plugin work; when it has its machine, our provisioners run on that. undefined: it made
 * nothing. The process must live as long as the artifact may be destroyed.
 */
export async function runPluginBuilder(
  process: ComponentProcess,
  build: Pick<Build, "say" | "warn" | "progress" | "signal" | "provision">,
  ask: Ask,
): Promise<Artifact | undefined> {
  const { broker } = process.connection;
  const handlers = new Map<string, Handler>();
  // Only the text of an error comes back through the plugin: what truly happened is kept.
  let provisioning: { readonly error: unknown } | undefined;
  serveUi(handlers, build, ask);
  handlers.set("Hook.Run", async (argument, signal) => {
    const { Name, Data, StreamId } = mapOfWire(argument);
    // The error-cleanup provisioner is run by whoever runs the provisioners, when they fail.
    if (textOfWire(Name) !== "packer_provision") return null;
    const client = new RpcClient(await broker.dial(countOfWire(StreamId), signal));
    try {
      await build.provision(machineOf(client, broker, Data));
    } catch (error) {
      provisioning = { error };
      throw error;
    } finally {
      client.close();
    }
    return null;
  });
  handlers.set("Hook.Cancel", () => null); // What cancelled the builder has cancelled the provisioners, too.

  const services = offerServices(broker, handlers);
  let id: number;
  try {
    id = countOfWire(await callCancellably(process, "Run", services.id, services, build.signal));
  } catch (error) {
    build.signal.throwIfAborted();
    throw provisioning ? provisioning.error : error;
  }
  return id === 0 ? undefined : await readRemoteArtifact(broker, id, build.signal);
}

function machineOf(client: RpcClient, broker: Broker, data: Wire | undefined): Machine {
  const facts: Record<string, Json> = {};
  if (isMap(data)) for (const [name, value] of Object.entries(data)) facts[name] = jsonOfWire(value);
  const connection = textOfWire(mapOfWire(data).ConnType);
  const all: MachineFacts = { ...facts, ID: String(facts.ID ?? ""), ConnType: connection };
  return {
    facts: all,
    record: () => null,
    connect: async () =>
      connection === "none"
        ? noneCommunicator()
        : remoteCommunicator(client, broker, connection === "winrm" ? "windows" : "posix"),
  };
}
