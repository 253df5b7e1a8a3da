import type { Artifact } from "../../sdk/artifact.ts";
import type { PostProcessed, PostProcessing } from "../../sdk/component.ts";
import { Failure } from "../../sdk/failure.ts";
import { countOfWire, mapOfWire } from "../rpc/read-wire.ts";
import type { Handler } from "../rpc/rpc-server.ts";
import { offerServices } from "../serving/offer-services.ts";
import { readRemoteArtifact } from "../serving/remote-artifact.ts";
import { serveArtifact } from "../serving/serve-artifact.ts";
import { type Ask, serveUi } from "../serving/serve-ui.ts";
import { callCancellably } from "./call-cancellably.ts";
import { type ComponentProcess, remoteError } from "./component-process.ts";

/**
 * Lets a configured post-processor of a plugin work on an artifact, whose files are `files` on this machine. The
 * process must live as long as the result may be destroyed.
 */
export async function runPluginPostProcessor(
  process: ComponentProcess,
  input: Artifact,
  files: readonly string[],
  processing: Pick<PostProcessing, "host" | "say" | "warn" | "progress" | "signal">,
  ask: Ask,
): Promise<PostProcessed> {
  const { host, signal } = processing;
  const { broker } = process.connection;
  const handlers = new Map<string, Handler>();
  serveUi(handlers, processing, ask);
  serveArtifact(handlers, input, files, host);
  const services = offerServices(broker, handlers);
  const reply = mapOfWire(await callCancellably(process, "PostProcess", services.id, services, signal));
  const fault = remoteError(reply.Err);
  if (fault !== undefined) throw new Failure(fault);
  const id = countOfWire(reply.StreamId);
  return {
    artifact: id === 0 ? undefined : await readRemoteArtifact(broker, id, signal),
    keepInput: reply.Keep === true,
    mustKeepInput: reply.Keep === true && reply.ForceOverride === true,
  };
}
