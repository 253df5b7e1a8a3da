import type { Provisioning } from "../../sdk/component.ts";
import type { Wire } from "../rpc/message-pack.ts";
import type { Handler } from "../rpc/rpc-server.ts";
import { offerServices } from "../serving/offer-services.ts";
import { serveCommunicator } from "../serving/serve-communicator.ts";
import { type Ask, serveUi } from "../serving/serve-ui.ts";
import { callCancellably } from "./call-cancellably.ts";
import type { ComponentProcess } from "./component-process.ts";

/** Lets a prepared provisioner of a plugin work on the machine. */
export async function runPluginProvisioner(
  process: ComponentProcess,
  provisioning: Pick<Provisioning, "communicator" | "machine" | "say" | "warn" | "progress" | "signal">,
  ask: Ask,
): Promise<void> {
  const { communicator, machine, signal } = provisioning;
  const { broker } = process.connection;
  const handlers = new Map<string, Handler>();
  const over = new AbortController();
  serveUi(handlers, provisioning, ask);
  serveCommunicator(handlers, communicator, broker, over.signal);
  const services = offerServices(broker, handlers);
  const data: Record<string, Wire> = {};
  for (const [name, value] of Object.entries(machine)) if (value !== undefined) data[name] = value;
  try {
    await callCancellably(process, "Provision", { GeneratedData: data, StreamID: services.id }, services, signal);
  } finally {
    over.abort(new Error("the provisioner has ended"));
  }
}
