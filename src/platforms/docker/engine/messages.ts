import type { IncomingMessage } from "node:http";
import { Failure } from "../../../sdk/failure.ts";
import type { DockerEngine } from "./engine.ts";
import { EngineLost, EngineRefused } from "./engine-failure.ts";
import { type EngineRequest, isAborted } from "./exchange.ts";

/** One line of the stream that pull, push, build, load and import answer with. */
export interface EngineMessage {
  readonly id?: string;
  readonly status?: string;
  readonly stream?: string;
  readonly progressDetail?: { readonly current?: number; readonly total?: number };
  /** Text, base64, in BuildKit's traces. */
  readonly aux?: string | { readonly ID?: string; readonly Tag?: string; readonly Digest?: string };
  readonly error?: string;
  readonly errorDetail?: { readonly code?: number; readonly message?: string };
}

/** The messages of a long request as they come. An error among them is thrown: the status was sent before it was known. */
export async function* messagesOf(
  engine: DockerEngine,
  request: EngineRequest,
  signal: AbortSignal,
): AsyncGenerator<EngineMessage> {
  const answer = await engine.send(request, signal);
  for await (const line of linesOf(engine, request.what, answer)) {
    const message = parse(request.what, line);
    if (message.error !== undefined || message.errorDetail !== undefined) {
      const text = message.errorDetail?.message ?? message.error ?? "no reason given";
      throw new EngineRefused(request.what, message.errorDetail?.code ?? 500, text);
    }
    yield message;
  }
}

/** The JSON values of a stream, one text each. They are divided by line ends, which some engines leave out between two. */
export async function* linesOf(engine: DockerEngine, what: string, answer: IncomingMessage): AsyncGenerator<string> {
  let rest = "";
  answer.setEncoding("utf8");
  try {
    for await (const chunk of answer) {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) if (line.trim() !== "") yield line;
    }
  } catch (cause) {
    throw isAborted(cause) || cause instanceof Failure ? cause : new EngineLost(what, engine.endpoint, cause);
  }
  if (rest.trim() !== "") yield rest;
}

function parse(what: string, line: string): EngineMessage {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new Failure(`${what}: the Docker engine sent a line that is no JSON`, { cause });
  }
}
