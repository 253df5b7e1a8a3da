import { Failure } from "../../../sdk/failure.ts";
import type { Owned } from "../../../sdk/owned.ts";
import { clientArguments, type Endpoint } from "../engine/endpoint.ts";

/** The engine that an owned thing is on, as it was journaled. */
export function endpointIn(owned: Owned): Endpoint {
  const endpoint = memberOf(owned.data, "endpoint");
  if (!isEndpoint(endpoint)) {
    throw new Failure(`The record of ${owned.kind} ${owned.id} does not say on which Docker engine it is`);
  }
  return endpoint;
}

/** A text that was journaled with it; undefined: none. */
export function textIn(owned: Owned, name: string): string | undefined {
  const value = memberOf(owned.data, name);
  return typeof value === "string" ? value : undefined;
}

/** The docker command, with what makes it talk to that engine. */
export function dockerCommand(owned: Owned): string {
  const endpoint = endpointIn(owned);
  if (endpoint.from === "the default") return "docker";
  return ["docker", ...clientArguments(endpoint).map(quoted)].join(" ");
}

function quoted(argument: string): string {
  return /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
}

function isEndpoint(value: unknown): value is Endpoint {
  return typeof memberOf(value, "address") === "string" && typeof memberOf(value, "from") === "string";
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
