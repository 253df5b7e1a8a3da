import { Failure } from "../../../sdk/failure.ts";

/** How far a connection came: the layer that said no. */
export type Layer =
  | "name"
  | "route"
  | "TCP"
  | "proxy"
  | "bastion"
  | "banner"
  | "key exchange"
  | "host key"
  | "authentication"
  | "shell";

/** Why one attempt to connect did not work. `permanent`: another one cannot work either. */
export class SshFault extends Failure {
  readonly layer: Layer;

  constructor(
    layer: Layer,
    message: string,
    options: { cause?: unknown; hint?: string | undefined; permanent?: boolean } = {},
  ) {
    super(message, options);
    this.name = "SshFault";
    this.layer = layer;
  }
}

/** What the system answered to a TCP connection. */
export function tcpFault(error: unknown, where: string): SshFault {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const [layer, answer] = ANSWERS[code] ?? ["TCP", error instanceof Error ? error.message : String(error)];
  return new SshFault(layer, `${where} ${answer}`, { cause: error });
}

const ANSWERS: Readonly<Record<string, readonly [Layer, string]>> = {
  ENOTFOUND: ["name", "cannot be found: its name is not known"],
  EAI_AGAIN: ["name", "cannot be found: the name server does not answer"],
  EHOSTUNREACH: ["route", "cannot be reached: no answer to its address (no route to the host)"],
  ENETUNREACH: ["route", "cannot be reached: there is no route to its network"],
  EADDRNOTAVAIL: ["route", "cannot be reached: this machine has no address for it"],
  ECONNREFUSED: ["TCP", "refuses connections: nothing listens on that port"],
  ECONNRESET: ["TCP", "reset the connection"],
  ETIMEDOUT: ["TCP", "does not answer: the connection timed out"],
};
